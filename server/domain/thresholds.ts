import type { Comparison, IndicatorId, RuleStrength, SourceId } from './vocabulary.ts';

/**
 * Every number that decides something about a person, in one place, with its source. `comparison` is the boundary: with
 * `>=` the threshold itself counts, with `<` it does not.
 */
export interface DefaultRule {
  readonly indicator: IndicatorId;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly fromWeek: number;
  readonly toWeek?: number | undefined;
  readonly strength: RuleStrength;
  readonly source: string;
}

export const defaultRules: readonly DefaultRule[] = [
  {
    indicator: 'recency',
    comparison: '>=',
    threshold: 14,
    fromWeek: 2,
    strength: 'strong',
    source: 'common practice; to be tuned on the course’s own past weeks',
  },
  {
    indicator: 'relative-activity',
    comparison: '<',
    threshold: 0.3,
    fromWeek: 4,
    strength: 'supporting',
    source: 'Jisc student intervention guide: 30 % of the peer average; patterns begin to inform between weeks 4 and 6',
  },
  {
    indicator: 'own-trend',
    comparison: '<',
    threshold: 0.5,
    fromWeek: 6,
    strength: 'supporting',
    source: 'comparison with the student’s own earlier weeks',
  },
  {
    indicator: 'submissions',
    comparison: '>=',
    threshold: 1,
    fromWeek: 1,
    strength: 'supporting',
    source: 'Queen Mary Student Learning Engagement Policy, item 9: assignment submissions',
  },
  {
    indicator: 'attendance',
    comparison: '<',
    threshold: 0.5,
    fromWeek: 1,
    strength: 'supporting',
    source: 'Queen Mary Student Learning Engagement Policy, item 9: attendance at teaching events',
  },
  {
    indicator: 'completion',
    comparison: '<',
    threshold: 0.5,
    fromWeek: 4,
    strength: 'supporting',
    source: 'Queen Mary Student Learning Engagement Policy, item 9: engaging with resources on the platform',
  },
  {
    indicator: 'stretch',
    comparison: '>=',
    threshold: 0.9,
    fromWeek: 4,
    strength: 'strong',
    source: 'Aston interventions policy, item 9: challenge and stretch for students who engage well',
  },
];

/** Supporting rules that must hold together to raise a flag (Gloucestershire policy, item 14b: no single findings). */
export const togetherCount = 2;

/** Where more than this share of the class meets a rule, the rule says something about the module. Boundary: `>`. */
export const classGuardShare = 0.5;
/** Below this many measured students there is no class to speak of, and the class-level guard does not apply. */
export const classGuardMinimum = 5;

/** Fewer other people than this are not compared with (DESIGN.md section 6). Boundary: `<` is not shown. */
export const minimumGroup = 8;

/** Days of the window of recent presence: two teaching weeks. */
export const recentDays = 14;
/** Days before the recent window that make a student's own baseline: four teaching weeks. */
export const baselineDays = 28;
/** Days of a window that must count for a student: half of it, else there is too little to go by. Boundary: `>=`. */
export const minimumShareOfWindow = 0.5;
/** Active days that a baseline must hold; with fewer, one day more or less would swing the ratio. Boundary: `>=`. */
export const minimumBaselineDays = 4;

/** The latest weeks that make a student's own usual week, and how many of them it must rest on. Boundary: `>=`. */
export const usualWeeks = 6;
export const minimumUsualWeeks = 3;

/** Recorded sessions that attendance must rest on (DESIGN.md section 6). Boundary: `>=`. */
export const minimumSessions = 4;
/** Days back that attendance looks. */
export const attendanceDays = 28;

/** Teaching weeks and active days below which evenness means nothing. Boundary: `>=`. */
export const minimumRegularityWeeks = 4;
export const minimumRegularityDays = 4;

/** Recordings below which a share watched means nothing. Boundary: `>=`. */
export const minimumRecordings = 3;

/** Hours before the due time from which a submission is early, for stretch. Boundary: `>=`. */
export const earlyHours = 24;
/** Submissions and tracked activities that "sustained" must rest on. Boundary: `>=`. */
export const minimumStretchSubmissions = 2;
export const minimumStretchItems = 4;

/** Hours after its last good reading from which a source no longer speaks about now. Boundary: `>`. */
export const staleAfterHours: Readonly<Record<SourceId, number>> = {
  roster: 48,
  moodle: 48,
  xapi: 48,
  caliper: 48,
  // Files of attendance or recordings come once a week in most places.
  file: 8 * 24,
};

/** Days after a flag was closed before the data alone may raise another, unless it shows something new. */
export const quietDaysAfterClosing = 7;

/** Groups with fewer people than this are suppressed in evaluation and fairness figures. Boundary: `<`. */
export const minimumEvaluationGroup = 10;

/** From where on a student is offered a suggestion. These raise nothing and are seen by the student alone. */
export const suggestFrom = {
  /** Whole days since last seen. Boundary: `>=`. */
  quietDays: 7,
  /** Own trend. Boundary: `<`. */
  trend: 0.75,
  /** Evenness of weeks. Boundary: `<`. */
  regularity: 0.75,
  /** Median hours before the due time. Boundary: `<`. */
  leadHours: 12,
  /** Days ahead that due work is mentioned. Boundary: `<=`. */
  dueWithinDays: 10,
} as const;
