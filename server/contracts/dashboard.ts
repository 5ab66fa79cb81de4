import { z } from 'zod';
import { goalSchema } from './reflections.ts';
import { challengeSchema, supportRequestSchema } from './rights.ts';
import { studentViewSchema } from './student-view.ts';

export const suggestionSchema = z.object({
  id: z.string(),
  kind: z.enum(['resource', 'service', 'habit']),
  text: z.string(),
  /** Why it is offered now. */
  because: z.string(),
  url: z.string().optional(),
});
export type Suggestion = z.infer<typeof suggestionSchema>;

export const suggestionChoiceSchema = z.strictObject({ id: z.string().min(1).max(200), isDismissed: z.boolean() });
export const comparisonChoiceSchema = z.strictObject({ showsMiddleRange: z.boolean() });

export const dashboardReplySchema = z.object({
  view: studentViewSchema,
  /** The ISO week that a goal is for now. */
  week: z.string(),
  goal: goalSchema.optional(),
  /** Last week's goal, to be looked back on. */
  lastGoal: goalSchema.optional(),
  /** What the student asked for or said is not right, and is on its way or was answered lately. */
  asked: z.object({ requests: z.array(supportRequestSchema), challenges: z.array(challengeSchema) }),
  prompt: z.string(),
  suggestions: z.array(suggestionSchema),
  /** Whether the student has switched the comparison with the course on. */
  showsMiddleRange: z.boolean(),
  /** Whether the student has opted out of contact because of analytics: then staff see neither figures nor flags. */
  hasOptedOut: z.boolean(),
});
export type DashboardReply = z.infer<typeof dashboardReplySchema>;

/** The middle half of the course, week by week, for a student who has asked to see it. Never a rank. */
export const middleRangeReplySchema = z.object({
  /** Absent where there are too few other people to compare with. */
  weeks: z.array(z.object({ week: z.string(), from: z.number(), to: z.number() })).optional(),
  minimumGroup: z.number(),
});
export type MiddleRangeReply = z.infer<typeof middleRangeReplySchema>;
