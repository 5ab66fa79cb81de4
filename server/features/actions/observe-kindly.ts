import type { FlagEvidence } from '../../domain/flags.ts';
import type { IndicatorId } from '../../domain/vocabulary.ts';

/**
 * What a member of staff has noticed, as they would say it to the student: what was seen and not what it might mean, without
 * percentages and without other people.
 */
const noticed: Readonly<Partial<Record<IndicatorId, (value: number, platform: string) => string>>> = {
  recency: (days, platform) => `I have not seen you in ${platform} for ${sayDays(days)}`,
  'relative-activity': (_, platform) => `I have seen you less in ${platform} lately`,
  'own-trend': (_, platform) => `I have seen you less in ${platform} lately than before`,
  submissions: (count) =>
    `${count === 1 ? 'one piece' : `${count} pieces`} of coursework ${count === 1 ? 'has' : 'have'} not reached me yet`,
  attendance: () => 'I have missed you in some of our sessions',
  completion: (_, platform) => `some of the activities in ${platform} are not ticked off yet`,
};

/** With more, a note begins to read like a report. */
const mostSaid = 2;

/** The first things that a flag rests on, in one sentence; empty where there is nothing that one would say aloud. */
export function observeKindly({ reasons }: Pick<FlagEvidence, 'reasons'>, platform: string): string {
  const ordered = [...reasons].sort(
    (one, other) => Number(other.rule.strength === 'strong') - Number(one.rule.strength === 'strong'),
  );
  // To have been away says already that one was there less.
  const isAway = reasons.some(({ rule }) => rule.indicator === 'recency');
  const said = ordered
    .filter(({ rule }) => !(isAway && (rule.indicator === 'relative-activity' || rule.indicator === 'own-trend')))
    .flatMap(({ rule, measurement }) => noticed[rule.indicator]?.(measurement.value, platform) ?? [])
    .slice(0, mostSaid);
  const sentence = said.join(', and ');
  return sentence === '' ? '' : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function sayDays(days: number): string {
  const weeks = Math.round(days / 7);
  return weeks < 2 ? 'more than a week' : `about ${weeks} weeks`;
}
