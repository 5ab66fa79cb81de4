import { z } from 'zod';

/** Figures without names. `undefined` stands where a group is too small to be shown. */

const intervalSchema = z.object({ estimate: z.number(), low: z.number(), high: z.number() });

const comparisonSchema = z.object({
  group: z.string(),
  withAction: z.number().optional(),
  without: z.number().optional(),
  difference: intervalSchema.optional(),
  suppressed: z.enum(['group-too-small', 'nobody-comparable']).optional(),
});
export type ShownComparison = z.infer<typeof comparisonSchema>;

const evaluationSchema = z.object({
  all: comparisonSchema,
  byCategory: z.array(comparisonSchema),
  byChannel: z.array(comparisonSchema),
  byTiming: z.array(comparisonSchema),
});
export type ShownEvaluation = z.infer<typeof evaluationSchema>;

export const helpedSchema = z.object({
  course: evaluationSchema,
  /** Over all courses that the reader teaches, where there are several. */
  together: z.object({ courses: z.number(), evaluation: evaluationSchema }).optional(),
  caution: z.string(),
  smallestGroup: z.number(),
});
export type Helped = z.infer<typeof helpedSchema>;

const overviewRowSchema = z.object({
  /** Of a school: its name; empty for courses whose school the institution has not said. */
  title: z.string(),
  label: z.string().optional(),
  school: z.string().optional(),
  courses: z.number(),
  students: z.number().optional(),
  /** Absent where the course has too few students for figures about them. */
  figures: z
    .object({
      waiting: z.number(),
      medianDaysWaiting: z.number().optional(),
      contactedWithinWeek: z.number().optional(),
      flags: z.number(),
      followUpsDone: z.number().optional(),
      followUpsDue: z.number(),
    })
    .optional(),
  computedAt: z.number().optional(),
});
export type OverviewRow = z.infer<typeof overviewRowSchema>;

export const overviewSchema = z.object({
  courses: z.array(overviewRowSchema),
  schools: z.array(overviewRowSchema),
  smallestGroup: z.number(),
});
export type Overview = z.infer<typeof overviewSchema>;

/** An export for research names who approved it: an ethics committee's reference, or the like. */
export const researchExportSchema = z.strictObject({
  approval: z
    .string()
    .trim()
    .min(5, 'Please give the reference of the approval.')
    .max(200, 'Please give the reference alone, in 200 characters at most.'),
});
