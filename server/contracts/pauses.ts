import { z } from 'zod';
import { pauseKinds } from '../domain/vocabulary.ts';
import { daySchema } from './fields.ts';

const spanShape = { from: daySchema, to: daySchema };
const isInOrder = ({ from, to }: { from: string; to: string }) => from <= to;
const order = { path: ['to'], message: 'The last day comes before the first.' };

/** Why weeks do not count for one student: a kind and two days, and no room for the circumstance itself. */
export const pauseSchema = z
  .strictObject({ ...spanShape, kind: z.enum(pauseKinds, 'Choose a kind.') })
  .refine(isInOrder, order);
export type PauseInput = z.infer<typeof pauseSchema>;

export const shownPauseSchema = z.object({
  id: z.string(),
  ...spanShape,
  kind: z.enum(pauseKinds),
  by: z.string(),
  at: z.number(),
});
export type ShownPause = z.infer<typeof shownPauseSchema>;
export const pausesSchema = z.object({ pauses: z.array(shownPauseSchema) });
export type Pauses = z.infer<typeof pausesSchema>;

/** Days that do not count for anybody. */
export const coursePauseSchema = z
  .strictObject({ ...spanShape, label: z.string().trim().min(1, 'Give these days a name.').max(100) })
  .refine(isInOrder, order);
export type CoursePause = z.infer<typeof coursePauseSchema>;
export const coursePausesSchema = z.object({ pauses: z.array(z.object({ ...spanShape, label: z.string() })) });
export type CoursePauses = z.infer<typeof coursePausesSchema>;
