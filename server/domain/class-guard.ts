import type { Day } from './activity.ts';
import type { CohortFacts } from './facts.ts';
import { indicatorOf } from './indicators/all.ts';
import type { Measurement } from './measurement.ts';
import { mightHold, type Finding, type Rule } from './rules.ts';
import {
  awayShare,
  classGuardMinimum,
  classGuardShare,
  fewUsualDays,
  minimumUsualDays,
  recentDays,
} from './thresholds.ts';

interface Met {
  readonly rule: Rule;
  /** Who met the rule, of those for whom it could be told. */
  readonly students: number;
  readonly measured: number;
}

/** A rule that says something about the module rather than about anybody in it: it flags nobody, and the tutor is told. */
export type SetAside =
  /** More than half of the class met it. */
  | (Met & { readonly about: 'whole-class' })
  /** More than half of the class was there on `usualDays` days or fewer lately: not to be there is nothing unusual. */
  | (Met & { readonly about: 'seldom-here'; readonly usualDays: number; readonly since?: ReadSince | undefined });

/** No feed tells of presence, and the daily reading of it began so lately that few days are known of anybody. */
export interface ReadSince {
  readonly firstDay: Day;
  /** From when on the days that a rule looks at were all read. */
  readonly wholeFrom: Day;
}

interface Count {
  students: number;
  measured: number;
  /** Who has not been there just now; counted for days since last seen only. */
  away: number;
}

/** Which of the rules flag nobody at present. Takes what they found for each student who has not left, and the class. */
export function findSetAside(
  rules: readonly Rule[],
  findings: Iterable<readonly Finding[]>,
  { usualDays }: Pick<CohortFacts, 'usualDays'>,
  readSince?: (days: number) => ReadSince | undefined,
): SetAside[] {
  // In the order of the rules, whoever of the class comes first.
  const counts = new Map<Rule, Count>(rules.map((rule) => [rule, { students: 0, measured: 0, away: 0 }]));
  for (const ofOne of findings)
    for (const { rule, measurement, holds } of ofOne) {
      const count = counts.get(rule);
      // Doing well together is no reason for silence.
      if (!count || rule.indicator === 'stretch') continue;
      // Lost days may hide that the whole class met it: a gap must not lift the guard.
      const isCut = measurement.state === 'noData' || measurement.atWorst !== undefined;
      const mayHold = holds === 'yes' || (isCut && mightHold(rule, measurement));
      if (holds === 'unknown' && !mayHold) continue;
      count.measured++;
      if (mayHold) count.students++;
      if (rule.indicator === 'recency' && isAway(rule, measurement)) count.away++;
    }
  return [...counts].flatMap(([rule, { students, measured, away }]): SetAside[] => {
    if (measured < classGuardMinimum || students === 0) return [];
    const met = { rule, students, measured };
    if (students > measured * classGuardShare) return [{ about: 'whole-class', ...met }];
    if (usualDays === undefined || !isNothingUnusual(rule, usualDays)) return [];
    // Where a platform tells no more than the last visit, few days are known of people who come daily: it takes both.
    if (rule.indicator === 'recency' && away <= measured * classGuardShare) return [];
    const since = readSince?.(daysOf(rule));
    return [{ about: 'seldom-here', ...met, usualDays, ...(since && { since }) }];
  });
}

/** Whether somebody in the middle of the class would come too seldom, in the time that the rule looks at, to be missed. */
function isNothingUnusual(rule: Rule, usualDays: number): boolean {
  if (!indicatorOf(rule.indicator).needs.includes('presence')) return false;
  return (usualDays * daysOf(rule)) / recentDays < minimumUsualDays;
}

/** How many days a rule of presence looks at. */
function daysOf({ indicator, threshold }: Rule): number {
  return indicator === 'recency' ? threshold : recentDays;
}

/** Whether a class comes on so few days that rules of presence which hold for somebody say less than elsewhere. */
export function hasFewVisits(
  findings: Iterable<readonly Finding[]>,
  { usualDays }: Pick<CohortFacts, 'usualDays'>,
): boolean {
  if (usualDays === undefined || usualDays >= fewUsualDays) return false;
  const speaks = ({ rule, holds }: Finding) =>
    holds === 'yes' && rule.indicator !== 'stretch' && indicatorOf(rule.indicator).needs.includes('presence');
  for (const ofOne of findings) if (ofOne.some(speaks)) return true;
  return false;
}

function isAway(rule: Rule, measurement: Measurement): boolean {
  if (measurement.state === 'noData') return measurement.reason === 'feed-gap';
  return (measurement.atWorst ?? measurement.value) >= rule.threshold * awayShare;
}

/** The findings with whatever a rule that is set aside holds against somebody taken as not known: it raises and ends nothing. */
export function withoutSetAside(findings: readonly Finding[], setAside: readonly SetAside[]): readonly Finding[] {
  return findings.map((finding) =>
    finding.holds === 'yes' && setAside.some(({ rule }) => rule === finding.rule)
      ? { ...finding, holds: 'unknown' }
      : finding,
  );
}
