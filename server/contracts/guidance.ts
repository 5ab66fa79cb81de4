import { z } from 'zod';
import { momentSchema } from './fields.ts';

export const routeSchema = z.object({
  name: z.string(),
  description: z.string(),
  url: z.string().optional(),
  phone: z.string().optional(),
});
export type Route = z.infer<typeof routeSchema>;

/** What staff read before the list opens, and the routes that stay one step away wherever a note is written. */
export const guidanceSchema = z.object({
  /** Names the wording; it changes when the wording does. */
  version: z.string(),
  title: z.string(),
  points: z.array(z.string()),
  acknowledgement: z.string(),
  /** Absent until this year's reading is acknowledged: then the list is closed. */
  acknowledgedAt: momentSchema.optional(),
  validUntil: momentSchema.optional(),
  principles: z.array(z.string()),
  sources: z.array(z.object({ title: z.string(), url: z.string().optional() })),
  crisis: z.object({ intro: z.string(), forStaff: z.string(), contacts: z.array(routeSchema) }),
  confidentiality: z.string(),
  roleLimits: z.string(),
  support: routeSchema,
});
export type Guidance = z.infer<typeof guidanceSchema>;

export const acknowledgeSchema = z.strictObject({ version: z.string().min(1).max(40) });
