import type { DaySpan } from './facts.ts';
import { fillWords } from './fill-words.ts';
import type { Flag } from './flags.ts';
import { indicatorOf } from './indicators/all.ts';
import { countOf, sayNumber, type Unit } from './indicators/indicator.ts';
import type { EvidenceItem, Measurement } from './measurement.ts';
import { appliesIn, holdsFor, type Rule } from './rules.ts';
import { sayLead } from './say-lead.ts';
import { defaultRules, togetherCount } from './thresholds.ts';
import type { IndicatorId, NoDataReason, SourceId } from './vocabulary.ts';

type Words = Readonly<Record<string, string>>;

/** One threshold, in words. */
export interface ExplainedRule {
  readonly text: string;
  readonly source: string;
  readonly strength: Rule['strength'];
  /** Whether the rule applies in this teaching week. */
  readonly applies: boolean;
  /** Whether the value meets it; undefined without a value. */
  readonly holds?: boolean | undefined;
}

/** How a figure came about: the one text that student view, tutor view and download share. */
export interface Explanation {
  readonly indicator: IndicatorId;
  readonly label: string;
  readonly whyItMatters: string;
  readonly howItIsWorkedOut: string;
  /** The value in words, or that there is none. */
  readonly result: string;
  /** The formula with the numbers filled in and its result; absent without data. */
  readonly formula?: string | undefined;
  readonly inputs: readonly EvidenceItem[];
  readonly evidence: readonly EvidenceItem[];
  readonly rules: readonly ExplainedRule[];
  /** Where the figures come from, in words. */
  readonly restsOn: string;
  /** When the oldest of them was read, in milliseconds since the epoch. */
  readonly asOf?: number | undefined;
  readonly whatWouldChangeIt: string;
  readonly whatItCannotTell: string;
  /** Why there is no value; absent where there is one. */
  readonly noData?: { readonly reason: NoDataReason; readonly text: string } | undefined;
}

/** Why there is no value, said to the student; never as something they did. */
export const noDataTexts: Readonly<Record<NoDataReason, string>> = {
  'no-source': 'Waymark is told nothing about this in this {course}.',
  'source-stale': 'What we know is too old to say anything about now. This is on our side, not yours.',
  'feed-gap': 'Nothing reached us from {platform} on too many of the days in question. This is on our side, not yours.',
  'source-failed': 'We could not find out anything new. This is on our side, not yours.',
  'too-early': 'It is too early in the {course} for this to mean anything.',
  'joined-recently': 'You have not been in the {course} for long enough for this to mean anything.',
  exempt:
    'None of what this looks at counts for you: it was before you joined or after you left, or in a vacation, a pause or an agreed absence.',
  'group-too-small': 'Too few other people were active lately to compare with.',
  'nothing-due': 'In the time that this looks at, nothing of this kind was due, recorded or open to you.',
  'no-dates':
    'This {course} has work of this kind, but gives no dates by which to do it. So nothing counts as missing.',
  'too-little': 'There is too little to go by so far for a figure to mean anything.',
  'no-baseline': 'There is too little from your own earlier weeks to compare with.',
  'access-hidden': '{Platform} does not tell when people were here, and this needs it.',
};

/** What each source is called, with the institution's words to be filled in. */
export const sourceNames: Readonly<Record<SourceId, string>> = {
  roster: 'the class list',
  moodle: '{platform}’s lists of visits and finished work',
  xapi: '{platform}’s record of what is opened and done',
  caliper: '{platform}’s record of what is opened and done',
  file: 'a register that staff uploaded',
};

/**
 * Explains one measurement in the institution's words.
 *
 * @param rules the rules of the course; those on this indicator are explained with it.
 * @param week the teaching week at the time of the measurement.
 */
export function explainMeasurement(
  measurement: Measurement,
  { rules, week, words }: { readonly rules: readonly Rule[]; readonly week: number; readonly words: Words },
): Explanation {
  const indicator = indicatorOf(measurement.id);
  const say = (text: string) => fillWords(text, words);
  const own = rules.filter((rule) => rule.indicator === measurement.id);
  const shared = {
    indicator: measurement.id,
    label: say(indicator.label),
    whyItMatters: say(indicator.whyItMatters),
    howItIsWorkedOut: say(indicator.howItIsWorkedOut),
    rules: own.map((rule) => ({
      text: `${sayRule(rule)}${isUndecided(rule, measurement) ? ' (days we know nothing of count in your favour)' : ''}`,
      source: say(sourceOfRule(rule)),
      strength: rule.strength,
      applies: appliesIn(rule, week),
      ...(measurement.state === 'noData' ? {} : { holds: holdsFor(rule, measurement) === 'yes' }),
    })),
    whatWouldChangeIt: say(indicator.whatWouldChangeIt),
    whatItCannotTell: say(indicator.whatItCannotTell),
  };
  if (measurement.state === 'noData')
    return {
      ...shared,
      result: 'No figure',
      inputs: [],
      evidence: [],
      restsOn: measurement.asOf === undefined ? 'nothing yet' : 'what was last known',
      ...(measurement.asOf === undefined ? {} : { asOf: measurement.asOf }),
      noData: { reason: measurement.reason, text: say(noDataTexts[measurement.reason]) },
    };

  const result = sayBeside(
    measurement.value,
    indicator.unit,
    own.map(({ threshold }) => threshold),
  );
  return {
    ...shared,
    result,
    formula: `${indicator.formula(measurement.inputs)} = ${result}`,
    inputs: Object.entries(measurement.inputs).map(([name, input]) => ({
      label: say(indicator.inputLabels[name] ?? name),
      value: sayValue(input, indicator.inputUnits?.[name] ?? 'count'),
    })),
    evidence: measurement.evidence.map(({ label, value: text }) => ({ label: say(label), value: say(text) })),
    restsOn: [...new Set(measurement.restsOn.map((source) => say(sourceNames[source])))].join(' and '),
    asOf: measurement.asOf,
  };
}

/** As `sayValue`, with one digit more where rounding would make a share look like a threshold that it is over or under. */
function sayBeside(value: number, unit: Unit, thresholds: readonly number[]): string {
  const said = sayValue(value, unit);
  const near = thresholds.find((threshold) => value !== threshold && sayValue(threshold, unit) === said);
  if (near === undefined || (unit !== 'share' && unit !== 'ratio')) return said;
  return `${(value < near ? Math.floor(value * 1000) : Math.ceil(value * 1000)) / 10} %`;
}

/** A value with its unit: `14 days`, `35 %`, `about 3 days before the due time`. */
export function sayValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'days':
      return countOf(value, 'day');
    case 'count':
      return sayNumber(value);
    case 'hours':
      return sayLead(value);
    case 'share':
    case 'ratio':
      return `${Math.round(value * 100)} %`;
  }
}

const comparisonTexts: Readonly<Record<Rule['comparison'], (threshold: string) => string>> = {
  '<': (threshold) => `under ${threshold}`,
  '<=': (threshold) => `${threshold} or less`,
  '>': (threshold) => `over ${threshold}`,
  '>=': (threshold) => `${threshold} or more`,
};

/** A rule in words: `14 days or more, from teaching week 2`. */
export function sayRule(rule: Rule): string {
  const { unit } = indicatorOf(rule.indicator);
  const weeks =
    rule.toWeek === undefined
      ? `from teaching week ${rule.fromWeek}`
      : `in teaching weeks ${rule.fromWeek} to ${rule.toWeek}`;
  return `${comparisonTexts[rule.comparison](sayValue(rule.threshold, unit))}, ${weeks}`;
}

function sourceOfRule(rule: Rule): string {
  const same = defaultRules.find(
    ({ indicator, comparison, threshold }) =>
      indicator === rule.indicator && comparison === rule.comparison && threshold === rule.threshold,
  );
  return same?.source ?? 'chosen for this {course} by its staff';
}

/** A flag in words: an invitation to look, what it rests on, what is not known, and what would change it. */
export interface ExplainedFlag {
  readonly title: string;
  readonly summary: string;
  /** Why these reasons were enough. */
  readonly together: string;
  readonly reasons: readonly Explanation[];
  /** What came to light later, the oldest first. */
  readonly later: readonly { readonly at: number; readonly reasons: readonly Explanation[] }[];
  readonly notKnown: readonly { readonly label: string; readonly text: string }[];
  readonly gaps: readonly (DaySpan & { readonly text: string })[];
  readonly week: number;
  readonly rulesetVersion: number;
  readonly asOf: number;
  readonly notTheWholePicture: string;
  readonly whatWouldChangeIt: string;
}

/** Explains a flag from its frozen evidence, so that it reads the same however the rules have changed since. */
export function explainFlag(flag: Flag, words: Words): ExplainedFlag {
  const say = (text: string) => fillWords(text, words);
  const explain = (evidence: Flag['evidence']) =>
    evidence.reasons.map(({ rule, measurement }) =>
      explainMeasurement(measurement, { rules: [rule], week: evidence.week, words }),
    );
  const { evidence } = flag;
  const indicatorsHere = [...new Set(evidence.reasons.map(({ rule }) => indicatorOf(rule.indicator)))];
  const labels = indicatorsHere.map(({ label }) => label.toLowerCase());
  const isStrong = evidence.reasons.some(({ rule }) => rule.strength === 'strong');
  return {
    title: flag.kind === 'stretch' ? 'May welcome a further challenge' : 'May welcome a conversation',
    summary: say(
      `In teaching week ${evidence.week} of the {course} ${labels.length === 1 ? 'this' : 'these'} stood out: ${joinWords(labels)}.`,
    ),
    together: isStrong
      ? `${labels.length === 1 ? 'This' : 'One of these'} is set to be enough by itself.`
      : `None of these is enough by itself; ${togetherCount} or more together are an invitation to look.`,
    reasons: explain(evidence),
    later: flag.further.map((each) => ({ at: each.at, reasons: explain(each) })),
    notKnown: evidence.notKnown.map(({ indicator, reason }) => ({
      label: say(indicatorOf(indicator).label),
      text: say(noDataTexts[reason]),
    })),
    gaps: evidence.gaps.map(({ source, from, to }) => ({
      from,
      to,
      text: say(`Nothing came from ${sourceNames[source]} in these days; they were left out.`),
    })),
    week: evidence.week,
    rulesetVersion: evidence.rulesetVersion,
    asOf: evidence.asOf,
    notTheWholePicture: say(
      'This is not a complete picture: it shows traces in {platform}, not a person’s circumstances, effort or plans.',
    ),
    whatWouldChangeIt: [
      ...indicatorsHere.map(({ label, whatWouldChangeIt }) => say(`${label}: ${whatWouldChangeIt}`)),
      ...(flag.state === 'open' ? ['The flag closes by itself when these figures no longer call for it.'] : []),
    ].join(' '),
  };
}

/** Whether a rule would hold, were it not for days without data. */
function isUndecided(rule: Rule, measurement: Measurement): boolean {
  return measurement.state === 'measured' && holdsFor(rule, measurement) === 'unknown';
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
