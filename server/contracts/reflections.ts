import { z } from 'zod';
import { goalKinds, goalOutcomes } from '../domain/vocabulary.ts';
import { requiredText, writtenText } from './written-text.ts';

export const goalTextLimit = 300;
export const goalPlanLimit = 1000;
export const reflectionLimit = 8000;

const isoWeekSchema = z.string().regex(/^\d{4}-W\d{2}$/);
/** What the page was showing when it was changed; 0 where nothing had been saved yet. */
const revSchema = z.number().int().min(0);

export const goalRequestSchema = z
  .strictObject({
    week: isoWeekSchema,
    kind: z.enum(goalKinds),
    target: z
      .number({ error: 'Please give a whole number.' })
      .int('Please give a whole number.')
      .min(1, 'One is a good place to start.')
      .max(50, 'Please choose a number up to 50.')
      .optional(),
    text: writtenText(goalTextLimit).optional(),
    plan: writtenText(goalPlanLimit).optional(),
    outcome: z.enum(goalOutcomes).nullable().optional(),
    rev: revSchema,
  })
  .superRefine(({ kind, target, text }, context) => {
    if (kind === 'own-words') {
      if (!text)
        context.addIssue({ code: 'custom', path: ['text'], message: 'Please write your goal in a few words.' });
    } else if (kind !== 'hand-in' && target === undefined) {
      context.addIssue({ code: 'custom', path: ['target'], message: 'Please say how many.' });
    } else if (kind === 'active-days' && target !== undefined && target > 7) {
      context.addIssue({ code: 'custom', path: ['target'], message: 'A week has seven days.' });
    }
  });
export type GoalRequest = z.infer<typeof goalRequestSchema>;

export const goalSchema = z.object({
  id: z.string(),
  week: isoWeekSchema,
  kind: z.enum(goalKinds),
  target: z.number().optional(),
  text: z.string().optional(),
  plan: z.string().optional(),
  outcome: z.enum(goalOutcomes).optional(),
  updatedAt: z.number(),
  rev: revSchema,
});
export type Goal = z.infer<typeof goalSchema>;

export const deleteRequestSchema = z.strictObject({ rev: revSchema });

export const reflectionRequestSchema = z.strictObject({
  text: requiredText(reflectionLimit, 'There is nothing to keep yet. A line is enough.'),
  prompt: writtenText(300).optional(),
  isShared: z.boolean(),
});
export type ReflectionRequest = z.infer<typeof reflectionRequestSchema>;

export const reflectionChangeSchema = reflectionRequestSchema.omit({ prompt: true }).extend({ rev: revSchema });
export type ReflectionChange = z.infer<typeof reflectionChangeSchema>;

export const reflectionSchema = z.object({
  id: z.string(),
  week: isoWeekSchema,
  prompt: z.string().optional(),
  text: z.string(),
  /** Absent while the entry is private. */
  sharedAt: z.number().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  rev: revSchema,
});
export type Reflection = z.infer<typeof reflectionSchema>;

export const journalReplySchema = z.object({
  /** The week that a new goal is for, and a new entry belongs to. */
  week: isoWeekSchema,
  prompt: z.string(),
  goals: z.array(goalSchema),
  entries: z.array(reflectionSchema),
});
export type JournalReply = z.infer<typeof journalReplySchema>;
