/** The 97.5 % point of the normal distribution: two-sided 95 % intervals. */
export const z95 = 1.959964;

export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** A share with Wilson's 95 % interval, which behaves for small groups and shares near 0 and 1. */
export function shareInterval(successes: number, of: number): Interval {
  if (of === 0) return { estimate: Number.NaN, low: 0, high: 1 };
  const share = successes / of;
  const square = z95 * z95;
  const middle = (share + square / (2 * of)) / (1 + square / of);
  const half = (z95 / (1 + square / of)) * Math.sqrt((share * (1 - share)) / of + square / (4 * of * of));
  return { estimate: share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Mean and sample variance; the variance of fewer than two values is unknown and given as 0. */
export function meanAndVariance(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, variance: 0 };
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) };
}
