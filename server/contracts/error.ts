import { z } from 'zod';

/** Every code that the client switches on; the message beside it is for people. */
export const errorCodes = [
  'invalid-input',
  'not-signed-in',
  'not-allowed',
  'not-found',
  'conflict',
  'too-large',
  'too-many-requests',
  'unavailable',
  'internal',
] as const;

export const errorReplySchema = z.object({
  error: z.object({
    code: z.enum(errorCodes),
    message: z.string(),
    /** With `invalid-input`: field path → what is wrong with it. */
    fields: z.record(z.string(), z.string()).optional(),
    /** With `conflict`: the record as it is now. */
    current: z.unknown().optional(),
  }),
});
export type ErrorReply = z.infer<typeof errorReplySchema>;
export type ErrorCode = (typeof errorCodes)[number];
