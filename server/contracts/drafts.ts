import { z } from 'zod';
import { idSchema } from './fields.ts';

export const draftRequestSchema = z.strictObject({ personId: idSchema, messageId: z.string().min(1).max(60) });
export const draftSchema = z.object({ to: z.string().optional(), subject: z.string(), body: z.string() });
export type Draft = z.infer<typeof draftSchema>;

export const addressesRequestSchema = z.strictObject({
  personIds: z.array(idSchema).min(1, 'Choose at least one student.').max(500, 'At most 500 students at once.'),
});
export const addressesSchema = z.object({
  addresses: z.array(z.string()),
  /** How many of the students are left out because they opted out, and how many the platform shares no address of. */
  optedOut: z.number(),
  withoutAddress: z.number(),
});
export type Addresses = z.infer<typeof addressesSchema>;

export const checkDraftSchema = z.strictObject({ text: z.string().max(8000) });
export const checkedDraftSchema = z.object({
  remarks: z.array(
    z.object({
      kind: z.enum(['discouraging', 'vague', 'demanding']),
      /** Positions in the text, `to` not included. */
      from: z.number(),
      to: z.number(),
      phrase: z.string(),
      gentler: z.string(),
    }),
  ),
});
export type CheckedDraft = z.infer<typeof checkedDraftSchema>;
