import { minimumUsualWeeks, usualWeeks } from './thresholds.ts';

/** A finished week as the student's own usual sees it. */
export interface LivedWeek {
  readonly activeDays: number;
  /** A teaching week with the student in the course, data for it, and no pause. */
  readonly counts: boolean;
}

/**
 * A student's own usual week: the middle one (median) of the latest weeks that count, so that one unusual week moves
 * nothing. Takes finished weeks, the oldest first; undefined while too few of them count.
 */
export function ownUsual(weeks: readonly LivedWeek[]): { activeDays: number; weeks: number } | undefined {
  const latest = weeks
    .filter((week) => week.counts)
    .slice(-usualWeeks)
    .map((week) => week.activeDays)
    .sort((a, b) => a - b);
  if (latest.length < minimumUsualWeeks) return undefined;
  const upper = latest[Math.floor(latest.length / 2)] ?? 0;
  const lower = latest[Math.floor((latest.length - 1) / 2)] ?? 0;
  const activeDays = (upper + lower) / 2;
  // A usual of nothing says nothing that could help.
  return activeDays === 0 ? undefined : { activeDays, weeks: latest.length };
}
