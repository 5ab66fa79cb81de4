import type { Day, IsoWeek } from './activity.ts';
import { findSetAside, hasFewVisits, withoutSetAside, type ReadSince, type SetAside } from './class-guard.ts';
import { summariseCohort } from './cohort.ts';
import { courseAt, type CourseAt } from './course-at.ts';
import { dayNumberAt, toDay } from './days.ts';
import type { CohortFacts, CourseFacts, SourceTopic, StudentFacts } from './facts.ts';
import type { Flag } from './flags.ts';
import { indicatorOf, measureAll } from './indicators/all.ts';
import type { Measurement } from './measurement.ts';
import { evaluateRules, type Finding, type Ruleset } from './rules.ts';
import { settleFlags, type FlagChange, type StudentLook } from './settle-flags.ts';
import { seeStudent, type SeenStudent } from './seen-student.ts';
import { withWork } from './student-at.ts';
import { baselineDays, recentDays } from './thresholds.ts';
import type { NoDataReason, SourceId } from './vocabulary.ts';
import { summariseWork, type WorkSummary } from './work-at.ts';

/** How present a student was, for a line in a list: days only, no objects. */
export interface PresenceSummary {
  readonly lastActiveDay?: string | undefined;
  /** Active days in each week of the course so far, vacation weeks included, the oldest first. */
  readonly weeks: readonly {
    readonly week: IsoWeek;
    readonly number?: number | undefined;
    readonly activeDays: number;
  }[];
}

/** The indicators of one student as last computed. */
export interface Snapshot {
  readonly personId: string;
  readonly computedAt: number;
  readonly week: number;
  readonly measurements: readonly Measurement[];
  readonly presence: PresenceSummary;
  readonly work: WorkSummary;
}

/** Something the tutor of the course should know about the computation itself. */
export type Notice =
  | SetAside
  /** More than half of the class comes on so few days that not to be seen says less here than elsewhere. */
  | { readonly about: 'few-visits'; readonly usualDays: number }
  /**
   * No feed tells of presence, and the daily reading of it began so lately that comparisons rest on days of which little is
   * known: from when on they do not. `fortnightFrom` is absent once two weeks have been read.
   */
  | {
      readonly about: 'read-since';
      readonly firstDay: Day;
      readonly fortnightFrom?: Day | undefined;
      readonly usualFrom: Day;
    }
  /** A topic is not known, and rules that need it raised nothing. */
  | {
      readonly about: 'topic';
      readonly topic: SourceTopic;
      readonly reason: NoDataReason;
      readonly asOf?: number | undefined;
    }
  /** A source failed since its last good reading: what it knew is shown, and raised nothing. */
  | {
      readonly about: 'source';
      readonly source: SourceId;
      readonly because: string;
      readonly okAt?: number | undefined;
    }
  /** Days without data, left out for everybody. */
  | { readonly about: 'gap'; readonly source: SourceId; readonly from: string; readonly to: string };

export interface ComputedCourse {
  readonly week: number;
  readonly cohort: CohortFacts;
  readonly snapshots: readonly Snapshot[];
  /** Only what changes; storing each flag as given brings the course up to date. */
  readonly flagChanges: readonly FlagChange[];
  readonly notices: readonly Notice[];
}

/** One student measured, before any rule looks at them. */
export interface MeasuredStudent {
  readonly student: SeenStudent;
  readonly measurements: readonly Measurement[];
}

/** A course measured at one moment: what any ruleset can then judge, without measuring again. */
export interface MeasuredCourse {
  readonly at: CourseAt;
  readonly cohort: CohortFacts;
  readonly students: readonly MeasuredStudent[];
}

/** Measures everybody in a course at a moment (milliseconds since the epoch). */
export function measureCourse(course: CourseFacts, students: Iterable<StudentFacts>, now: number): MeasuredCourse {
  const at = courseAt(course, now);
  const seen: SeenStudent[] = [];
  for (const student of students) seen.push(seeStudent(student, at));
  const cohort = summariseCohort(seen);
  return {
    at,
    cohort,
    students: seen.map((student) => ({ student, measurements: measureAll(withWork(student, at), at, cohort) })),
  };
}

/** What a ruleset makes of a measured course: changes to flags, and rules that spoke about the class and not of anybody. */
export function judgeCourse(
  { at, cohort, students }: MeasuredCourse,
  ruleset: Ruleset,
  flags: readonly Flag[],
): { flagChanges: FlagChange[]; setAside: SetAside[]; looks: StudentLook[] } {
  const unguarded = students.map(({ student, measurements }): StudentLook => ({
    personId: student.student.personId,
    measurements,
    findings: withoutFailedSources(evaluateRules(ruleset, measurements, at.week), at),
    mayRaise: !student.isPaused(at.today) && !at.isPausedDay(at.today),
    hasLeft: student.hasLeft,
  }));
  const setAside = findSetAside(
    ruleset.rules,
    unguarded.filter(({ hasLeft }) => !hasLeft).map(({ findings }) => findings),
    cohort,
    (days) => readSince(at, days),
  );
  const looks =
    setAside.length === 0
      ? unguarded
      : unguarded.map((look) => ({ ...look, findings: withoutSetAside(look.findings, setAside) }));

  const flagsByPerson = new Map<string, Flag[]>();
  for (const flag of flags) {
    const own = flagsByPerson.get(flag.personId);
    if (own) own.push(flag);
    else flagsByPerson.set(flag.personId, [flag]);
  }
  return {
    flagChanges: looks.flatMap((look) =>
      settleFlags(flagsByPerson.get(look.personId) ?? [], look, at, ruleset.version),
    ),
    setAside,
    looks,
  };
}

/**
 * Everything that a refresh computes for one course: measurements for each student, what changes about their flags, and
 * what the tutor should know. Pure: the same input gives the same output, and running it again on its own result
 * changes no flag.
 *
 * @param input.students is gone through once and kept in memory until the course is done.
 * @param input.flags all flags of the course, closed ones included.
 * @param input.now milliseconds since the epoch.
 */
export function computeCourse(input: {
  readonly course: CourseFacts;
  readonly students: Iterable<StudentFacts>;
  readonly ruleset: Ruleset;
  readonly flags: readonly Flag[];
  readonly now: number;
}): ComputedCourse {
  const measured = measureCourse(input.course, input.students, input.now);
  const { at } = measured;
  const { flagChanges, setAside, looks } = judgeCourse(measured, input.ruleset, input.flags);
  const ofClass = looks.filter(({ hasLeft }) => !hasLeft).map(({ findings }) => findings);
  return {
    week: at.week,
    cohort: measured.cohort,
    snapshots: measured.students.map(({ student, measurements }) => ({
      personId: student.student.personId,
      computedAt: input.now,
      week: at.week,
      measurements,
      presence: summarisePresence(student, at),
      work: summariseWork(student, at),
    })),
    flagChanges,
    notices: [
      ...setAside,
      ...(hasFewVisits(ofClass, measured.cohort)
        ? [{ about: 'few-visits' as const, usualDays: measured.cohort.usualDays ?? 0 }]
        : []),
      ...noticesOfYoungReading(at),
      ...noticesOfSources(at, input.ruleset),
    ],
  };
}

/** What rests on a source that has failed since is shown with its age, and neither raises nor ends a flag. */
function withoutFailedSources(findings: Finding[], at: CourseAt): Finding[] {
  const failed = at.course.sources.filter((source) => source.failedBecause !== undefined);
  if (failed.length === 0) return findings;
  // One topic of a source may fail while the others are read: only what needs that topic is held back.
  const restsOnFailed = ({ measurement }: Finding): boolean =>
    measurement.state === 'measured' &&
    failed.some(
      ({ source, speaksOf }) =>
        measurement.restsOn.includes(source) &&
        indicatorOf(measurement.id).needs.some((topic) => speaksOf.includes(topic)),
    );
  return findings.map((finding) => (restsOnFailed(finding) ? { ...finding, holds: 'unknown' } : finding));
}

/** Where presence rests on daily readings alone, and they began within the days that a rule looks at. */
function readSince(at: CourseAt, days: number): ReadSince | undefined {
  const { presence } = at.topics;
  if (!presence.isKnown || presence.restsOn.some((source) => source !== 'moodle')) return undefined;
  const began = at.course.sources.find(({ source }) => source === 'moodle')?.readSince;
  if (began === undefined) return undefined;
  const first = dayNumberAt(began, at.course.calendar.timeZone);
  if (first <= at.firstDay || at.today >= first + days) return undefined;
  return { firstDay: toDay(first), wholeFrom: toDay(first + days) };
}

function noticesOfYoungReading(at: CourseAt): Notice[] {
  const usual = readSince(at, recentDays + baselineDays);
  if (!usual) return [];
  const fortnight = readSince(at, recentDays);
  return [
    {
      about: 'read-since',
      firstDay: usual.firstDay,
      ...(fortnight && { fortnightFrom: fortnight.wholeFrom }),
      usualFrom: usual.wholeFrom,
    },
  ];
}

function noticesOfSources(at: CourseAt, ruleset: Ruleset): Notice[] {
  const topicsOfRules = new Set(ruleset.rules.flatMap(({ indicator }) => indicatorOf(indicator).needs));
  const topics = Object.entries(at.topics).flatMap(([topic, reading]): Notice[] =>
    reading.isKnown || !topicsOfRules.has(topic as SourceTopic)
      ? []
      : [{ about: 'topic', topic: topic as SourceTopic, reason: reading.reason, asOf: reading.asOf }],
  );
  const failed = at.course.sources.flatMap(({ source, failedBecause, okAt }): Notice[] =>
    failedBecause === undefined ? [] : [{ about: 'source', source, because: failedBecause, okAt }],
  );
  return [...topics, ...failed, ...at.gaps.map((gap): Notice => ({ about: 'gap', ...gap }))];
}

function summarisePresence(student: SeenStudent, at: CourseAt): PresenceSummary {
  const last = student.activeDays.at(-1);
  const weeks = student.daysInWeeks.slice(0, at.weeksBegun).map((activeDays, place) => {
    const { week = '', number } = at.weeks[place] ?? {};
    return number === undefined ? { week, activeDays } : { week, number, activeDays };
  });
  return last === undefined ? { weeks } : { lastActiveDay: toDay(last), weeks };
}
