import { z } from 'zod';

/** Pieces that several contracts share. Times travel as milliseconds since the epoch, days as `YYYY-MM-DD`. */

export const idSchema = z.string().regex(/^[0-9a-f]{24}$/, 'This is not the id of a record.');
export const revSchema = z.number().int().min(0);
export const momentSchema = z.number().int().min(0).max(8.64e15);
export const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'Give a day.');
/** Free text that a person typed; what is longer is refused with a word, never cut. */
export const longTextSchema = z
  .string()
  .trim()
  .max(8000, 'This is longer than 8,000 characters. Please shorten it; nothing was lost.');
export const neededTextSchema = longTextSchema.min(1, 'Please write something here.');

/** A colleague as a choice in a form. */
export const colleagueSchema = z.object({ id: idSchema, name: z.string() });
