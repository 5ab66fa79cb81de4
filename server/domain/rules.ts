import type { Measurement } from './measurement.ts';
import { defaultRules, togetherCount } from './thresholds.ts';
import {
  comparisons,
  ruleStrengths,
  type Comparison,
  type FlagKind,
  type IndicatorId,
  type RuleStrength,
} from './vocabulary.ts';

/** A threshold on an indicator, with the teaching weeks in which it may apply. */
export interface Rule {
  readonly indicator: IndicatorId;
  readonly comparison: Comparison;
  readonly threshold: number;
  /** Teaching weeks, both included; without `toWeek` to the end of the course. */
  readonly fromWeek: number;
  readonly toWeek?: number | undefined;
  readonly strength: RuleStrength;
}

/** The rules of one course. A flag keeps the version that raised it. */
export interface Ruleset {
  readonly version: number;
  readonly rules: readonly Rule[];
}

/** The rules a course begins with where its policy pack names no others. */
export function defaultRuleset(): Ruleset {
  return {
    version: 1,
    rules: defaultRules.map(({ indicator, comparison, threshold, fromWeek, toWeek, strength }) => ({
      indicator,
      comparison,
      threshold,
      fromWeek,
      ...(toWeek === undefined ? {} : { toWeek }),
      strength,
    })),
  };
}

/** What a rule may be made of: which side of the threshold calls for a look, and which thresholds make sense. */
interface RuleBounds {
  readonly comparisons: readonly Comparison[];
  readonly from: number;
  readonly to: number;
  readonly isWhole: boolean;
}

const below: readonly Comparison[] = ['<', '<='];
const above: readonly Comparison[] = ['>', '>='];

/** Indicators without an entry are for the student's own view and never raise a flag. */
export const ruleBounds: Readonly<Partial<Record<IndicatorId, RuleBounds>>> = {
  recency: { comparisons: above, from: 3, to: 60, isWhole: true },
  'relative-activity': { comparisons: below, from: 0.05, to: 0.9, isWhole: false },
  'own-trend': { comparisons: below, from: 0.05, to: 0.9, isWhole: false },
  submissions: { comparisons: above, from: 1, to: 20, isWhole: true },
  attendance: { comparisons: below, from: 0.05, to: 1, isWhole: false },
  completion: { comparisons: below, from: 0.05, to: 1, isWhole: false },
  'lecture-capture': { comparisons: below, from: 0.05, to: 1, isWhole: false },
  stretch: { comparisons: above, from: 0.5, to: 1, isWhole: false },
};

const lastTeachingWeek = 60;

/**
 * Checks rules that a tutor or a policy pack proposes. Returns what is wrong by field (`rules.2.threshold`), in words
 * for the person who typed it; an empty object where all is well.
 */
export function validateRules(rules: readonly Rule[]): Record<string, string> {
  const problems: Record<string, string> = {};
  const seen = new Set<string>();
  rules.forEach((rule, index) => {
    const say = (field: keyof Rule, problem: string) => {
      problems[`rules.${index}.${field}`] ??= problem;
    };
    const bounds = ruleBounds[rule.indicator];
    if (!bounds) return say('indicator', 'This indicator is for the student’s own view and cannot raise a flag.');
    if (!comparisons.includes(rule.comparison) || !bounds.comparisons.includes(rule.comparison))
      say('comparison', `Choose one of ${bounds.comparisons.join(' and ')} for this indicator.`);
    if (!(rule.threshold >= bounds.from && rule.threshold <= bounds.to))
      say('threshold', `Choose a threshold from ${bounds.from} to ${bounds.to}.`);
    else if (bounds.isWhole && !Number.isInteger(rule.threshold)) say('threshold', 'Choose a whole number.');
    if (!(Number.isInteger(rule.fromWeek) && rule.fromWeek >= 1 && rule.fromWeek <= lastTeachingWeek))
      say('fromWeek', `Choose a teaching week from 1 to ${lastTeachingWeek}.`);
    if (
      rule.toWeek !== undefined &&
      !(Number.isInteger(rule.toWeek) && rule.toWeek >= rule.fromWeek && rule.toWeek <= lastTeachingWeek)
    )
      say('toWeek', `Choose a teaching week from the first one to ${lastTeachingWeek}, or none.`);
    if (!ruleStrengths.includes(rule.strength)) say('strength', 'Choose strong or supporting.');
    const key = `${rule.indicator} ${rule.strength}`;
    if (seen.has(key)) say('indicator', 'There is already a rule of this strength for this indicator.');
    seen.add(key);
  });
  return problems;
}

export function flagKindOf(rule: Rule): FlagKind {
  return rule.indicator === 'stretch' ? 'stretch' : 'support';
}

/** What one rule says of one student. `unknown` is missing data: it neither raises a flag nor ends one. */
export interface Finding {
  readonly rule: Rule;
  readonly measurement: Measurement;
  readonly holds: 'yes' | 'no' | 'unknown';
}

export function compares(value: number, comparison: Comparison, threshold: number): boolean {
  switch (comparison) {
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
  }
}

/** Whether a rule applies in a teaching week at all. */
export function appliesIn(rule: Rule, week: number): boolean {
  return week >= rule.fromWeek && (rule.toWeek === undefined || week <= rule.toWeek);
}

/** Applies the rules of a week to one student's measurements. Rules that do not apply in this week find nothing. */
export function evaluateRules(ruleset: Ruleset, measurements: readonly Measurement[], week: number): Finding[] {
  const findings: Finding[] = [];
  for (const rule of ruleset.rules) {
    if (!appliesIn(rule, week)) continue;
    const measurement = measurements.find(({ id }) => id === rule.indicator);
    if (!measurement) continue;
    const holds = measurement.state === 'noData' ? 'unknown' : holdsFor(rule, measurement);
    findings.push({ rule, measurement, holds });
  }
  return findings;
}

/** What a rule says of a value: `unknown` where days without data could have made it another. */
export function holdsFor(
  rule: Rule,
  { value, atBest = value }: { value: number; atBest?: number | undefined },
): Finding['holds'] {
  if (compares(atBest, rule.comparison, rule.threshold)) return 'yes';
  return compares(value, rule.comparison, rule.threshold) ? 'unknown' : 'no';
}

/** Whether a rule would hold, had nothing been done on the days from which nothing was received. */
export function mightHold(rule: Rule, measurement: Measurement): boolean {
  if (measurement.state === 'noData') return measurement.reason === 'feed-gap';
  return compares(measurement.atWorst ?? measurement.value, rule.comparison, rule.threshold);
}

/**
 * Whether the findings call for a look: one strong rule, or two supporting ones on different indicators. Unknown
 * findings count as holding for the indicators in `assumed` only.
 */
export function callsForALook(
  findings: readonly Finding[],
  kind: FlagKind,
  assumed: ReadonlySet<IndicatorId> = new Set(),
): boolean {
  const holding = new Set<IndicatorId>();
  for (const { rule, holds } of findings) {
    if (flagKindOf(rule) !== kind || holds === 'no') continue;
    if (holds === 'unknown' && !assumed.has(rule.indicator)) continue;
    if (rule.strength === 'strong') return true;
    holding.add(rule.indicator);
  }
  return holding.size >= togetherCount;
}
