import type { Rule, Ruleset } from '../../server/domain/rules.ts';
import { defaultRuleset } from '../../server/domain/rules.ts';
import {
  addScores,
  noScore,
  precisionOf,
  recallOf,
  runRuleset,
  type MeasuredPresentation,
  type Score,
} from './score.ts';

/** Candidates around the default: who may speak alone, and where the threshold beside the class lies. */
export function candidateRulesets(): { name: string; ruleset: Ruleset }[] {
  const candidates: { name: string; ruleset: Ruleset }[] = [];
  for (const threshold of [0.2, 0.3, 0.4, 0.5])
    for (const strong of [[], ['recency'], ['submissions'], ['recency', 'submissions']] as Rule['indicator'][][])
      candidates.push({
        name: `beside the class < ${threshold}; enough alone: ${strong.join(' and ') || 'none'}`,
        ruleset: {
          version: 1,
          rules: defaultRuleset().rules.map((rule) => ({
            ...rule,
            ...(rule.indicator === 'relative-activity' ? { threshold } : {}),
            strength: strong.includes(rule.indicator) || rule.indicator === 'stretch' ? 'strong' : 'supporting',
          })),
        },
      });
  return candidates;
}

/** Of those flagged at any time, so many must in the end not have completed for a ruleset to be proposed. */
export const leastPrecision = 0.65;

export interface HeldOut {
  readonly module: string;
  readonly chosen: string;
  readonly withChosen: Score;
  readonly withDefault: Score;
}

/**
 * For each module: the candidate that reaches most people on all other modules while keeping its precision there, tried
 * on the module that took no part in choosing it.
 */
export function holdOutModules(all: readonly MeasuredPresentation[]): HeldOut[] {
  const candidates = candidateRulesets();
  const runs = candidates.map(({ ruleset }) => all.map((measured) => runRuleset(measured, ruleset).ever));
  const standard = all.map((measured) => runRuleset(measured, defaultRuleset()).ever);
  const modules = [...new Set(all.map(({ presentation }) => presentation.module))];
  const sum = (scores: readonly Score[], keep: (module: string) => boolean) =>
    scores.reduce(
      (total, score, index) => (keep(all[index]?.presentation.module ?? '') ? addScores(total, score) : total),
      noScore,
    );
  return modules.map((module) => {
    const elsewhere = runs.map((scores) => sum(scores, (other) => other !== module));
    const chosen = chooseBest(elsewhere);
    return {
      module,
      chosen: candidates[chosen]?.name ?? '',
      withChosen: sum(runs[chosen] ?? [], (other) => other === module),
      withDefault: sum(standard, (other) => other === module),
    };
  });
}

/** The place of the score with the greatest recall among those precise enough; of the most precise if none is. */
export function chooseBest(scores: readonly Score[]): number {
  const isBetter = (a: Score, b: Score) => {
    const [aFits, bFits] = [precisionOf(a) >= leastPrecision, precisionOf(b) >= leastPrecision];
    if (aFits !== bFits) return aFits;
    return aFits ? recallOf(a) > recallOf(b) : precisionOf(a) > precisionOf(b);
  };
  return scores.reduce((best, score, index) => (isBetter(score, scores[best] ?? score) ? index : best), 0);
}
