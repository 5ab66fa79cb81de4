import { judgeCourse, measureCourse, type MeasuredCourse } from '../../server/domain/compute-course.ts';
import { isClosed, type Flag } from '../../server/domain/flags.ts';
import { compares, type Rule, type Ruleset } from '../../server/domain/rules.ts';
import { checkpoints, endOfWeek, type Outcome, type Presentation } from './oulad.ts';

/** A presentation measured at its four moments. People who had left by then are no longer there to be helped. */
export interface MeasuredPresentation {
  readonly presentation: Presentation;
  readonly moments: readonly {
    readonly week: number;
    readonly measured: MeasuredCourse;
    readonly present: ReadonlySet<string>;
  }[];
}

/** `graceDays` puts every due time so many days later: would it pay to wait before a missing submission counts? */
export function measurePresentation(presentation: Presentation, graceDays = 0): MeasuredPresentation {
  return {
    presentation,
    moments: checkpoints.map((week) => {
      const now = endOfWeek(week);
      const measured = measureCourse(presentation.courseAt(now, graceDays), presentation.students, now);
      const present = new Set(
        measured.students
          .filter(({ student }) => !student.hasLeft && (student.student.joinedAt ?? 0) <= now)
          .map(({ student }) => student.student.personId),
      );
      return { week, measured, present };
    }),
  };
}

/** What flags came to, against what happened in the end. */
export interface Score {
  readonly people: number;
  /** People who in the end did not complete: who did not pass, or withdrew later. */
  readonly notCompleting: number;
  readonly flagged: number;
  /** Flagged, and in the end not completing. */
  readonly hits: number;
}

export const noScore: Score = { people: 0, notCompleting: 0, flagged: 0, hits: 0 };

export function addScores(a: Score, b: Score): Score {
  return {
    people: a.people + b.people,
    notCompleting: a.notCompleting + b.notCompleting,
    flagged: a.flagged + b.flagged,
    hits: a.hits + b.hits,
  };
}

export const precisionOf = ({ hits, flagged }: Score) => (flagged === 0 ? Number.NaN : hits / flagged);
export const recallOf = ({ hits, notCompleting }: Score) => (notCompleting === 0 ? Number.NaN : hits / notCompleting);
export const baseRateOf = ({ notCompleting, people }: Score) => (people === 0 ? Number.NaN : notCompleting / people);

export function didComplete(outcome: Outcome | undefined): boolean {
  return outcome?.result === 'Pass' || outcome?.result === 'Distinction';
}

export function scoreOf(
  present: ReadonlySet<string>,
  flagged: ReadonlySet<string>,
  outcomes: ReadonlyMap<string, Outcome>,
): Score {
  let notCompleting = 0;
  let flaggedHere = 0;
  let hits = 0;
  for (const person of present) {
    const isHit = !didComplete(outcomes.get(person));
    if (isHit) notCompleting++;
    if (!flagged.has(person)) continue;
    flaggedHere++;
    if (isHit) hits++;
  }
  return { people: present.size, notCompleting, flagged: flaggedHere, hits };
}

/** One rule alone, at one moment. The weeks of the rule are left aside: the question is what it would say there. */
export function scoreRule(measured: MeasuredPresentation, rule: Rule, week: number): Score | undefined {
  const moment = measured.moments.find((each) => each.week === week);
  if (!moment) return undefined;
  const flagged = new Set<string>();
  const known = new Set<string>();
  for (const { student, measurements } of moment.measured.students) {
    const { personId } = student.student;
    if (!moment.present.has(personId)) continue;
    const measurement = measurements.find(({ id }) => id === rule.indicator);
    if (measurement?.state !== 'measured') continue;
    known.add(personId);
    if (compares(measurement.value, rule.comparison, rule.threshold)) flagged.add(personId);
  }
  return known.size === 0 ? undefined : scoreOf(moment.present, flagged, measured.presentation.outcomes);
}

export interface RulesetRun {
  /** By week: who has an open flag then. */
  readonly standing: readonly { readonly week: number; readonly score: Score; readonly raised: number }[];
  /** Over all moments: everybody present at the first, flagged at any. */
  readonly ever: Score;
  /** Weeks from the first flag to the day of leaving, for those flagged who left later. */
  readonly leadWeeks: readonly number[];
  readonly setAside: number;
  readonly everFlagged: ReadonlySet<string>;
}

/** A ruleset with its weeks, the class-level guard and the life of flags, as a course would have had it. */
export function runRuleset(measured: MeasuredPresentation, ruleset: Ruleset): RulesetRun {
  const { outcomes } = measured.presentation;
  const flags = new Map<string, Flag>();
  const firstFlagged = new Map<string, number>();
  let setAside = 0;
  const standing = measured.moments.map(({ week, measured: course, present }) => {
    const judged = judgeCourse(course, ruleset, [...flags.values()]);
    setAside += judged.setAside.length;
    let raised = 0;
    for (const { what, flag } of judged.flagChanges) {
      flags.set(`${flag.personId} ${flag.kind} ${flag.openedAt}`, flag);
      if (what !== 'raised' || !present.has(flag.personId)) continue;
      raised++;
      if (!firstFlagged.has(flag.personId)) firstFlagged.set(flag.personId, week);
    }
    const open = new Set([...flags.values()].filter((flag) => !isClosed(flag)).map(({ personId }) => personId));
    return { week, score: scoreOf(present, open, outcomes), raised };
  });
  const everFlagged = new Set(firstFlagged.keys());
  const leadWeeks = [...firstFlagged].flatMap(([person, week]) => {
    const leftDay = outcomes.get(person)?.leftDay;
    return leftDay === undefined || leftDay < week * 7 ? [] : [(leftDay - week * 7) / 7];
  });
  const first = measured.moments[0];
  return {
    standing,
    ever: scoreOf(first?.present ?? new Set(), everFlagged, outcomes),
    leadWeeks,
    setAside,
    everFlagged,
  };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2;
}
