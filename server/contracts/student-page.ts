import { z } from 'zod';
import { flagKinds, flagReasons, flagStates, indicatorIds, ruleStrengths } from '../domain/vocabulary.ts';
import { shownActionSchema } from './actions.ts';
import { shownAlertSchema } from './alerts.ts';
import { shownDiscussionSchema } from './discussions.ts';
import { idSchema, momentSchema, revSchema } from './fields.ts';
import { shownPauseSchema } from './pauses.ts';
import { shownChallengeSchema, shownRequestSchema } from './answers.ts';
import { studentViewSchema } from './student-view.ts';

const evidenceSchema = z.object({
  at: momentSchema,
  week: z.number(),
  asOf: momentSchema,
  reasons: z.array(
    z.object({
      indicator: z.enum(indicatorIds),
      label: z.string(),
      strength: z.enum(ruleStrengths),
      /** What was found, what the rule says, how it was worked out. */
      found: z.string(),
      rule: z.string(),
      howItIsWorkedOut: z.string(),
      whatItCannotTell: z.string(),
      evidence: z.array(z.object({ label: z.string(), value: z.string() })),
      asOf: momentSchema,
    }),
  ),
  notKnown: z.array(z.object({ label: z.string(), because: z.string() })),
  gaps: z.array(z.string()),
});
export type ShownEvidence = z.infer<typeof evidenceSchema>;

export const shownFlagSchema = z.object({
  id: idSchema,
  rev: revSchema,
  kind: z.enum(flagKinds),
  state: z.enum(flagStates),
  openedAt: momentSchema,
  rulesetVersion: z.number(),
  hasCleared: z.boolean(),
  evidence: evidenceSchema,
  /** What came to light since, the latest last. */
  further: z.array(evidenceSchema),
  history: z.array(
    z.object({
      at: momentSchema,
      by: z.string(),
      from: z.enum(flagStates).optional(),
      to: z.enum(flagStates),
      reason: z.string().optional(),
    }),
  ),
  /** Where it may go from here, and for which reasons. */
  next: z.array(z.object({ to: z.enum(flagStates), reasons: z.array(z.enum(flagReasons)) })),
});
export type ShownFlag = z.infer<typeof shownFlagSchema>;

export const studentPageSchema = z.object({
  now: momentSchema,
  me: idSchema,
  personId: idSchema,
  name: z.string(),
  groups: z.array(z.string()),
  /** Set while the student has opted out of contact based on analytics: then there are no flags and no figures here. */
  optedOutAt: momentSchema.optional(),
  hasLeft: z.boolean(),
  view: studentViewSchema.optional(),
  flags: z.array(shownFlagSchema),
  actions: z.array(shownActionSchema),
  discussions: z.array(shownDiscussionSchema),
  alerts: z.array(shownAlertSchema),
  requests: z.array(shownRequestSchema),
  challenges: z.array(shownChallengeSchema),
  pauses: z.array(shownPauseSchema),
  reflections: z.array(
    z.object({
      id: z.string(),
      week: z.string(),
      prompt: z.string().optional(),
      text: z.string(),
      sharedAt: momentSchema,
    }),
  ),
  /** Attempts to reach the student that nobody has answered yet. */
  thread: z.object({ startedAt: momentSchema, attempts: z.number(), channels: z.array(z.string()) }).optional(),
  /** Shown to a person after the institution's period without any reply. It triggers nothing. */
  sustainedSilence: z
    .object({ since: momentSchema, title: z.string(), text: z.string(), url: z.string().optional() })
    .optional(),
  /** Whether contact about a flag waits for a word with a colleague. */
  mustDiscussFirst: z.boolean(),
});
export type StudentPage = z.infer<typeof studentPageSchema>;
