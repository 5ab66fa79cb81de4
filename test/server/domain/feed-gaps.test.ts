import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeCourse } from '../../../server/domain/compute-course.ts';
import { dayNumber, toDay } from '../../../server/domain/days.ts';
import type { StudentFacts } from '../../../server/domain/facts.ts';
import { countActiveStudents, findFeedGaps, findLateStart } from '../../../server/domain/feed-gaps.ts';
import { defaultRuleset } from '../../../server/domain/rules.ts';
import { aCourse, aSource, aStudent, classmates, days, firstDay, onDay } from './support/facts.ts';

const start = dayNumber(firstDay);
const today = 41;

/** A class of so many on each weekday, nobody at weekends, up to yesterday; day 0 is a Monday. */
function classOf(students: number, silent: readonly number[] = [], upTo = today - 1): Map<number, number> {
  const active = new Map<number, number>();
  for (let day = 0; day <= upTo; day++) {
    if (day % 7 < 5 && !silent.includes(day)) active.set(start + day, students);
  }
  return active;
}
const find = (active: ReadonlyMap<number, number>, vacation: readonly number[] = []) =>
  findFeedGaps(active, {
    from: start,
    to: start + today - 1,
    countsDay: (day) => !vacation.includes(day - start),
  }).map(({ from, to }) => [dayNumber(from) - start, dayNumber(to) - start]);

describe('silence of a feed', () => {
  test.each<[string, Map<number, number>, number[][], number[]?]>([
    ['nothing is missing: weekends are always quiet', classOf(40), []],
    ['one weekday of a class of ten: at the boundary', classOf(10, [30]), [[30, 30]]],
    ['one weekday of a class of nine: below it', classOf(9, [30]), []],
    ['two weekdays of a class of five: together at the boundary', classOf(5, [29, 30]), [[29, 30]]],
    ['two weekdays of a class of four: below it', classOf(4, [29, 30]), []],
    ['from Friday to Monday, the weekend with it', classOf(20, [25, 28]), [[25, 28]]],
    ['up to yesterday', classOf(20, [37, 38, 39]), [[37, 40]]],
    [
      'twice',
      classOf(20, [15, 30, 31]),
      [
        [15, 15],
        [30, 31],
      ],
    ],
    ['in a vacation nobody is missed', classOf(20, [28, 29, 30, 31, 32]), [], [28, 29, 30, 31, 32]],
    ['in the first week nobody knows what is usual', classOf(20, [1]), []],
    ['in the second week other weekdays say what is usual', classOf(20, [8]), [[8, 8]]],
    ['before the first event of a feed that began late', classOf(20, days(0, 20)), []],
    ['no event at all', new Map(), []],
  ])('%s', (_name, active, expected, vacation) => {
    expect(find(active, vacation)).toEqual(expected);
  });

  test('a long gap does not make silence usual', () => {
    expect(find(classOf(20, [...days(14, 25), 35]))).toEqual([
      [12, 27],
      [33, 35],
    ]);
  });

  test('counts each student once a day, by the source that told of them', () => {
    const students = [aStudent([1, 1, 2]), aStudent([2], { personId: 'other' })];
    expect([...countActiveStudents(students, 'xapi')]).toEqual([
      [start + 1, 1],
      [start + 2, 2],
    ]);
    expect(countActiveStudents(students, 'caliper').size).toBe(0);
  });
});

describe('a feed that began late', () => {
  const now = onDay(41, 18);
  // Connected on day 38: two thirds of the class have come by since, on some day.
  const students = [
    ...Array.from({ length: 8 }, (_, n) => aStudent([38 + (n % 4)], { personId: `seen-${n}` })),
    ...Array.from({ length: 4 }, (_, n) => aStudent([], { personId: `not-yet-${n}` })),
  ];
  const raised = (gaps: { from: string; to: string }[]) =>
    computeCourse({
      course: aCourse(now, { sources: [aSource(now, { gaps })] }),
      students,
      ruleset: defaultRuleset(),
      flags: [],
      now,
    }).flagChanges;

  test('calls nobody away in the days before', () => {
    const late = findLateStart(students, { from: start, to: start + 40 });
    expect(late).toEqual({ from: firstDay, to: toDay(start + 37) });
    expect(raised([late!])).toEqual([]);
  });

  test.each([
    ['on the first day of the course', [aStudent([0, 5])], undefined],
    ['before the course', [aStudent([-3])], undefined],
    ['a day late', [aStudent([5]), aStudent([1], { personId: 'other' })], { from: firstDay, to: firstDay }],
    ['not at all so far', [aStudent([])], undefined],
    ['only today', [aStudent([41])], { from: firstDay, to: toDay(start + 40) }],
  ])('began %s', (_, someStudents, expected) => {
    expect(findLateStart(someStudents, { from: start, to: start + 40 })).toEqual(expected);
  });
});

test('a gap that is found raises no flag that the whole data would not raise', () => {
  const now = onDay(55);
  const others = classmates(30, 54);
  fc.assert(
    fc.property(
      fc.integer({ min: 14, max: 52 }),
      fc.integer({ min: 2, max: 15 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 54 }), { maxLength: 40 }),
      (from, length, active) => {
        const lost = new Set(days(from, Math.min(54, from + length - 1)));
        const student = aStudent(active);
        const withoutLost = ({ rollUps, ...rest }: StudentFacts): StudentFacts => ({
          ...rest,
          rollUps: rollUps.map((rollUp) => ({
            ...rollUp,
            days: rollUp.days.filter(({ day }) => !lost.has(dayNumber(day) - start)),
          })),
        });
        const received = [student, ...others].map(withoutLost);
        const gaps = findFeedGaps(countActiveStudents(received, 'xapi'), {
          from: start,
          to: start + 54,
          countsDay: () => true,
        });
        for (const day of lost) {
          expect(gaps.some((gap) => gap.from <= toDay(start + day) && toDay(start + day) <= gap.to)).toBe(true);
        }
        const raised = (students: StudentFacts[], sources = [aSource(now)]) =>
          computeCourse({
            course: aCourse(now, { sources }),
            students,
            ruleset: defaultRuleset(),
            flags: [],
            now,
          }).flagChanges.map(({ flag }) => `${flag.personId} ${flag.kind}`);
        expect(raised([student, ...others])).toEqual(
          expect.arrayContaining(raised(received, [aSource(now, { gaps })])),
        );
      },
    ),
    { numRuns: 200 },
  );
});
