import { z } from 'zod';
import { discussionDecisions } from '../domain/vocabulary.ts';
import { idSchema, momentSchema, neededTextSchema, revSchema } from './fields.ts';

export const startDiscussionSchema = z.strictObject({
  personId: idSchema,
  flagId: idSchema.optional(),
  inviteIds: z.array(idSchema).min(1, 'Choose at least one colleague.').max(20),
  considered: neededTextSchema,
});
export type StartDiscussionInput = z.infer<typeof startDiscussionSchema>;

export const replySchema = z.strictObject({ text: neededTextSchema });

export const decideSchema = z.strictObject({
  rev: revSchema,
  decision: z.enum(discussionDecisions, 'Say what you agreed.'),
  because: neededTextSchema,
});
export type DecideInput = z.infer<typeof decideSchema>;

export const shownDiscussionSchema = z.object({
  id: idSchema,
  rev: revSchema,
  personId: idSchema,
  studentName: z.string(),
  flagId: idSchema.optional(),
  startedBy: z.string(),
  startedAt: momentSchema,
  invited: z.array(z.object({ id: idSchema, name: z.string() })),
  considered: z.string(),
  replies: z.array(z.object({ by: z.string(), at: momentSchema, text: z.string() })),
  isOpen: z.boolean(),
  decision: z.enum(discussionDecisions).optional(),
  because: z.string().optional(),
  decidedBy: z.string().optional(),
  decidedAt: momentSchema.optional(),
});
export type ShownDiscussion = z.infer<typeof shownDiscussionSchema>;

export const discussionsSchema = z.object({ me: idSchema, discussions: z.array(shownDiscussionSchema) });
export type Discussions = z.infer<typeof discussionsSchema>;
