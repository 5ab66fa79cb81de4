import { z } from 'zod';
import { actionOutcomes, indicatorIds, initiators } from '../domain/vocabulary.ts';
import { shownAlertSchema } from './alerts.ts';
import { colleagueSchema, idSchema, longTextSchema, momentSchema, revSchema } from './fields.ts';

const bodyShape = {
  category: z.string('Choose a category.').min(1, 'Choose a category.').max(60),
  channel: z.string('Choose a channel.').min(1, 'Choose a channel.').max(60),
  initiator: z.enum(initiators, 'Say who began it.'),
  outcome: z.enum(actionOutcomes, 'Say how it stands.'),
  at: momentSchema,
  /** Kept for staff: never on the student's page, but theirs to ask for. */
  summary: longTextSchema.optional(),
  /** What was agreed: the student reads this. */
  steps: longTextSchema.optional(),
};
const followUpShape = { dueAt: momentSchema, ownerId: idSchema.optional() };

/** What a discussion outside Waymark agreed, recorded in one go with the contact that came of it. */
const elsewhereSchema = z.strictObject({
  withWhom: longTextSchema.min(1, 'Say with whom you talked it over.'),
  agreed: longTextSchema.min(1, 'Say what you agreed.'),
});

export const recordActionSchema = z.strictObject({
  personIds: z.array(idSchema).min(1, 'Choose at least one student.').max(500, 'At most 500 students at once.'),
  flagIds: z.array(idSchema).max(1000).default([]),
  ...bodyShape,
  followUp: z.strictObject(followUpShape).optional(),
  discussedElsewhere: elsewhereSchema.optional(),
});

export const correctActionSchema = z.strictObject({ rev: revSchema, ...bodyShape });
export type CorrectActionInput = z.input<typeof correctActionSchema>;

export const followUpChangeSchema = z.strictObject({
  rev: revSchema,
  /** Exactly one of these. */
  done: z.literal(true).optional(),
  handTo: idSchema.optional(),
  moveTo: momentSchema.optional(),
});
export type FollowUpChangeInput = z.infer<typeof followUpChangeSchema>;

const shownBodySchema = z.object({
  category: z.string(),
  channel: z.string(),
  initiator: z.enum(initiators),
  outcome: z.enum(actionOutcomes),
  at: momentSchema,
  summary: z.string().optional(),
  steps: z.string().optional(),
});

export const shownActionSchema = shownBodySchema.extend({
  id: idSchema,
  rev: revSchema,
  personId: idSchema,
  studentName: z.string(),
  byId: idSchema,
  by: z.string(),
  recordedAt: momentSchema,
  flagIds: z.array(idSchema),
  /** What those flags said, in a line each; nothing of a student who has opted out of contact based on analytics. */
  flagTexts: z.array(z.string()),
  isOneOfMany: z.boolean(),
  followUp: z
    .object({
      dueAt: momentSchema,
      ownerId: idSchema,
      owner: z.string(),
      isPending: z.boolean(),
      doneAt: momentSchema.optional(),
      handedOver: z.array(z.object({ from: z.string(), to: z.string(), at: momentSchema })),
    })
    .optional(),
  /** Earlier wordings, the oldest first. */
  earlier: z.array(shownBodySchema.extend({ replacedAt: momentSchema, replacedBy: z.string() })),
});
export type ShownAction = z.infer<typeof shownActionSchema>;

export const recordedSchema = z.object({ actions: z.array(shownActionSchema), flagsMoved: z.number() });
export type Recorded = z.infer<typeof recordedSchema>;

export const logQuerySchema = z.strictObject({
  before: z
    .string()
    .regex(/^\d+-[0-9a-f]{24}$/)
    .optional(),
});
export const logPageSchema = z.object({
  actions: z.array(shownActionSchema),
  /** With the first page: the latest words to home schools, and what was answered. */
  alerts: z.array(shownAlertSchema),
  next: z.string().optional(),
});
export type LogPage = z.infer<typeof logPageSchema>;

export const followUpsSchema = z.object({ now: momentSchema, me: idSchema, actions: z.array(shownActionSchema) });
export type FollowUps = z.infer<typeof followUpsSchema>;

/** What the forms offer, from the policy pack and the course. */
export const caseworkFormsSchema = z.object({
  now: momentSchema,
  me: idSchema,
  colleagues: z.array(colleagueSchema),
  categories: z.array(z.object({ id: z.string(), label: z.string(), description: z.string() })),
  channels: z.array(z.object({ id: z.string(), label: z.string() })),
  /** Beginnings of messages, from the pack. */
  messages: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      kind: z.enum(['support', 'stretch', 'follow-up', 'thanks']),
      /** The indicators that it speaks to: where a flag rests on one of them, it is the first to offer. */
      fits: z.array(z.enum(indicatorIds)),
    }),
  ),
  /** The institution's schools and whom to tell there, for joint programmes; empty where the pack names none. */
  schools: z.array(z.object({ id: z.string(), name: z.string(), contact: z.string(), email: z.string().optional() })),
  mayAddCategories: z.boolean(),
  mustDiscussFirst: z.boolean(),
  aboutDiscussion: z.string(),
  followUpAfterDays: z.number(),
});
export type CaseworkForms = z.infer<typeof caseworkFormsSchema>;
