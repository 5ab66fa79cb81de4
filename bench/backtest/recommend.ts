import type { Rule, Ruleset } from '../../server/domain/rules.ts';
import { defaultRuleset } from '../../server/domain/rules.ts';
import type { Presentation } from './oulad.ts';
import {
  addScores,
  noScore,
  precisionOf,
  recallOf,
  runRuleset,
  type MeasuredPresentation,
  type RulesetRun,
  type Score,
} from './score.ts';

/** Days after the due time from which coursework that was not seen would count: what is tried. */
export const waits = [0, 3, 7] as const;

/** The same presentations, measured once for each wait. */
export type ByWait = ReadonlyMap<number, readonly MeasuredPresentation[]>;

export interface Candidate {
  readonly name: string;
  readonly ruleset: Ruleset;
  readonly waitDays: number;
}

/** Candidates around the default: who may speak alone, where the threshold beside the class lies, how long to wait. */
export function listCandidates(): Candidate[] {
  const candidates: Candidate[] = [];
  for (const threshold of [0.2, 0.3, 0.4, 0.5])
    for (const strong of [[], ['recency'], ['submissions'], ['recency', 'submissions']] as Rule['indicator'][][])
      for (const waitDays of waits)
        candidates.push({
          name: `beside the class < ${threshold}; enough alone: ${strong.join(' and ') || 'none'}; wait ${waitDays} days`,
          waitDays,
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

/** The rules as they ship: coursework counts from its due time on. */
export const asShipped: Candidate = { name: 'as shipped', ruleset: defaultRuleset(), waitDays: 0 };

/** One run for each presentation. */
export function runCandidate(byWait: ByWait, { ruleset, waitDays }: Candidate): RulesetRun[] {
  return (byWait.get(waitDays) ?? []).map((measured) => runRuleset(measured, ruleset));
}

/** Of those flagged at any time, so many must in the end not have completed for a candidate to be chosen. */
export const leastPrecision = 0.65;

/** Presentations that take no part in a choice, so that it can be tried on them. */
export interface Fold {
  readonly name: string;
  isHeldOut(this: void, presentation: Presentation): boolean;
}

/** Each module once, and the later year: the next presentation is always one that is not there yet. */
export function listFolds(presentations: readonly Presentation[]): Fold[] {
  const modules = [...new Set(presentations.map(({ module }) => module))];
  return [
    ...modules.map((module) => ({ name: module, isHeldOut: (each: Presentation) => each.module === module })),
    { name: 'all of 2014', isHeldOut: ({ name }: Presentation) => name.includes('2014') },
  ];
}

export interface HeldOut {
  readonly fold: string;
  readonly chosen: string;
  readonly withChosen: Score;
  readonly withDefault: Score;
}

/**
 * For each fold: the candidate that reaches most people on everything else while keeping its precision there, tried on
 * what was held out.
 */
export function tryHeldOut(byWait: ByWait, candidates: readonly Candidate[]): HeldOut[] {
  const presentations = (byWait.get(0) ?? []).map(({ presentation }) => presentation);
  const scores = candidates.map((candidate) => runCandidate(byWait, candidate).map(({ ever }) => ever));
  const standard = runCandidate(byWait, asShipped).map(({ ever }) => ever);
  const sum = (each: readonly Score[], keep: (presentation: Presentation) => boolean) =>
    each.reduce((total, score, index) => {
      const presentation = presentations[index];
      return presentation && keep(presentation) ? addScores(total, score) : total;
    }, noScore);
  return listFolds(presentations).map(({ name, isHeldOut }) => {
    const chosen = chooseBest(scores.map((each) => sum(each, (presentation) => !isHeldOut(presentation))));
    return {
      fold: name,
      chosen: candidates[chosen]?.name ?? '',
      withChosen: sum(scores[chosen] ?? [], isHeldOut),
      withDefault: sum(standard, isHeldOut),
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
