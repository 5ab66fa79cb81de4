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
  test.each<[string, Parameters<typeof compute>[0], boolean, string[]?]>([
    ['on one day of fourteen', { ago: [7] }, false],
    ['on two days of fourteen', { ago: [7, 9] }, true, ['few-visits']],
    ['on three days of fourteen', { ago: [7, 9, 11] }, true],
    ['on one day that we know of, four days ago', { ago: [4] }, false],
    ['on one day that we know of, three days ago', { ago: [3] }, true, ['few-visits']],
    [
      'on one day, and the rule looks back twice as far',
      { ago: [7], rules: [{ ...recency, threshold: 28 }] },
      true,
      ['few-visits'],
    ],
    ['on one day, and the rule looks back a day less', { ago: [7], rules: [{ ...recency, threshold: 27 }] }, false],
    ['on two days, and the rule looks back one week', { ago: [3, 10], rules: [{ ...recency, threshold: 7 }] }, false],
    [
      'on four days, and the rule looks back one week',
      { ago: [3, 5, 10, 12], rules: [{ ...recency, threshold: 7 }] },
      true,
    ],
    ['on one day, in a class of four', { ago: [7], people: 3 }, true],
  ])('%s: a rule of presence flags somebody %o: %s', (_, situation, isRaised, said = []) => {
    const { flagChanges, notices } = compute(situation);
    expect(flagChanges.map(({ flag }) => flag.personId)).toEqual(isRaised ? ['quiet'] : []);
    expect(notices.map(({ about }) => about)).toEqual(isRaised ? said : ['seldom-here']);
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

const presence: readonly string[] = ['recency', 'relative-activity', 'own-trend'];

describe('where Moodle has been read for a few days only, and no feed tells of presence', () => {
  /** Everybody is known by one day in each fortnight, as dated steps leave it; one was last seen five weeks ago. */
  const noticesWhenReadSince = (day: number | undefined, source: 'moodle' | 'xapi' = 'moodle') => {
    const { notices } = computeCourse({
      course: aCourse(now, {
        sources: [{ source, speaksOf: ['presence'], okAt: now, gaps: [], readSince: day && onDay(day) }],
      }),
      students: [
        aStudent([20], { personId: 'quiet' }),
        ...Array.from({ length: 10 }, (_, n) => aStudent([20, 34, 48], { personId: `other-${n}` })),
      ],
      ruleset: { version: 1, rules: defaultRuleset().rules.filter(({ indicator }) => presence.includes(indicator)) },
      flags: [],
      now,
    });
    return notices.map((notice) => sayNotice(notice, loadPolicyPack('qmul').words));
  };

  test('the tutor reads why a rule is silent, and until when', () => {
    expect(noticesWhenReadSince(50)).toEqual([
      expect.stringMatching(/^So few days are known of the class yet .* “Days since last seen” .* about 24 November/),
      expect.stringMatching(/“Active days beside the class” flags nobody for now/),
      expect.stringMatching(
        /^QMplus has been read each day since 10 November.* see them whole from 24 November.* usual weeks are whole from 22 December/,
      ),
    ]);
  });
  test('after two weeks it is the class again that is seldom here, and own usual weeks are still young', () => {
    const said = noticesWhenReadSince(41);
    expect(said[0]).toContain('Not to be seen here is nothing unusual then');
    expect(said.at(-1)).toMatch(/handed in, posted or finished is known. Comparisons with a student’s own usual weeks/);
  });
  test('nothing of it is said where it was read from the start, long enough, or a feed tells', () => {
    for (const said of [noticesWhenReadSince(0), noticesWhenReadSince(13), noticesWhenReadSince(50, 'xapi')])
      expect(said.join()).not.toContain('has been read each day');
  });
});
