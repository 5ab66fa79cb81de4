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

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}
