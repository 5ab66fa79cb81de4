import { backTest } from '../../server/domain/back-test.ts';
import { sayRule } from '../../server/domain/explanations.ts';
import { indicatorOf } from '../../server/domain/indicators/all.ts';
import { shareInterval } from '../../server/domain/intervals.ts';
import { defaultRuleset, type Rule } from '../../server/domain/rules.ts';
import { drawChart, percent } from './chart.ts';
import { minutesPerContact } from './contact.ts';
import { checkpoints, readOulad } from './oulad.ts';
import { drawOverlaps } from './overlaps.ts';
import { waits, type ByWait } from './recommend.ts';
import {
  addScores,
  baseRateOf,
  didComplete,
  measurePresentation,
  medianOf,
  noScore,
  precisionOf,
  recallOf,
  runRuleset,
  scoreRule,
  type MeasuredPresentation,
  type Score,
} from './score.ts';
import { drawTable } from './table.ts';
import { sayScore, tableOfCandidates, tableOfHeldOut, tableOfWaits, tableOfWaitsTogether } from './tables-of-choice.ts';

/** Everything found on the open data set in a directory: tables, and a chart by week and presentation. */
export function reportOulad(directory: string): { text: string; chart: string } {
  const presentations = readOulad(directory);
  const byWait: ByWait = new Map(
    waits.map((days) => [days, presentations.map((presentation) => measurePresentation(presentation, days))]),
  );
  const all = byWait.get(0) ?? [];
  const runs = all.map((measured) => ({ measured, run: runRuleset(measured, defaultRuleset()) }));
  const people = all.reduce((sum, { presentation }) => sum + presentation.students.length, 0);
  const text = [
    `## Rules alone, over ${all.length} presentations and ${people.toLocaleString('en-GB')} enrolments`,
    tableOfRules(all),
    '## Coursework not seen, some days after it was due',
    tableOfWaits(byWait),
    tableOfWaitsTogether(byWait),
    '## The default ruleset by week and presentation',
    tableOfWeeks(runs),
    '## The default ruleset over all four moments',
    tableOfPresentations(runs),
    '## Candidates around the default',
    tableOfCandidates(byWait),
    '## Chosen on some presentations, tried on others that took no part',
    tableOfHeldOut(byWait),
    '## How rules overlap',
    tableOfOverlaps(all),
    '## Groups (open research data only; the product reads none of these)',
    tableOfGroups(runs),
  ].join('\n\n');
  const chart = drawChart(
    runs.map(({ measured, run }) => ({ name: measured.presentation.name, points: run.standing })),
    'Default rules: flags standing at weeks 2, 4, 6 and 8, against who did not complete',
  );
  return { text, chart };
}

const variants: readonly Pick<Rule, 'indicator' | 'comparison' | 'threshold'>[] = [
  { indicator: 'recency', comparison: '>=', threshold: 14 },
  { indicator: 'recency', comparison: '>=', threshold: 28 },
  ...[0.2, 0.3, 0.4, 0.5].map((threshold) => ({
    indicator: 'relative-activity' as const,
    comparison: '<' as const,
    threshold,
  })),
  ...[0.25, 0.5, 0.75].map((threshold) => ({ indicator: 'own-trend' as const, comparison: '<' as const, threshold })),
  { indicator: 'submissions', comparison: '>=', threshold: 1 },
  { indicator: 'submissions', comparison: '>=', threshold: 2 },
];

function tableOfRules(all: readonly MeasuredPresentation[]): string {
  return drawTable(
    ['rule', 'week', 'people', 'base rate', 'flagged', 'precision', 'recall'],
    variants.flatMap((variant) =>
      checkpoints.flatMap((week): string[][] => {
        const rule: Rule = { ...variant, fromWeek: 1, strength: 'supporting' };
        const scores = all.flatMap((measured) => scoreRule(measured, rule, week) ?? []);
        if (scores.length === 0) return [];
        const sum = scores.reduce(addScores, noScore);
        const name = `${indicatorOf(rule.indicator).label}: ${sayRule(rule).replace(/,.*/, '')}`;
        return [[name, String(week), String(sum.people), percent(baseRateOf(sum)), ...sayScore(sum)]];
      }),
    ),
  );
}

type Run = { readonly measured: MeasuredPresentation; readonly run: ReturnType<typeof runRuleset> };

function tableOfWeeks(runs: readonly Run[]): string {
  const row = (name: string, week: number, score: Score, raised: number) => [
    name,
    String(week),
    String(score.people),
    percent(baseRateOf(score)),
    percent(score.flagged / score.people),
    percent(precisionOf(score)),
    percent(recallOf(score)),
    String(raised),
    String(Math.round((raised * minutesPerContact) / 60)),
  ];
  return drawTable(
    ['presentation', 'week', 'people', 'base rate', 'flagged', 'precision', 'recall', 'raised', 'contact hours'],
    [
      ...runs.flatMap(({ measured, run }) =>
        run.standing.map(({ week, score, raised }) => row(measured.presentation.name, week, score, raised)),
      ),
      ...checkpoints.map((week) => {
        const standing = runs.flatMap(({ run }) => run.standing.filter((each) => each.week === week));
        const score = standing.map((each) => each.score).reduce(addScores, noScore);
        return row(
          'all',
          week,
          score,
          standing.reduce((sum, { raised }) => sum + raised, 0),
        );
      }),
    ],
  );
}

function tableOfPresentations(runs: readonly Run[]): string {
  const row = (name: string, score: Score, leadWeeks: readonly number[], setAside: number) => [
    name,
    String(score.people),
    percent(baseRateOf(score)),
    percent(score.flagged / score.people),
    sayInterval(score.hits, score.flagged),
    sayInterval(score.hits, score.notCompleting),
    medianOf(leadWeeks).toFixed(1),
    String(setAside),
  ];
  const total = runs.reduce((sum, { run }) => addScores(sum, run.ever), noScore);
  return drawTable(
    [
      'presentation',
      'people',
      'base rate',
      'ever flagged',
      'precision (95 %)',
      'recall (95 %)',
      'weeks before leaving (median)',
      'rules that the class guards set aside',
    ],
    [
      ...runs.map(({ measured, run }) => row(measured.presentation.name, run.ever, run.leadWeeks, run.setAside)),
      row(
        'all',
        total,
        runs.flatMap(({ run }) => run.leadWeeks),
        runs.reduce((sum, { run }) => sum + run.setAside, 0),
      ),
    ],
  );
}

function sayInterval(successes: number, of: number): string {
  if (of === 0) return '–';
  const { estimate, low, high } = shareInterval(successes, of);
  return `${percent(estimate)} (${Math.round(low * 100)}–${Math.round(high * 100)})`;
}

function tableOfOverlaps(all: readonly MeasuredPresentation[]): string {
  return drawOverlaps(
    all.map(({ moments }) =>
      backTest(
        moments.map(({ week, measured }) => ({ number: week, measured })),
        defaultRuleset(),
        minutesPerContact,
      ),
    ),
  );
}

function tableOfGroups(runs: readonly Run[]): string {
  const groups = new Map<string, { people: number; flagged: number; notCompleting: number; hits: number }>();
  for (const { measured, run } of runs)
    for (const personId of measured.moments[0]?.present ?? []) {
      const outcome = measured.presentation.outcomes.get(personId);
      for (const [by, group] of Object.entries(outcome?.groups ?? {})) {
        const key = `${by}: ${group}`;
        const counts = groups.get(key) ?? { people: 0, flagged: 0, notCompleting: 0, hits: 0 };
        const isFlagged = run.everFlagged.has(personId);
        const isHit = !didComplete(outcome);
        groups.set(key, {
          people: counts.people + 1,
          flagged: counts.flagged + Number(isFlagged),
          notCompleting: counts.notCompleting + Number(isHit),
          hits: counts.hits + Number(isFlagged && isHit),
        });
      }
    }
  return drawTable(
    ['group', 'people', 'did not complete', 'flagged', 'precision (95 %)', 'recall (95 %)'],
    [...groups]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, score]) => [
        name,
        String(score.people),
        percent(baseRateOf(score)),
        percent(score.flagged / score.people),
        sayInterval(score.hits, score.flagged),
        sayInterval(score.hits, score.notCompleting),
      ]),
  );
}
