import type { IsoWeek } from './activity.ts';
import { summariseCohort } from './cohort.ts';
import { courseAt, type CourseAt } from './course-at.ts';
import { toDay } from './days.ts';
import type { CohortFacts, CourseFacts, SourceTopic, StudentFacts } from './facts.ts';
import type { Flag } from './flags.ts';
import { indicatorOf, measureAll } from './indicators/all.ts';
import type { Measurement } from './measurement.ts';
import { evaluateRules, type Finding, type Rule, type Ruleset } from './rules.ts';
import { settleFlags, type FlagChange, type StudentLook } from './settle-flags.ts';
import { studentAt, type StudentAt } from './student-at.ts';
import { classGuardMinimum, classGuardShare } from './thresholds.ts';
import type { NoDataReason, SourceId } from './vocabulary.ts';

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
}

/** Something the tutor of the course should know about the computation itself. */
export type Notice =
  /** More than half of the class met a rule: it says something about the module, and raised no flag. */
  | { readonly about: 'whole-class'; readonly rule: Rule; readonly students: number; readonly measured: number }
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
  readonly student: StudentAt;
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
  const prepared = Array.from(students, (student) => studentAt(student, at));
  const cohort = summariseCohort(prepared, at);
  return {
    at,
    cohort,
    students: prepared.map((student) => ({ student, measurements: measureAll(student, at, cohort) })),
  };
}

/** What a ruleset makes of a measured course: changes to flags, and rules that spoke about the whole class. */
export function judgeCourse(
  { at, students }: MeasuredCourse,
  ruleset: Ruleset,
  flags: readonly Flag[],
): { flagChanges: FlagChange[]; wholeClass: WholeClass[]; looks: StudentLook[] } {
  const unguarded = students.map(({ student, measurements }): StudentLook => ({
    personId: student.student.personId,
    measurements,
    findings: withoutFailedSources(evaluateRules(ruleset, measurements, at.week), at),
    mayRaise: !student.isPaused(at.today) && !at.isPausedDay(at.today),
    hasLeft: student.hasLeft,
  }));
  const wholeClass = rulesOfTheWholeClass(unguarded);
  const looks =
    wholeClass.length === 0
      ? unguarded
      : unguarded.map((look) => ({ ...look, findings: withoutRules(look.findings, wholeClass) }));

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
    wholeClass,
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
  const { flagChanges, wholeClass } = judgeCourse(measured, input.ruleset, input.flags);
  return {
    week: at.week,
    cohort: measured.cohort,
    snapshots: measured.students.map(({ student, measurements }) => ({
      personId: student.student.personId,
      computedAt: input.now,
      week: at.week,
      measurements,
      presence: summarisePresence(student, at),
    })),
    flagChanges,
    notices: [...wholeClass, ...noticesOfSources(at, input.ruleset)],
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

type WholeClass = Extract<Notice, { about: 'whole-class' }>;

function rulesOfTheWholeClass(looks: readonly StudentLook[]): WholeClass[] {
  const counts = new Map<Rule, { students: number; measured: number }>();
  for (const look of looks) {
    if (look.hasLeft) continue;
    for (const { rule, holds } of look.findings) {
      // Doing well together is no reason for silence.
      if (holds === 'unknown' || rule.indicator === 'stretch') continue;
      const count = counts.get(rule) ?? { students: 0, measured: 0 };
      count.measured++;
      if (holds === 'yes') count.students++;
      counts.set(rule, count);
    }
  }
  return [...counts]
    .filter(([, { students, measured }]) => measured >= classGuardMinimum && students > measured * classGuardShare)
    .map(([rule, count]) => ({ about: 'whole-class', rule, ...count }));
}

function withoutRules(findings: readonly Finding[], guarded: readonly WholeClass[]): Finding[] {
  return findings.map((finding) =>
    guarded.some(({ rule }) => rule === finding.rule) ? { ...finding, holds: 'unknown' } : finding,
  );
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

function summarisePresence(student: StudentAt, at: CourseAt): PresenceSummary {
  const last = student.activeDays.at(-1);
  const weeks: { week: IsoWeek; number?: number | undefined; activeDays: number }[] = [];
  const todayAsDay = toDay(at.today);
  for (const { week, number, firstDay } of at.weeks) {
    if (firstDay > todayAsDay) break;
    weeks.push(number === undefined ? { week, activeDays: 0 } : { week, number, activeDays: 0 });
  }
  for (const day of student.activeDays) {
    const entry = weeks[at.weekIndexOf(day)];
    if (entry) entry.activeDays++;
  }
  return last === undefined ? { weeks } : { lastActiveDay: toDay(last), weeks };
}
