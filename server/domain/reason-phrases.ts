import type { FlagEvidence } from './flags.ts';
import { sayLead } from './say-lead.ts';
import type { IndicatorId } from './vocabulary.ts';

const percent = (value: number) => `${Math.round(value * 100)}\u00A0%`;
const days = (value: number) => `${value} ${value === 1 ? 'day' : 'days'}`;

/** What a held rule says of a student in a few words, for one line of a list; the full explanation is on their page. */
const phrases: Readonly<Record<IndicatorId, (value: number) => string>> = {
  recency: (value) => `not seen for ${days(value)}`,
  'relative-activity': (value) => `active on ${percent(value)} of the days usual in the class`,
  'own-trend': (value) => `active on ${percent(value)} of their own usual days`,
  submissions: (value) => `${value} ${value === 1 ? 'piece' : 'pieces'} of coursework not seen yet`,
  attendance: (value) => `at ${percent(value)} of recorded sessions`,
  completion: (value) => `${percent(value)} of expected activities completed`,
  coverage: (value) => `${percent(value)} of resources opened`,
  regularity: () => 'uneven weeks',
  'lead-time': (value) => `hands in ${sayLead(value)}`,
  'lecture-capture': (value) => `${percent(value)} of recordings watched`,
  stretch: (value) => `${percent(value)} of expected activities completed, handed in early`,
};

/** Takes the latest evidence of a flag; returns its reasons in one line, strong ones first. */
export function phraseReasons(evidence: Pick<FlagEvidence, 'reasons'>): string {
  return beginLarge(phraseEach(evidence).join('; '));
}

/** The same, each reason on its own. */
export function listReasons(evidence: Pick<FlagEvidence, 'reasons'>): string[] {
  return phraseEach(evidence).map(beginLarge);
}

function phraseEach({ reasons }: Pick<FlagEvidence, 'reasons'>): string[] {
  return [...reasons]
    .sort((one, other) => Number(other.rule.strength === 'strong') - Number(one.rule.strength === 'strong'))
    .map(({ rule, measurement }) => phrases[rule.indicator](measurement.value));
}

function beginLarge(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
