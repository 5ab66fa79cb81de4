import { z } from 'zod';
import {
  activityKinds,
  discussionDecisions,
  flagKinds,
  flagReasons,
  flagStates,
  indicatorIds,
  initiators,
  noDataReasons,
  pauseKinds,
  ruleStrengths,
  sourceIds,
} from '../domain/vocabulary.ts';

/**
 * One student's engagement in one course, as the student sees it; staff who open the student's page are shown the same. Days are
 * `YYYY-MM-DD` of the course's time zone, times milliseconds since the epoch.
 */
const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const evidenceSchema = z.object({ label: z.string(), value: z.string() });

export const workSchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['assignment', 'quiz']),
  url: z.string().optional(),
  /** With this student's extension. */
  dueAt: z.number().optional(),
  isExtended: z.boolean(),
  submittedAt: z.number().optional(),
  /** `unknown`: nothing connected to the course tells what was handed in. */
  state: z.enum(['to-come', 'handed-in', 'handed-in-late', 'not-seen', 'left-out', 'not-read', 'unknown']),
});
export type Work = z.infer<typeof workSchema>;

export const weekSchema = z.object({
  /** ISO week. */
  week: z.string(),
  /** Teaching week; absent in a vacation. */
  number: z.number().optional(),
  firstDay: daySchema,
  lastDay: daySchema,
  vacation: z.string().optional(),
  when: z.enum(['past', 'now', 'to-come']),
  activeDays: z.number(),
  /** Every day on which something was seen. */
  days: z.array(daySchema),
  counts: z.partialRecord(z.enum(activityKinds), z.number()),
  /** Distinct pages and files opened. */
  resources: z.number(),
  /** Days that do not count: a pause of the course or of this student. */
  pausedDays: z.number(),
  /** Days for which a source sent nothing: what happened on them is not known. */
  unseenDays: z.number(),
});
export type Week = z.infer<typeof weekSchema>;

/** How a figure came about, as the pure core explains it. */
export const explainedIndicatorSchema = z.object({
  indicator: z.enum(indicatorIds),
  label: z.string(),
  whyItMatters: z.string(),
  howItIsWorkedOut: z.string(),
  result: z.string(),
  formula: z.string().optional(),
  inputs: z.array(evidenceSchema),
  evidence: z.array(evidenceSchema),
  rules: z.array(
    z.object({
      text: z.string(),
      source: z.string(),
      strength: z.enum(ruleStrengths),
      applies: z.boolean(),
      holds: z.boolean().optional(),
    }),
  ),
  restsOn: z.string(),
  asOf: z.number().optional(),
  whatWouldChangeIt: z.string(),
  whatItCannotTell: z.string(),
  noData: z.object({ reason: z.enum(noDataReasons), text: z.string() }).optional(),
  /** That a rule on it is met, but by so many in the course that it flags nobody. */
  flagsNobody: z.string().optional(),
});
export type ExplainedIndicator = z.infer<typeof explainedIndicatorSchema>;

export const seenFlagSchema = z.object({
  id: z.string(),
  kind: z.enum(flagKinds),
  state: z.enum(flagStates),
  isClosed: z.boolean(),
  openedAt: z.number(),
  changedAt: z.number(),
  title: z.string(),
  summary: z.string(),
  together: z.string(),
  reasons: z.array(explainedIndicatorSchema),
  notKnown: z.array(evidenceSchema.omit({ value: true }).extend({ text: z.string() })),
  gaps: z.array(z.string()),
  asOf: z.number(),
  notTheWholePicture: z.string(),
  whatWouldChangeIt: z.string(),
  /** What came to light after it was raised. */
  later: z.array(z.object({ at: z.number(), reasons: z.array(z.object({ label: z.string(), result: z.string() })) })),
  /** Who took it where, and with which reason. */
  history: z.array(
    z.object({ at: z.number(), by: z.string(), to: z.enum(flagStates), reason: z.enum(flagReasons).optional() }),
  ),
});
export type SeenFlag = z.infer<typeof seenFlagSchema>;

export const seenActionSchema = z.object({
  id: z.string(),
  category: z.string(),
  channel: z.string(),
  initiator: z.enum(initiators),
  at: z.number(),
  by: z.string(),
  agreed: z.string().optional(),
  outcome: z.string().optional(),
  followUpAt: z.number().optional(),
});
export type SeenAction = z.infer<typeof seenActionSchema>;

/** That staff talked it over before contact, and what came of it; never what was said. */
export const seenDiscussionSchema = z.object({
  startedAt: z.number(),
  by: z.string(),
  decision: z.enum(discussionDecisions).optional(),
  decidedAt: z.number().optional(),
});
/** That a contributing school wrote to the home school. */
export const seenAlertSchema = z.object({ sentAt: z.number(), by: z.string(), school: z.string() });

export const studentViewSchema = z.object({
  course: z.object({
    title: z.string(),
    timeZone: z.string(),
    today: daySchema,
    firstDay: daySchema,
    lastDay: daySchema,
    state: z.enum(['before', 'running', 'after']),
    /** The latest teaching week that has begun; 0 before the course. */
    week: z.number(),
    teachingWeeks: z.number(),
    vacation: z.string().optional(),
  }),
  /** How fresh the data is, source by source. */
  sources: z.array(
    z.object({
      source: z.enum(sourceIds),
      okAt: z.number().optional(),
      state: z.enum(['fresh', 'late', 'failing', 'never']),
    }),
  ),
  /** As of when activity is known; absent with the reason where it is not known at all. */
  presence: z.object({ asOf: z.number().optional(), missing: z.enum(noDataReasons).optional() }),
  weeks: z.array(weekSchema),
  /** The student's own usual teaching week: the middle one of those that counted; absent while there are too few. */
  usual: z.object({ activeDays: z.number(), weeks: z.number() }).optional(),
  work: z.array(workSchema),
  indicators: z.array(explainedIndicatorSchema),
  computedAt: z.number().optional(),
  flags: z.array(seenFlagSchema),
  actions: z.array(seenActionSchema),
  discussions: z.array(seenDiscussionSchema),
  alerts: z.array(seenAlertSchema),
  pauses: z.array(z.object({ from: daySchema, to: daySchema, kind: z.enum(pauseKinds).optional(), label: z.string() })),
  corrections: z.array(z.string()),
});
export type StudentView = z.infer<typeof studentViewSchema>;
