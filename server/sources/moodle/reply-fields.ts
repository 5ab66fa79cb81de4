import { z } from 'zod';

/** Values that Moodle writes the same way in every reply. */

export const id = z.number().int();
/** Seconds since the epoch; Moodle writes 0 for "never". Becomes milliseconds or undefined. */
export const time = z
  .number()
  .int()
  .nullish()
  .transform((seconds) => (seconds ? seconds * 1000 : undefined));
export const bit = z.union([z.boolean(), z.number(), z.null()]).transform(Boolean);

export const warningsSchema = z
  .array(z.object({ item: z.string().optional(), warningcode: z.coerce.string() }))
  .nullish()
  .transform((warnings) => warnings ?? []);
