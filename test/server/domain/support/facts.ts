import { dayNumber, startOfDay, toDay } from '../../../../server/domain/days.ts';
import type { CourseFacts, SourceHealth, StudentFacts } from '../../../../server/domain/facts.ts';
import type { RollUp } from '../../../../server/domain/activity.ts';
import { groupByWeek, mergeRollUp } from '../../../../server/domain/roll-up.ts';

export const zone = 'Europe/London';
/** Monday of the first teaching week of the course that tests share. */
export const firstDay = '2026-09-21';

/** A moment of the course's own time: day 0 is its first Monday. */
export function onDay(day: number, hour = 12): number {
  return startOfDay(toDay(dayNumber(firstDay) + day), zone) + hour * 3_600_000;
}

/** Day 0 is the first Monday. */
export function dayName(day: number): string {
  return toDay(dayNumber(firstDay) + day);
}

export function aSource(now: number, change: Partial<SourceHealth> = {}): SourceHealth {
  return {
    source: 'xapi',
    speaksOf: ['presence', 'submissions', 'completion', 'attendance', 'lecture-capture'],
    okAt: now,
    gaps: [],
    ...change,
  };
}

/** Twelve teaching weeks, one healthy source. */
export function aCourse(now: number, change: Partial<CourseFacts> = {}): CourseFacts {
  return {
    calendar: { timeZone: zone, firstDay, lastDay: dayName(12 * 7 - 1), vacations: [] },
    assessments: [],
    items: [],
    recordings: [],
    sources: [aSource(now)],
    pauses: [],
    ...change,
  };
}

/** Roll-ups of one view at noon on each of these days of the course. */
export function viewsOn(days: readonly number[], personId = 'someone'): RollUp[] {
  const activities = days.map((day, index) => ({
    eventId: `${personId}-${day}-${index}`,
    kind: 'view' as const,
    at: onDay(day),
    source: 'xapi' as const,
    objectId: `page-${((day % 5) + 5) % 5}`,
  }));
  return [...groupByWeek(activities, zone)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => mergeRollUp(undefined, group, zone).rollUp);
}

export function aStudent(activeDays: readonly number[], change: Partial<StudentFacts> = {}): StudentFacts {
  const personId = change.personId ?? 'someone';
  return { personId, rollUps: viewsOn(activeDays, personId), pauses: [], corrections: [], ...change };
}

/** Days from..to (both included), every `step`. */
export function days(from: number, to: number, step = 1): number[] {
  const result: number[] = [];
  for (let day = from; day <= to; day += step) result.push(day);
  return result;
}

/** Classmates who are there on every second day up to `upTo`. */
export function classmates(count: number, upTo: number): StudentFacts[] {
  return Array.from({ length: count }, (_, index) => aStudent(days(0, upTo, 2), { personId: `classmate-${index}` }));
}
