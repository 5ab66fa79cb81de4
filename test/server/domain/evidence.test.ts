import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backTest, compareBackTests, measurePastWeeks } from '../../../server/domain/back-test.ts';
import { evaluateActions, type FlaggedCase } from '../../../server/domain/evaluation.ts';
import { reportFairness, type FairnessGroup } from '../../../server/domain/fairness.ts';
import { shareInterval } from '../../../server/domain/intervals.ts';
import { defaultRuleset, type Ruleset } from '../../../server/domain/rules.ts';
import { aCourse, aStudent, classmates, dayName, days, onDay } from './support/facts.ts';

describe('a back-test over a course’s own past weeks', () => {
  const now = onDay(70);
  // Quiet from day 21 on; back from day 49.
  const quiet = aStudent([...days(0, 20, 2), ...days(49, 69, 2)], {
    personId: 'quiet',
    submissions: [{ assessmentId: 'a1', submittedAt: onDay(50) }],
  });
  const others = classmates(14, 69).map((student) => ({
    ...student,
    submissions: [{ assessmentId: 'a1', submittedAt: onDay(30) }],
  }));
  const course = aCourse(now, { assessments: [{ id: 'a1', title: 'Essay', kind: 'assignment', dueAt: onDay(33) }] });
  const pastWeeks = measurePastWeeks(course, [quiet, ...others], now);

  test('knows at the end of each week only what was known then', () => {
    const missing = pastWeeks.map(({ measured }) => {
      const found = measured.students[0]!.measurements.find(({ id }) => id === 'submissions')!;
      return found.state === 'measured' ? found.value : found.reason;
    });
    const none = 'nothing-due';
    expect(missing).toEqual([none, none, none, none, 1, 1, 1, 0, 0, 0]);
  });

  test('says who would have been flagged, newly and in all, and for how many hours of contact', () => {
    const result = backTest(pastWeeks, defaultRuleset(), 20);
    expect(result.weeks.map(({ week, flagged }) => [week, flagged.length])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
      [5, 1],
      [6, 1],
      [7, 1],
      [8, 0],
      [9, 0],
      [10, 0],
    ]);
    expect(result.weeks.filter(({ newlyFlagged }) => newlyFlagged.length > 0)).toMatchObject([
      { week: 5, contactHours: 1 / 3 },
    ]);
    expect(result.peopleEverFlagged).toBe(1);
    expect(result.overlaps).toContainEqual({ a: 'recency', b: 'relative-activity', both: 3, either: 3 });
  });

  test('shows what a change of threshold would change', () => {
    const eager: Ruleset = {
      version: 2,
      rules: defaultRuleset().rules.map((rule) => (rule.indicator === 'recency' ? { ...rule, threshold: 7 } : rule)),
    };
    const changes = compareBackTests(backTest(pastWeeks, defaultRuleset(), 20), backTest(pastWeeks, eager, 20));
    expect(changes.filter(({ appears }) => appears.length > 0)).toEqual([
      { week: 4, present: 0, proposed: 1, appears: ['quiet'], disappears: [] },
    ]);
  });

  test('leaves out weeks of vacation and the week that is not over', () => {
    const withVacation = aCourse(onDay(40), {
      calendar: { ...course.calendar, vacations: [{ from: dayName(14), to: dayName(20), label: 'Reading week' }] },
    });
    expect(measurePastWeeks(withVacation, [quiet], onDay(40)).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });
});

describe('what helped', () => {
  const now = onDay(200);
  /** Everybody has `before` active days before any moment, and comes back by `after` days. */
  const aCase = (before: number, after: number, action?: FlaggedCase['action']): FlaggedCase => ({
    openedAt: onDay(50),
    ...(action ? { action } : {}),
    activeDays: (from) => (from < onDay(50) ? before : after),
  });
  const email = { at: onDay(52), category: 'supportive', channel: 'university-email' };
  const phone = { at: onDay(60), category: 'referral', channel: 'phone' };

  test('is the difference to comparable students, not to before: coming back alone is no effect', () => {
    const cases = [
      ...Array.from({ length: 12 }, (_, n) => aCase(1, 4 + (n % 3), email)),
      ...Array.from({ length: 12 }, (_, n) => aCase(1, 4 + (n % 3))),
    ];
    const { all } = evaluateActions(cases, now);
    expect(all).toMatchObject({ withAction: 12, without: 12 });
    expect(all.difference!.estimate).toBeCloseTo(0);
    expect(all.difference!.low).toBeLessThan(0);
    expect(all.difference!.high).toBeGreaterThan(0);
  });

  test('is adjusted for how active people were before', () => {
    const cases = [
      // The action goes mostly to those who were quietest; it adds two days at every level.
      ...Array.from({ length: 20 }, (_, n) => aCase(0, 3 + (n % 2), email)),
      ...Array.from({ length: 4 }, (_, n) => aCase(7, 10 + (n % 2), email)),
      ...Array.from({ length: 4 }, (_, n) => aCase(0, 1 + (n % 2))),
      ...Array.from({ length: 20 }, (_, n) => aCase(7, 8 + (n % 2))),
    ];
    expect(evaluateActions(cases, now).all.difference!.estimate).toBeCloseTo(2);
  });

  test('says nothing of groups under ten, or of people whom nobody resembles', () => {
    const nine = [
      ...Array.from({ length: 9 }, () => aCase(1, 5, phone)),
      ...Array.from({ length: 12 }, () => aCase(1, 4)),
    ];
    expect(evaluateActions(nine, now).all).toMatchObject({ suppressed: 'group-too-small' });
    expect(evaluateActions(nine, now).byCategory[0]).not.toHaveProperty('difference');
    const unlike = [
      ...Array.from({ length: 12 }, () => aCase(0, 5, email)),
      ...Array.from({ length: 12 }, () => aCase(9, 9)),
    ];
    expect(evaluateActions(unlike, now).all).toMatchObject({ suppressed: 'nobody-comparable' });
    expect(evaluateActions([], now).all).toMatchObject({ suppressed: 'group-too-small' });
  });

  test('does not count people as comparable who had come back by then, or whose window is not over', () => {
    const cases = [
      ...Array.from({ length: 12 }, () => aCase(1, 5, email)),
      ...Array.from({ length: 12 }, () => ({ ...aCase(1, 14), endedAt: onDay(51) })),
    ];
    expect(evaluateActions(cases, now).all.without).toBe(0);
    expect(evaluateActions(cases, onDay(60)).all.withAction).toBe(0);
  });

  test('is told apart by category, channel and time', () => {
    const cases = [
      ...Array.from({ length: 12 }, () => aCase(1, 5, email)),
      ...Array.from({ length: 12 }, () => aCase(1, 5, phone)),
    ];
    const result = evaluateActions(cases, now);
    expect(result.byCategory.map(({ group }) => group)).toEqual(['referral', 'supportive']);
    expect(result.byChannel.map(({ group }) => group)).toEqual(['phone', 'university-email']);
    expect(result.byTiming.map(({ group }) => group)).toEqual(['in the second week', 'within a week']);
  });
});

describe('the fairness report', () => {
  const rows = (group: string, people: number, flagged: number, contacted: number) =>
    Array.from({ length: people }, (_, n) => ({
      groups: { joined: group },
      wasFlagged: n < flagged,
      wasContacted: n < contacted,
    }));

  test('gives rates with intervals, marks a group that stands out, and hides small ones', () => {
    const report = reportFairness([
      ...rows('week 1', 200, 20, 12),
      ...rows('week 3', 60, 30, 15),
      ...rows('week 8', 9, 2, 1),
      ...rows('week 9', 9, 9, 9),
    ]);
    expect(report.map(({ group, people, standsOut }) => [group, people, standsOut])).toEqual([
      ['week 1', 200, true],
      ['week 3', 60, true],
      ['week 8', 9, false],
      ['week 9', 9, false],
    ]);
    expect(report[0]).toMatchObject({ flagged: { estimate: 0.1 }, contacted: { estimate: 0.6 } });
    expect(report[2]).not.toHaveProperty('flagged');
    expect(report[3]).not.toHaveProperty('flagged');
  });

  test('hides a second group with one that is small alone, so that nobody can subtract', () => {
    const report = reportFairness([...rows('a', 40, 12, 6), ...rows('b', 30, 11, 6), ...rows('c', 9, 5, 5)]);
    expect(report.map(({ group, flagged }) => [group, flagged !== undefined])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
    ]);
    const two = reportFairness([...rows('a', 40, 12, 6), ...rows('c', 9, 5, 5)]);
    expect(two.some(({ flagged, contacted, standsOut }) => flagged ?? contacted ?? standsOut)).toBe(false);
  });

  test.each<[string, readonly [string, number][], string]>([
    [
      'two small ones that are few together',
      [
        ['a', 40],
        ['b', 30],
        ['c', 1],
        ['d', 2],
      ],
      'a',
    ],
    [
      'two small ones that are enough together',
      [
        ['a', 40],
        ['b', 30],
        ['c', 5],
        ['d', 5],
      ],
      'a b',
    ],
    [
      'small ones only',
      [
        ['a', 9],
        ['b', 9],
      ],
      '',
    ],
    [
      'none',
      [
        ['a', 10],
        ['b', 10],
      ],
      'a b',
    ],
  ])('hides %s with as many others as it takes for what is left to tell nothing', (_, sizes, shown) => {
    const report = reportFairness(sizes.flatMap(([group, people]) => rows(group, people, people, 1)));
    expect(report.flatMap(({ group, flagged }) => (flagged ? [group] : [])).join(' ')).toBe(shown);
    // All were flagged: the rate of contact is hidden by the same rule.
    expect(report.flatMap(({ group, contacted }) => (contacted ? [group] : [])).join(' ')).toBe(shown);
  });

  test('whatever the sizes of the groups, what is hidden is nobody or many', () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 200 }));
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 200 }),
        (sizes, flagged) => {
          const report = reportFairness(sizes.flatMap((people, n) => rows(`group ${n}`, people, flagged, n)));
          for (const [shown, sizeOf] of [
            [({ flagged: rate }) => rate !== undefined, ({ people }) => people],
            [({ contacted }) => contacted !== undefined, ({ people }) => Math.min(people, flagged)],
          ] as readonly [(group: FairnessGroup) => boolean, (group: FairnessGroup) => number][]) {
            const sum = (groups: readonly FairnessGroup[]) => groups.reduce((total, group) => total + sizeOf(group), 0);
            const hidden = report.filter((group) => !shown(group));
            expect(report.filter(shown).every((group) => sizeOf(group) >= 10)).toBe(true);
            if (hidden.length < report.length && hidden.length > 0) {
              expect(hidden.length).toBeGreaterThan(1);
              expect(sum(hidden)).toBeGreaterThanOrEqual(10);
            }
          }
        },
      ),
    );
  });

  test('tells of everybody in each dimension, so that one subtracted from another tells of nobody', () => {
    const some = rows('week 1', 40, 8, 4).map((row, n) => ({
      ...row,
      groups: { ...row.groups, ...(n < 36 && { mode: n < 20 ? 'full time' : 'part time' }) },
    }));
    const byMode = reportFairness(some).filter(({ by }) => by === 'mode');
    expect(byMode.map(({ group, people, flagged }) => [group, people, flagged !== undefined])).toEqual([
      ['full time', 20, true],
      ['not said', 4, false],
      ['part time', 16, false],
    ]);
  });

  test('shows a contact rate only where enough were flagged in it', () => {
    const [a, b] = reportFairness([...rows('a', 40, 12, 6), ...rows('b', 30, 9, 6)]);
    expect(a).toMatchObject({ flagged: { estimate: 0.3 } });
    expect(b).toMatchObject({ flagged: { estimate: 0.3 } });
    expect([a?.contacted, b?.contacted]).toEqual([undefined, undefined]);
  });

  test('intervals hold at the edges', () => {
    expect(shareInterval(0, 10).low).toBe(0);
    expect(shareInterval(0, 10).high).toBeCloseTo(0.278, 2);
    expect(shareInterval(10, 10).high).toBeCloseTo(1);
    expect(shareInterval(0, 0)).toMatchObject({ low: 0, high: 1 });
  });
});
