import { z } from 'zod';
import { idSchema } from './fields.ts';

export const viewNameSchema = z
  .string()
  .trim()
  .min(1, 'Give the view a name.')
  .max(60, 'A name has at most 60 characters.');

/** Filters of the list as they stand in the address; never a search for a person's name. */
export const filtersSchema = z.strictObject({
  view: z.enum(['support', 'stretch', 'closed']).optional(),
  group: z.string().max(200).optional(),
  reason: z.string().max(60).optional(),
  /** A piece of work, by its id: not seen yet of the student, or not known. */
  notSeen: z.string().max(300).optional(),
  notKnown: z.string().max(300).optional(),
  state: z.string().max(20).optional(),
  waiting: z.string().max(20).optional(),
  mine: z.literal('yes').optional(),
});
export type Filters = z.infer<typeof filtersSchema>;

export const saveViewSchema = z.strictObject({ name: viewNameSchema, filters: filtersSchema });

export const savedViewsSchema = z.object({
  views: z.array(z.object({ id: idSchema, name: z.string(), filters: filtersSchema })),
});
export type SavedViews = z.infer<typeof savedViewsSchema>;
