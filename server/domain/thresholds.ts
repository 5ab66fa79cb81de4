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
    source: 'common practice; staff can change it to fit the {course}',
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
/**
 * Days on which somebody in the middle of the class would be there in the time that a rule of presence looks at. With fewer,
 * not to be there is nothing unusual, and such rules flag nobody: the course does not live in the VLE, or it is no time of
 * teaching. Boundary: `<` is silent. Source: back-test (BACKTEST.md, module GGG).
 */
export const minimumUsualDays = 2;
/**
 * Below so many usual days the rules of presence speak, and say less than elsewhere: the tutor is told to look at other signs
 * first. Boundary: `<`. Source: back-test (BACKTEST.md, “Classes that come seldom”).
 */
export const fewUsualDays = 3;
/**
 * For days since last seen that takes a second sign: more than half of the class has been away for this share of the rule's
 * days. Boundary: `>=` is away.
 */
export const awayShare = 0.25;

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

/**
 * Activities expected by now that completion must rest on: with fewer, one piece of coursework that is tracked, too, would
 * be two reasons by itself. Boundary: `>=`.
 */
export const minimumExpectedItems = 4;

/** Teaching weeks and active days below which evenness means nothing. Boundary: `>=`. */
export const minimumRegularityWeeks = 4;
export const minimumRegularityDays = 4;

/** Recordings below which a share watched means nothing. Boundary: `>=`. */
export const minimumRecordings = 3;

/** Hours before the due time from which a submission is early, for stretch. Boundary: `>=`. */
export const earlyHours = 24;
/** Submissions that "sustained" must rest on, beside as many activities as completion. Boundary: `>=`. */
export const minimumStretchSubmissions = 2;

/**
 * When silence of a feed is a gap: a run of days without any event that would usually have seen so many students, each
 * counted once a day. Boundary: `>=`. Were ten expected and each to come by chance, silence would be rarer than one in ten
 * thousand (e to the minus ten). Usual is the mean of the same weekday over so many weeks back, from at least so many days.
 */
export const feedGap = { studentDays: 10, weeksBack: 6, minimumDays: 2 } as const;

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

/** Days back that a flag counts in the fairness report: four weeks, the same for those who joined late. */
export const fairnessDays = 28;

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
