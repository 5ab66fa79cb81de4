import { z } from 'zod';
import { actionOutcomes, flagKinds, flagReasons, flagStates, indicatorIds } from '../domain/vocabulary.ts';
import { colleagueSchema, idSchema, momentSchema, revSchema } from './fields.ts';

/** One flag in the list: why, since when, how far it is. Evidence is on the student's page. */
export const listedFlagSchema = z.object({
  id: idSchema,
  rev: revSchema,
  kind: z.enum(flagKinds),
  state: z.enum(flagStates),
  openedAt: momentSchema,
  week: z.number(),
  reasons: z.array(z.enum(indicatorIds)),
  /** The reasons in words, each on its own. */
  texts: z.array(z.string()),
  isStrong: z.boolean(),
  /** The figures no longer show what raised it. */
  hasCleared: z.boolean(),
});

export const listRowSchema = z.object({
  personId: idSchema,
  name: z.string(),
  /** Places in `groups`. */
  groups: z.array(z.number()),
  /** Places in `works`, past the due time: not seen yet, and not known, which is never counted as not seen. */
  notSeen: z.array(z.number()).optional(),
  notKnown: z.array(z.number()).optional(),
  /** Support before stretch. */
  flags: z.array(listedFlagSchema),
  /** An unanswered request of the student for a conversation. */
  askedAt: momentSchema.optional(),
  /** What was done last. */
  last: z.object({ at: momentSchema, channel: z.string(), outcome: z.enum(actionOutcomes), byId: idSchema }).optional(),
  followUpAt: momentSchema.optional(),
  /** What the waiting time is counted from: the request, else the flag. */
  waitingSince: momentSchema,
});

export const flagListSchema = z.object({
  now: momentSchema,
  me: idSchema,
  teachingWeek: z.number().optional(),
  /** When indicators were last computed, and the oldest good reading among the sources. */
  computedAt: momentSchema.optional(),
  asOf: momentSchema.optional(),
  /** What the reader should know of the data: gaps, failed sources, a rule that most of the class met. */
  notices: z.array(z.string()),
  groups: z.array(z.string()),
  /** Pieces of work that rows name by their place in here; `label` holds the usual due day. */
  works: z.array(z.object({ id: z.string(), label: z.string() })),
  colleagues: z.array(colleagueSchema),
  indicators: z.record(z.string(), z.string()),
  channels: z.record(z.string(), z.string()),
  /** In the order of the list: most pressing first. */
  rows: z.array(listRowSchema),
  /** Whom of these I act on, was asked about, or have the follow-up of. */
  mine: z.array(idSchema),
  students: z.number(),
  optedOut: z.number(),
  maySetRules: z.boolean(),
});
export type FlagList = z.infer<typeof flagListSchema>;
export type ListRow = z.infer<typeof listRowSchema>;
export type ListedFlag = z.infer<typeof listedFlagSchema>;

export const flagChangeSchema = z.strictObject({
  rev: revSchema,
  to: z.enum(flagStates, 'Choose what becomes of the flag.'),
  reason: z.enum(flagReasons, 'Choose one of the reasons.').optional(),
});
export type FlagChangeInput = z.infer<typeof flagChangeSchema>;

/** Which list a download is of, and whose rows it holds: the filtered ones, by person; all where none is named. */
export const exportSchema = z.strictObject({
  personIds: z.array(idSchema).max(5000).optional(),
  which: z.enum(['running', 'closed']).default('running'),
});
export type ExportInput = z.output<typeof exportSchema>;

export const rosterSchema = z.object({ students: z.array(z.object({ id: idSchema, name: z.string() })) });
export type Roster = z.infer<typeof rosterSchema>;
