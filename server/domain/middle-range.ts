import type { IsoWeek } from './activity.ts';
import { minimumGroup } from './thresholds.ts';

/**
 * The middle half of a group: from the value a quarter of the way up to the one three quarters up. Undefined where
 * somebody in it would be compared with fewer than `minimumGroup` others. Values in any order.
 */
export function middleRange(values: readonly number[]): { from: number; to: number } | undefined {
  if (values.length < minimumGroup + 1) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return { from: quantile(sorted, 0.25), to: quantile(sorted, 0.75) };
}

export interface MiddleWeek {
  readonly week: IsoWeek;
  readonly from: number;
  readonly to: number;
}

/** The middle half of a course's active days, teaching week by teaching week; weeks with too few people are absent. */
export function middleWeeks(
  people: readonly { readonly weeks: readonly { week: IsoWeek; number?: number | undefined; activeDays: number }[] }[],
): MiddleWeek[] {
  const valuesOf = new Map<IsoWeek, number[]>();
  for (const { weeks } of people) {
    for (const { week, number, activeDays } of weeks) {
      if (number === undefined) continue;
      const values = valuesOf.get(week);
      if (values) values.push(activeDays);
      else valuesOf.set(week, [activeDays]);
    }
  }
  return [...valuesOf].flatMap(([week, values]) => {
    const range = middleRange(values);
    return range ? [{ week, ...range }] : [];
  });
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}
