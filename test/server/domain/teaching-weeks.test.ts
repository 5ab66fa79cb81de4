import { describe, expect, test } from 'vitest';
import type { TeachingCalendar } from '../../../server/domain/facts.ts';
import { latestTeachingWeek, teachingWeekOf, teachingWeeks } from '../../../server/domain/teaching-weeks.ts';

const calendar: TeachingCalendar = {
  timeZone: 'Europe/London',
  firstDay: '2026-01-12',
  lastDay: '2026-05-01',
  vacations: [
    { from: '2026-02-18', to: '2026-02-19', label: 'Two days off' },
    { from: '2026-03-30', to: '2026-04-10', label: 'Easter' },
  ],
};

describe('teaching weeks', () => {
  test.each([
    ['2026-01-11', undefined, 0, 'before the course'],
    ['2026-01-12', 1, 1, 'the first day'],
    ['2026-01-18', 1, 1, 'the first Sunday'],
    ['2026-01-19', 2, 2, 'the second Monday'],
    ['2026-02-18', 6, 6, 'days off inside a week leave it a teaching week'],
    ['2026-03-29', 11, 11, 'the last day before a vacation'],
    ['2026-03-30', undefined, 11, 'a vacation from Monday'],
    ['2026-04-12', undefined, 11, 'the weekend after a vacation that ended on Friday'],
    ['2026-04-13', 12, 12, 'numbers go on where they stopped'],
    ['2026-05-01', 14, 14, 'the last day'],
    ['2026-05-02', undefined, 14, 'after the course'],
  ] as [string, number | undefined, number, string][])(
    '%s is in week %s, the latest being %s: %s',
    (day, week, latest) => {
      expect(teachingWeekOf(calendar, day)).toBe(week);
      expect(latestTeachingWeek(teachingWeeks(calendar), day)).toBe(latest);
    },
  );

  test('show vacations by name and cut the first and last week to the course', () => {
    const weeks = teachingWeeks({ ...calendar, firstDay: '2026-01-14' });
    expect(weeks[0]).toEqual({ number: 1, week: '2026-W03', firstDay: '2026-01-14', lastDay: '2026-01-18' });
    expect(weeks.at(-1)).toMatchObject({ firstDay: '2026-04-27', lastDay: '2026-05-01' });
    expect(
      weeks.filter(({ vacation }) => vacation !== undefined).map(({ week, vacation }) => [week, vacation]),
    ).toEqual([
      ['2026-W14', 'Easter'],
      ['2026-W15', 'Easter'],
    ]);
  });

  test('of a course that begins on a Saturday begin with that weekend', () => {
    expect(teachingWeekOf({ ...calendar, firstDay: '2026-01-10' }, '2026-01-10')).toBe(1);
  });
});
