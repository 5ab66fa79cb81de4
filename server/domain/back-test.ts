import { judgeCourse, measureCourse, type MeasuredCourse } from './compute-course.ts';
import { addDays, dayNumberAt, startOfDay, toDay } from './days.ts';
import type { CourseFacts, StudentFacts } from './facts.ts';
import { isClosed, type Flag } from './flags.ts';
import type { Rule, Ruleset } from './rules.ts';
import { teachingWeeks } from './teaching-weeks.ts';
import type { IndicatorId } from './vocabulary.ts';

/** A course as it stood at the end of one of its own past teaching weeks. Any number of rulesets can be tried on it. */
export interface PastWeek {
  readonly number: number;
  readonly measured: MeasuredCourse;
}

/**
 * Measures a course at the end of each teaching week that is over. Roll-ups, submissions and the like carry their own
 * dates, so that later ones are not seen; sources that have ever been read are taken to have been well, their gaps kept.
 *
 * This is the part that costs time; keep its result while somebody tries out thresholds.
 */
export function measurePastWeeks(course: CourseFacts, students: readonly StudentFacts[], now: number): PastWeek[] {
  const { timeZone } = course.calendar;
  const today = toDay(dayNumberAt(now, timeZone));
  return teachingWeeks(course.calendar).flatMap((week): PastWeek[] => {
    if (week.number === undefined || week.lastDay >= today) return [];
    const then = startOfDay(addDays(week.lastDay, 1), timeZone) - 1;
    const asItStood: CourseFacts = {
      ...course,
      sources: course.sources.map(({ failedBecause: _, okAt, ...source }) =>
        okAt === undefined ? source : { ...source, okAt: then },
      ),
    };
    return [{ number: week.number, measured: measureCourse(asItStood, students, then) }];
  });
}

/** What a ruleset would have done in one past week. */
export interface BackTestWeek {
  readonly week: number;
  /** People with a flag that is not closed at the end of the week. */
  readonly flagged: readonly string[];
  /** People for whom a flag was raised in this week: the contacts it would have called for. */
  readonly newlyFlagged: readonly string[];
  readonly contactHours: number;
  readonly rules: readonly { readonly rule: Rule; readonly students: number; readonly isSetAside: boolean }[];
}

export interface BackTest {
  readonly weeks: readonly BackTestWeek[];
  /** How often two indicators held for the same student in the same week, of all the times that either did. */
  readonly overlaps: readonly {
    readonly a: IndicatorId;
    readonly b: IndicatorId;
    readonly both: number;
    readonly either: number;
  }[];
  readonly peopleEverFlagged: number;
  readonly contactHours: number;
}

/** Runs a ruleset over past weeks, in order, with flags raised and settled by the data as they would have been. */
export function backTest(pastWeeks: readonly PastWeek[], ruleset: Ruleset, minutesPerContact: number): BackTest {
  let flags = new Map<string, Flag>();
  const everFlagged = new Set<string>();
  const pairs = new Map<string, { a: IndicatorId; b: IndicatorId; both: number; either: number }>();
  const weeks = pastWeeks.map(({ number, measured }): BackTestWeek => {
    const { flagChanges, looks, setAside } = judgeCourse(measured, ruleset, [...flags.values()]);
    flags = new Map(flags);
    for (const { flag } of flagChanges) flags.set(`${flag.personId} ${flag.kind} ${flag.openedAt}`, flag);
    const newlyFlagged = flagChanges.filter(({ what }) => what === 'raised').map(({ flag }) => flag.personId);
    newlyFlagged.forEach((person) => everFlagged.add(person));

    const students = new Map<Rule, number>(ruleset.rules.map((rule) => [rule, 0]));
    for (const { findings } of looks) {
      const holding = new Set<IndicatorId>();
      for (const { rule, holds } of findings) {
        if (holds !== 'yes') continue;
        students.set(rule, (students.get(rule) ?? 0) + 1);
        holding.add(rule.indicator);
      }
      countPairs(pairs, ruleset, holding);
    }
    for (const { rule, students: met } of setAside) students.set(rule, met);
    return {
      week: number,
      flagged: [
        ...new Set([...flags.values()].filter((flag) => !isClosed(flag)).map(({ personId }) => personId)),
      ].sort(),
      newlyFlagged: [...new Set(newlyFlagged)].sort(),
      contactHours: (newlyFlagged.length * minutesPerContact) / 60,
      rules: [...students].map(([rule, count]) => ({
        rule,
        students: count,
        isSetAside: setAside.some((each) => each.rule === rule),
      })),
    };
  });
  return {
    weeks,
    overlaps: [...pairs.values()],
    peopleEverFlagged: everFlagged.size,
    contactHours: weeks.reduce((sum, { contactHours }) => sum + contactHours, 0),
  };
}

function countPairs(
  pairs: Map<string, { a: IndicatorId; b: IndicatorId; both: number; either: number }>,
  ruleset: Ruleset,
  holding: ReadonlySet<IndicatorId>,
): void {
  if (holding.size === 0) return;
  const indicators = [...new Set(ruleset.rules.map(({ indicator }) => indicator))];
  for (const [index, a] of indicators.entries())
    for (const b of indicators.slice(index + 1)) {
      if (!holding.has(a) && !holding.has(b)) continue;
      const key = `${a} ${b}`;
      const pair = pairs.get(key) ?? { a, b, both: 0, either: 0 };
      pair.either++;
      if (holding.has(a) && holding.has(b)) pair.both++;
      pairs.set(key, pair);
    }
}

/** Who would be flagged by a proposed ruleset and is not by the present one, week by week; and the other way round. */
export function compareBackTests(
  present: BackTest,
  proposed: BackTest,
): { week: number; present: number; proposed: number; appears: string[]; disappears: string[] }[] {
  return proposed.weeks.map((week, index) => {
    const before = new Set(present.weeks[index]?.flagged);
    const after = new Set(week.flagged);
    return {
      week: week.week,
      present: before.size,
      proposed: after.size,
      appears: [...after].filter((person) => !before.has(person)),
      disappears: [...before].filter((person) => !after.has(person)),
    };
  });
}
