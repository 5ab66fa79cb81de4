import { describe, expect, test } from 'vitest';
import { computeCourse } from '../../../server/domain/compute-course.ts';
import type { Flag } from '../../../server/domain/flags.ts';
import { defaultRuleset, type Rule } from '../../../server/domain/rules.ts';
import { sayNotice } from '../../../server/features/flags/notice-words.ts';
import { loadPolicyPack } from '../../../server/policy/load-pack.ts';
import { aCourse, aStudent, days, onDay } from './support/facts.ts';

/** Today is day 55; the last fortnight began on day 42. */
const now = onDay(55);
const recency: Rule = { indicator: 'recency', comparison: '>=', threshold: 14, fromWeek: 2, strength: 'strong' };

/** Ten people who came so many days before the end of each fortnight, and one who stopped coming after day 20. */
function compute({
  ago,
  rules = [recency],
  people = 10,
  flags = [],
  lastDay = 20,
}: {
  ago: readonly number[];
  rules?: readonly Rule[];
  people?: number;
  flags?: readonly Flag[];
  lastDay?: number;
}) {
  const each = days(0, 55).filter((day) => ago.includes((55 - day) % 14));
  return computeCourse({
    course: aCourse(now),
    students: [
      aStudent(days(0, lastDay, 2), { personId: 'quiet' }),
      ...Array.from({ length: people }, (_, n) => aStudent(each, { personId: `other-${n}` })),
    ],
    ruleset: { version: 1, rules },
    flags,
    now,
  });
}

describe('in a course in which most of the class is seldom seen', () => {
  test.each<[string, Parameters<typeof compute>[0], boolean]>([
    ['on one day of fourteen', { ago: [7] }, false],
    ['on two days of fourteen', { ago: [7, 9] }, true],
    ['on one day that we know of, four days ago', { ago: [4] }, false],
    ['on one day that we know of, three days ago', { ago: [3] }, true],
    ['on one day, and the rule looks back twice as far', { ago: [7], rules: [{ ...recency, threshold: 28 }] }, true],
    ['on one day, and the rule looks back a day less', { ago: [7], rules: [{ ...recency, threshold: 27 }] }, false],
    ['on two days, and the rule looks back one week', { ago: [3, 10], rules: [{ ...recency, threshold: 7 }] }, false],
    [
      'on four days, and the rule looks back one week',
      { ago: [3, 5, 10, 12], rules: [{ ...recency, threshold: 7 }] },
      true,
    ],
    ['on one day, in a class of four', { ago: [7], people: 3 }, true],
  ])('%s: a rule of presence flags somebody %o: %s', (_, situation, isRaised) => {
    const { flagChanges, notices } = compute(situation);
    expect(flagChanges.map(({ flag }) => flag.personId)).toEqual(isRaised ? ['quiet'] : []);
    expect(notices.map(({ about }) => about)).toEqual(isRaised ? [] : ['seldom-here']);
  });

  test('the rules on coursework speak all the same, and nothing is said of rules that nobody meets', () => {
    const coursework: Rule = { ...recency, indicator: 'submissions', threshold: 1 };
    const course = aCourse(now, {
      assessments: [{ id: 'a', title: 'Essay', kind: 'assignment', dueAt: onDay(30) }],
    });
    const { flagChanges, notices } = computeCourse({
      course,
      students: Array.from({ length: 8 }, (_, n) =>
        aStudent([43], {
          personId: `person-${n}`,
          submissions: n === 0 ? [] : [{ assessmentId: 'a', submittedAt: onDay(29) }],
        }),
      ),
      ruleset: { version: 1, rules: [recency, coursework] },
      flags: [],
      now,
    });
    expect(flagChanges.map(({ flag }) => flag.personId)).toEqual(['person-0']);
    expect(notices).toEqual([]);
  });

  test('a flag that was raised before stays for whoever is still away, and is settled for whoever came back', () => {
    const { flagChanges } = compute({ ago: [7, 9] });
    const flags = flagChanges.map(({ flag }) => ({ ...flag, openedAt: onDay(40) }));
    expect(flags).toHaveLength(1);
    expect(compute({ ago: [7], flags }).flagChanges).toEqual([]);
    expect(compute({ ago: [7], flags, lastDay: 54 }).flagChanges).toMatchObject([
      { what: 'settled', flag: { state: 'resolved', history: [{}, { reason: 'engaging-again' }] } },
    ]);
  });

  test('the tutor reads why, in days', () => {
    const { notices } = compute({ ago: [7], rules: defaultRuleset().rules });
    expect(notices.map((notice) => sayNotice(notice, loadPolicyPack('qmul').words))).toContain(
      'More than half of the students were seen in the module on 1 day or fewer of the last 14 that count. Not to be seen here is nothing unusual then, so the rule on “Days since last seen” flags nobody for now.',
    );
  });
});
