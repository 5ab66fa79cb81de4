import { dayNumber, toDay } from './days.ts';
import type { DaySpan, StudentFacts } from './facts.ts';
import { feedGap } from './thresholds.ts';
import type { SourceId } from './vocabulary.ts';

/** How many students of a course a source told anything of, by day number. */
export function countActiveStudents(students: readonly StudentFacts[], source: SourceId): Map<number, number> {
  const active = new Map<number, number>();
  for (const { rollUps } of students) {
    for (const { days } of rollUps) {
      for (const entry of days) {
        if (entry.source !== source) continue;
        const day = dayNumber(entry.day);
        active.set(day, (active.get(day) ?? 0) + 1);
      }
    }
  }
  return active;
}

/**
 * Finds the days on which a feed told nothing of anybody although the course usually has somebody there: nobody can say who
 * was. A run of silent days is a gap where its days would usually have seen `feedGap.studentDays` students together, each
 * counted once a day (boundary: `>=`). What a day usually sees is the mean of the same weekday in the latest weeks before
 * the run; days that do not count (vacations, pauses) say nothing about what is usual and are missed by nobody.
 *
 * `from` is the first and `to` the last day to look at, as day numbers; `to` should be over, as a day that has just begun is
 * silent too. Days before the feed's first event are not looked at (see
 * `findLateStart`). Late events close a gap: it is simply not found again.
 */
export function findFeedGaps(
  active: ReadonlyMap<number, number>,
  { from, to, countsDay }: { from: number; to: number; countsDay: (day: number) => boolean },
): DaySpan[] {
  const first = Math.max(from, Math.min(...active.keys()));
  const gaps: { from: number; to: number }[] = [];
  const isUsual = (day: number) =>
    day >= first && countsDay(day) && !gaps.some((gap) => gap.from <= day && day <= gap.to);
  for (let day = first; day <= to; day++) {
    if (active.has(day)) continue;
    let end = day;
    while (end < to && !active.has(end + 1)) end++;
    let missed = 0;
    for (let each = day; each <= end; each++) {
      if (countsDay(each)) missed += usualOn(each, day, active, isUsual);
    }
    if (missed >= feedGap.studentDays) gaps.push({ from: day, to: end });
    day = end;
  }
  return gaps.map((gap) => ({ from: toDay(gap.from), to: toDay(gap.to) }));
}

/**
 * The days of a course before anything was received of anybody, from whichever source: a feed that was connected late, or a
 * course that opened later than its dates say. Nobody can say who was there, and nobody was away. Undefined where there are
 * none, or nothing has come so far.
 */
export function findLateStart(
  students: readonly StudentFacts[],
  { from, to }: { from: number; to: number },
): DaySpan | undefined {
  let first = Number.POSITIVE_INFINITY;
  for (const { rollUps } of students)
    for (const { days } of rollUps) for (const { day } of days) first = Math.min(first, dayNumber(day));
  return first > from && first - 1 <= to ? { from: toDay(from), to: toDay(first - 1) } : undefined;
}

/** What a day usually sees, from days before `before`: the same weekday, or, in a young course, days of the same kind. */
function usualOn(
  day: number,
  before: number,
  active: ReadonlyMap<number, number>,
  isUsual: (day: number) => boolean,
): number {
  const sameWeekday: number[] = [];
  const sameKind: number[] = [];
  for (let each = before - 1; each >= before - feedGap.weeksBack * 7; each--) {
    if (!isUsual(each)) continue;
    if ((day - each) % 7 === 0) sameWeekday.push(active.get(each) ?? 0);
    if (isWeekend(each) === isWeekend(day)) sameKind.push(active.get(each) ?? 0);
  }
  const known = sameWeekday.length >= feedGap.minimumDays ? sameWeekday : sameKind;
  if (known.length < feedGap.minimumDays) return 0;
  return known.reduce((sum, count) => sum + count, 0) / known.length;
}

/** Day 0, 1970-01-01, was a Thursday. */
function isWeekend(day: number): boolean {
  return (((day + 3) % 7) + 7) % 7 >= 5;
}
