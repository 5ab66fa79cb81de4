import { z } from 'zod';

/** How evenly flags and contacts fall on groups of students, without names. A group too small to show has no figures. */

const rateSchema = z.object({ estimate: z.number(), low: z.number(), high: z.number() });

const fairnessGroupSchema = z.object({
  group: z.string(),
  people: z.number().optional(),
  flagged: rateSchema.optional(),
  contacted: rateSchema.optional(),
  standsOut: z.boolean(),
});
export type ShownFairnessGroup = z.infer<typeof fairnessGroupSchema>;

const fairnessReportSchema = z.object({
  courses: z.number(),
  dimensions: z.array(z.object({ by: z.string(), groups: z.array(fairnessGroupSchema) })),
});
export type ShownFairnessReport = z.infer<typeof fairnessReportSchema>;

export const fairnessSchema = z.object({
  /** The reader's own course; absent for a lead, who looks over all of them. */
  course: fairnessReportSchema.optional(),
  /** All courses that the reader teaches, where there are several; for a lead all courses of the platform. */
  together: fairnessReportSchema.optional(),
  /** How many days back a flag counts. */
  days: z.number(),
  smallestGroup: z.number(),
});
export type Fairness = z.infer<typeof fairnessSchema>;
