import { mkdirSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backTest, measurePastWeeks } from '../server/domain/back-test.ts';
import { sayRule } from '../server/domain/explanations.ts';
import { shareInterval } from '../server/domain/intervals.ts';
import { indicatorOf } from '../server/domain/indicators/all.ts';
import { defaultRuleset, type Rule } from '../server/domain/rules.ts';
import { drawChart, percent } from './backtest/chart.ts';
import { findMoodleLogs, readMoodleLog } from './backtest/moodle-log.ts';
import { checkpoints, isOulad, readOulad, type Presentation } from './backtest/oulad.ts';
import { candidateRulesets, holdOutModules, leastPrecision } from './backtest/recommend.ts';
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
} from './backtest/score.ts';
import { drawTable } from './backtest/table.ts';

/** `npm run backtest -- --data DIR [--out DIR]`: what the default rules would have flagged, and against which outcomes. */

const minutesPerContact = 20;

function reportOulad(directory: string): { text: string; chart: string } {
  const presentations = readOulad(directory);
  const all = presentations.map((presentation) => measurePresentation(presentation));
  const runs = all.map((measured) => ({ measured, run: runRuleset(measured, defaultRuleset()) }));
  const people = all.reduce((sum, { presentation }) => sum + presentation.students.length, 0);
  const text = [
    `## Rules alone, over ${all.length} presentations and ${people.toLocaleString('en-GB')} enrolments`,
    tableOfRules(all),
    '## Coursework not seen, some days after it was due',
    tableOfGrace(presentations),
    '## The default ruleset by week and presentation',
    tableOfWeeks(runs),
    '## The default ruleset over all four moments',
    tableOfPresentations(runs),
    '## Candidates around the default',
    tableOfCandidates(all),
    '## Chosen on other modules, tried on one that took no part',
    tableOfHeldOut(all),
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
  const cells = (score: Score) => [
    percent(score.flagged / score.people),
    percent(precisionOf(score)),
    percent(recallOf(score)),
  ];
  return drawTable(
    ['rule', 'week', 'people', 'base rate', 'flagged', 'precision', 'recall'],
    variants.flatMap((variant) =>
      checkpoints.flatMap((week): string[][] => {
        const rule: Rule = { ...variant, fromWeek: 1, strength: 'supporting' };
        const scores = all.flatMap((measured) => scoreRule(measured, rule, week) ?? []);
        if (scores.length === 0) return [];
        const sum = scores.reduce(addScores, noScore);
        const name = `${indicatorOf(rule.indicator).label}: ${sayRule(rule).replace(/,.*/, '')}`;
        return [[name, String(week), String(sum.people), percent(baseRateOf(sum)), ...cells(sum)]];
      }),
    ),
  );
}

function tableOfGrace(presentations: readonly Presentation[]): string {
  const rule: Rule = { indicator: 'submissions', comparison: '>=', threshold: 1, fromWeek: 1, strength: 'supporting' };
  return drawTable(
    ['days after the due time', 'week', 'people', 'flagged', 'precision', 'recall'],
    [0, 3, 7, 14].flatMap((graceDays) => {
      const all = presentations.map((presentation) => measurePresentation(presentation, graceDays));
      return checkpoints.flatMap((week): string[][] => {
        const sum = all.flatMap((measured) => scoreRule(measured, rule, week) ?? []).reduce(addScores, noScore);
        if (sum.people === 0) return [];
        return [
          [
            String(graceDays),
            String(week),
            String(sum.people),
            percent(sum.flagged / sum.people),
            percent(precisionOf(sum)),
            percent(recallOf(sum)),
          ],
        ];
      });
    }),
  );
}

type Run = { readonly measured: MeasuredPresentation; readonly run: ReturnType<typeof runRuleset> };

function tableOfWeeks(runs: readonly Run[]): string {
  return drawTable(
    ['presentation', 'week', 'people', 'base rate', 'flagged', 'precision', 'recall', 'raised', 'contact hours'],
    runs.flatMap(({ measured, run }) =>
      run.standing.map(({ week, score, raised }) => [
        measured.presentation.name,
        String(week),
        String(score.people),
        percent(baseRateOf(score)),
        percent(score.flagged / score.people),
        percent(precisionOf(score)),
        percent(recallOf(score)),
        String(raised),
        String(Math.round((raised * minutesPerContact) / 60)),
      ]),
    ),
  );
}

function tableOfPresentations(runs: readonly Run[]): string {
  const row = (name: string, score: Score, leadWeeks: readonly number[], wholeClass: number) => [
    name,
    String(score.people),
    percent(baseRateOf(score)),
    percent(score.flagged / score.people),
    sayInterval(score.hits, score.flagged),
    sayInterval(score.hits, score.notCompleting),
    medianOf(leadWeeks).toFixed(1),
    String(wholeClass),
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
      'rules silenced by the class guard',
    ],
    [
      ...runs.map(({ measured, run }) => row(measured.presentation.name, run.ever, run.leadWeeks, run.wholeClass)),
      row(
        'all',
        total,
        runs.flatMap(({ run }) => run.leadWeeks),
        runs.reduce((sum, { run }) => sum + run.wholeClass, 0),
      ),
    ],
  );
}

function sayInterval(successes: number, of: number): string {
  if (of === 0) return '–';
  const { estimate, low, high } = shareInterval(successes, of);
  return `${percent(estimate)} (${Math.round(low * 100)}–${Math.round(high * 100)})`;
}

function tableOfCandidates(all: readonly MeasuredPresentation[]): string {
  return drawTable(
    ['ruleset', 'ever flagged', 'precision', 'recall', 'weeks before leaving (median)'],
    candidateRulesets().map(({ name, ruleset }) => {
      const runs = all.map((measured) => runRuleset(measured, ruleset));
      const score = runs.reduce((sum, run) => addScores(sum, run.ever), noScore);
      return [
        name,
        percent(score.flagged / score.people),
        percent(precisionOf(score)),
        percent(recallOf(score)),
        medianOf(runs.flatMap(({ leadWeeks }) => leadWeeks)).toFixed(1),
      ];
    }),
  );
}

function tableOfHeldOut(all: readonly MeasuredPresentation[]): string {
  const table = drawTable(
    [
      'module held out',
      'chosen on the others',
      'flagged',
      'precision',
      'recall',
      'default: flagged',
      'precision',
      'recall',
    ],
    holdOutModules(all).map(({ module, chosen, withChosen, withDefault }) => [
      module,
      chosen,
      ...[withChosen, withDefault].flatMap((score) => [
        percent(score.flagged / score.people),
        percent(precisionOf(score)),
        percent(recallOf(score)),
      ]),
    ]),
  );
  return `Chosen: the greatest recall with a precision of at least ${percent(leastPrecision)}.\n\n${table}`;
}

function tableOfOverlaps(all: readonly MeasuredPresentation[]): string {
  const pairs = new Map<string, { both: number; either: number }>();
  for (const { moments } of all) {
    const weeks = moments.map(({ week, measured }) => ({ number: week, measured }));
    for (const { a, b, both, either } of backTest(weeks, defaultRuleset(), minutesPerContact).overlaps) {
      const name = `${indicatorOf(a).label} / ${indicatorOf(b).label}`;
      const pair = pairs.get(name) ?? { both: 0, either: 0 };
      pairs.set(name, { both: pair.both + both, either: pair.either + either });
    }
  }
  return drawTable(
    ['rules', 'both', 'either', 'share'],
    [...pairs]
      .filter(([, { both }]) => both > 0)
      .map(([name, { both, either }]) => [name, String(both), String(either), percent(both / either)]),
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

function reportLogs(files: readonly string[]): string {
  const rows = files.flatMap((file): string[][] => {
    const logged = readMoodleLog(file);
    if (!logged) return [];
    const weeks = measurePastWeeks(logged.courseAt(logged.end), logged.students, logged.end);
    return backTest(weeks, defaultRuleset(), minutesPerContact).weeks.map((week, index) => [
      logged.name,
      String(week.week),
      String(logged.students.length),
      String(weeks[index]?.measured.cohort.activePeople ?? 0),
      String(week.flagged.length),
      String(week.newlyFlagged.length),
      week.contactHours.toFixed(1),
      week.rules
        .filter(({ wholeClass }) => wholeClass)
        .map(({ rule }) => rule.indicator)
        .join(', '),
    ]);
  });
  return `## Real Moodle courses: what would have been flagged (no outcomes are known)\n\n${drawTable(
    [
      'course',
      'week',
      'students',
      'active in 14 days',
      'flagged',
      'newly',
      'contact hours',
      'silenced for the whole class',
    ],
    rows,
  )}`;
}

const { values } = parseArgs({
  options: { data: { type: 'string' }, out: { type: 'string', default: 'data/backtest' } },
});
if (values.data === undefined || !existsSync(values.data)) {
  console.error('Say where the data are: npm run backtest -- --data DIR [--out DIR]');
  process.exit(1);
}
mkdirSync(values.out, { recursive: true });
if (isOulad(values.data)) {
  const { text, chart } = reportOulad(values.data);
  console.log(text);
  writeFileSync(join(values.out, 'backtest.md'), `${text}\n`);
  writeFileSync(join(values.out, 'backtest.svg'), chart);
  console.log(`\nWritten to ${values.out}: backtest.md, backtest.svg`);
} else {
  const logs = findMoodleLogs(values.data);
  if (logs.length === 0) {
    console.error(`Neither the open data set (vle_panel.csv) nor a Moodle log was found in ${values.data}.`);
    process.exit(1);
  }
  const text = reportLogs(logs);
  console.log(text);
  writeFileSync(join(values.out, 'backtest-logs.md'), `${text}\n`);
}
