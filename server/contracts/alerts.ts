import { z } from 'zod';
import { idSchema, momentSchema, neededTextSchema, revSchema } from './fields.ts';

export const alertSchoolSchema = z.strictObject({
  personId: idSchema,
  /** One of the institution's list; else the school and whom there in words. */
  schoolId: z.string().max(40).optional(),
  school: z.string().trim().max(200).optional(),
  contact: z.string().trim().max(200).optional(),
  need: neededTextSchema.max(600, 'Keep it to what is needed: at most 600 characters.'),
});
export type AlertSchoolInput = z.infer<typeof alertSchoolSchema>;

export const alertAnswerSchema = z.strictObject({ rev: revSchema, answer: neededTextSchema });

export const shownAlertSchema = z.object({
  id: idSchema,
  rev: revSchema,
  personId: idSchema,
  studentName: z.string(),
  school: z.string(),
  contact: z.string(),
  /** Where the institution's list names one. */
  email: z.string().optional(),
  need: z.string(),
  sentBy: z.string(),
  sentAt: momentSchema,
  answer: z.string().optional(),
  answerBy: z.string().optional(),
  answeredAt: momentSchema.optional(),
});
export type ShownAlert = z.infer<typeof shownAlertSchema>;
