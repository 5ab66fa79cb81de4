import { z } from 'zod';
import { idSchema } from './fields.ts';

export const draftRequestSchema = z.strictObject({ personId: idSchema, messageId: z.string().min(1).max(60) });
export const draftSchema = z.object({ to: z.string().optional(), subject: z.string(), body: z.string() });
export type Draft = z.infer<typeof draftSchema>;

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
