import { z } from 'zod';
import { roles } from '../domain/vocabulary.ts';

/** The one-time code that a launch put in the address. */
export const sessionRequestSchema = z.strictObject({ code: z.string().min(20).max(200) });

/** A word list from the policy pack, so that every screen speaks the institution's language. */
export const packWordsSchema = z.record(z.string(), z.string());

export const sessionReplySchema = z.object({
  token: z.string(),
  /** Milliseconds since the epoch; renew before. */
  expiresAt: z.number(),
  role: z.enum(roles),
  /** How to greet the person; absent where the platform withholds names. */
  name: z.string().optional(),
  course: z.object({ title: z.string(), label: z.string().optional() }).optional(),
  /** Where in the client the launch wanted to go; a path beginning with `/`. */
  opensAt: z.string().optional(),
  /** The platform's page to go back to from a page that fills the window; absent where the launch named none that is safe. */
  wayBack: z.string().optional(),
  /** Where the platform opens the same link anew, for a page that has lost its session. */
  wayIn: z.string().optional(),
  pack: z.object({ id: z.string(), name: z.string(), words: packWordsSchema }),
  /** Who listens now. It comes with the session, so that reading it asks nobody anything. */
  crisis: z.object({
    intro: z.string(),
    contacts: z.array(
      z.object({ name: z.string(), description: z.string(), phone: z.string().optional(), url: z.string().optional() }),
    ),
  }),
  /** Under which name this person's unsaved drafts of this course may wait in their browser: somebody else's never match. */
  draftsKey: z.string(),
});
export type SessionReply = z.infer<typeof sessionReplySchema>;
