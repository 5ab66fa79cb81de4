import type { Rule } from '../../server/domain/rules.ts';
import { percent } from './chart.ts';
import { minutesPerContact } from './contact.ts';
import { checkpoints } from './oulad.ts';
import {
  asShipped,
  leastPrecision,
  listCandidates,
  runCandidate,
  tryHeldOut,
  waits,
  type ByWait,
  type Candidate,
} from './recommend.ts';
import { addScores, medianOf, noScore, precisionOf, recallOf, scoreRule, type Score } from './score.ts';
import { drawTable } from './table.ts';

export function tableOfWaits(byWait: ByWait): string {
  const rule: Rule = { indicator: 'submissions', comparison: '>=', threshold: 1, fromWeek: 1, strength: 'supporting' };
  return drawTable(
    ['this rule alone, days after the due time', 'week', 'people', 'flagged', 'precision', 'recall'],
    [...byWait].flatMap(([waitDays, all]) =>
      checkpoints.flatMap((week): string[][] => {
        const sum = all.flatMap((measured) => scoreRule(measured, rule, week) ?? []).reduce(addScores, noScore);
        if (sum.people === 0) return [];
        return [[String(waitDays), String(week), String(sum.people), ...sayScore(sum)]];
      }),
    ),
  );
}

/** What waiting changes for a tutor: all rules together, as flags are raised. */
export function tableOfWaitsTogether(byWait: ByWait): string {
  const alsoStrong: Candidate['ruleset'] = {
    ...asShipped.ruleset,
    rules: asShipped.ruleset.rules.map((rule) =>
      rule.indicator === 'submissions' ? { ...rule, strength: 'strong' } : rule,
    ),
  };
  const rows = (name: string, ruleset: Candidate['ruleset']) =>
    waits.map((waitDays) => sayCandidate({ name: `${name}; wait ${waitDays} days`, ruleset, waitDays }, byWait));
  return drawTable(candidateHead, [
    ...rows('as shipped', asShipped.ruleset),
    ...rows('coursework enough alone, too', alsoStrong),
  ]);
}

export function tableOfCandidates(byWait: ByWait): string {
  return drawTable(
    candidateHead,
    listCandidates().map((candidate) => sayCandidate(candidate, byWait)),
  );
}

export function tableOfHeldOut(byWait: ByWait): string {
  const table = drawTable(
    [
      'held out',
      'chosen on the others',
      'flagged',
      'precision',
      'recall',
      'as shipped: flagged',
      'precision',
      'recall',
    ],
    tryHeldOut(byWait, listCandidates()).map(({ fold, chosen, withChosen, withDefault }) => [
      fold,
      chosen,
      ...[withChosen, withDefault].flatMap(sayScore),
    ]),
  );
  return `Chosen: the greatest recall with a precision of at least ${percent(leastPrecision)}.\n\n${table}`;
}

const candidateHead = [
  'ruleset',
  'ever flagged',
  'precision',
  'recall',
  'weeks before leaving (median)',
  'flags raised',
  'contact hours',
];

function sayCandidate(candidate: Candidate, byWait: ByWait): string[] {
  const runs = runCandidate(byWait, candidate);
  const raised = runs.reduce((sum, { standing }) => sum + standing.reduce((all, each) => all + each.raised, 0), 0);
  return [
    candidate.name,
    ...sayScore(runs.reduce((sum, { ever }) => addScores(sum, ever), noScore)),
    medianOf(runs.flatMap(({ leadWeeks }) => leadWeeks)).toFixed(1),
    String(raised),
    String(Math.round((raised * minutesPerContact) / 60)),
  ];
}

export function sayScore(score: Score): string[] {
  return [percent(score.flagged / score.people), percent(precisionOf(score)), percent(recallOf(score))];
}
