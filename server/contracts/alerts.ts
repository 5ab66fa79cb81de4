import { z } from 'zod';
import { idSchema, momentSchema, neededTextSchema, revSchema } from './fields.ts';

export const alertSchoolSchema = z.strictObject({
  personId: idSchema,
  school: z.string().trim().min(1, 'Name the school.').max(200),
  contact: z.string().trim().min(1, 'Name the contact there.').max(200),
  need: neededTextSchema.max(600, 'Keep it to what is needed: at most 600 characters.'),
});
export type AlertSchoolInput = z.infer<typeof alertSchoolSchema>;

export const alertAnswerSchema = z.strictObject({ rev: revSchema, answer: neededTextSchema });

export const shownAlertSchema = z.object({
  id: idSchema,
  rev: revSchema,
  personId: idSchema,
  school: z.string(),
  contact: z.string(),
  need: z.string(),
  sentBy: z.string(),
  sentAt: momentSchema,
  answer: z.string().optional(),
  answerBy: z.string().optional(),
  answeredAt: momentSchema.optional(),
});
export type ShownAlert = z.infer<typeof shownAlertSchema>;
