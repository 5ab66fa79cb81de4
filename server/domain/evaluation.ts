import type { Interval } from './intervals.ts';
import { meanAndVariance, z95 } from './intervals.ts';
import { minimumEvaluationGroup } from './thresholds.ts';

/**
 * What helped: students with an action, beside comparable flagged students without one at that time. Not an experiment:
 * it adjusts for how active people were before, and for nothing that is not recorded.
 */

/** One support flag, with what is needed to compare it. Times in milliseconds since the epoch. */
export interface FlaggedCase {
  readonly openedAt: number;
  /** When the flag cleared or was closed, where it did. */
  readonly endedAt?: number | undefined;
  /** The first action after the flag was opened, where there was one. */
  readonly action?: { readonly at: number; readonly category: string; readonly channel: string } | undefined;
  /** Active days of this student in the so many days from a moment on, or undefined where that is not known. */
  activeDays(from: number, days: number): number | undefined;
}

export interface Comparison {
  readonly group: string;
  readonly withAction: number;
  readonly without: number;
  /** Active days in the 14 days after, more (or fewer) than the comparable students; absent where suppressed. */
  readonly difference?: Interval | undefined;
  readonly suppressed?: 'group-too-small' | 'nobody-comparable' | undefined;
}

export interface Evaluation {
  readonly all: Comparison;
  readonly byCategory: readonly Comparison[];
  readonly byChannel: readonly Comparison[];
  readonly byTiming: readonly Comparison[];
  readonly caution: string;
}

const dayMs = 86_400_000;
/** Days before and after that are compared. */
const windowDays = 14;
/** Upper bounds of the levels before within which people count as comparable: 0, 1–2, 3–5, more active days. */
const levels = [0, 2, 5];

export const evaluationCaution =
  'A simple before and after would mislead: people are flagged when they are at their quietest, and many come back by themselves. So each group is set beside flagged students who were as quiet before and had no action at that time. Staff choose whom to contact for reasons that are not in the data, so a difference is a hint and no proof.';

interface Compared {
  readonly before: number;
  readonly after: number;
}

/**
 * Compares what followed an action with what followed at comparable students without one.
 *
 * Each student with an action is looked at from the day of the action. Those without are looked at the same time after
 * their flag (the middle delay of the others) and only if the flag was still standing, or else people who had already
 * come back would be counted as "without an action". Means are weighted to the levels before of those with an action.
 */
export function evaluateActions(cases: readonly FlaggedCase[], now: number): Evaluation {
  const acted = cases.filter((each) => each.action !== undefined);
  const delays = acted.map((each) => (each.action?.at ?? 0) - each.openedAt).sort((a, b) => a - b);
  const middleDelay = delays[delays.length >> 1] ?? 0;
  const without = cases.flatMap((each) => {
    const index = each.openedAt + middleDelay;
    const stillStands = each.endedAt === undefined || each.endedAt > index;
    // Somebody whose action came only later was without one for the whole of the window.
    const actsLater = each.action !== undefined && each.action.at >= index + windowDays * dayMs;
    if (!stillStands || (each.action !== undefined && !actsLater)) return [];
    return look(each, index, now);
  });

  const group = (name: string, chosen: readonly FlaggedCase[]) =>
    compare(
      name,
      chosen.flatMap((each) => (each.action ? look(each, each.action.at, now) : [])),
      without,
    );
  const by = (key: (action: NonNullable<FlaggedCase['action']>, each: FlaggedCase) => string) => {
    const groups = new Map<string, FlaggedCase[]>();
    for (const each of acted) {
      if (!each.action) continue;
      const name = key(each.action, each);
      groups.set(name, [...(groups.get(name) ?? []), each]);
    }
    return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, chosen]) => group(name, chosen));
  };
  return {
    all: group('all', acted),
    byCategory: by((action) => action.category),
    byChannel: by((action) => action.channel),
    byTiming: by((action, each) => timingOf(action.at - each.openedAt)),
    caution: evaluationCaution,
  };
}

function timingOf(delay: number): string {
  if (delay < 7 * dayMs) return 'within a week';
  return delay < 14 * dayMs ? 'in the second week' : 'later';
}

function look(each: FlaggedCase, index: number, now: number): Compared[] {
  if (index + windowDays * dayMs > now) return [];
  const before = each.activeDays(index - windowDays * dayMs, windowDays);
  const after = each.activeDays(index, windowDays);
  return before === undefined || after === undefined ? [] : [{ before, after }];
}

function compare(group: string, withAction: readonly Compared[], without: readonly Compared[]): Comparison {
  const counts = { group, withAction: withAction.length, without: without.length };
  if (withAction.length < minimumEvaluationGroup || without.length < minimumEvaluationGroup)
    return { ...counts, suppressed: 'group-too-small' };

  const levelOf = ({ before }: Compared) => levels.findIndex((upper) => before <= upper);
  let estimate = 0;
  let variance = 0;
  let matched = 0;
  for (let level = -1; level < levels.length; level++) {
    const here = withAction.filter((each) => levelOf(each) === level).map(({ after }) => after);
    const there = without.filter((each) => levelOf(each) === level).map(({ after }) => after);
    // One person on a side has no spread of their own, and would make the interval look surer than it is.
    if (here.length < 2 || there.length < 2) continue;
    const a = meanAndVariance(here);
    const b = meanAndVariance(there);
    matched += here.length;
    estimate += here.length * (a.mean - b.mean);
    variance += here.length ** 2 * (a.variance / here.length + b.variance / there.length);
  }
  if (matched < minimumEvaluationGroup) return { ...counts, suppressed: 'nobody-comparable' };
  estimate /= matched;
  const half = (z95 * Math.sqrt(variance)) / matched;
  return { ...counts, difference: { estimate, low: estimate - half, high: estimate + half } };
}
