import type { Freshness } from '../../database/models/freshness.ts';
import type { Notice } from '../../domain/compute-course.ts';
import { dayNumber, sayDay } from '../../domain/days.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { indicatorOf } from '../../domain/indicators/all.ts';
import type { SourceId } from '../../domain/vocabulary.ts';
import type { PolicyPack } from '../../policy/schema.ts';
import { reasonWords } from '../../staff/words.ts';

const sourceWords: Readonly<Record<SourceId, string>> = {
  roster: 'the class list',
  moodle: '{platform}’s own services',
  xapi: '{platform}’s event feed',
  caliper: 'the Caliper event feed',
  file: 'uploaded files',
};

const topicWords = {
  presence: 'activity in the {course}',
  submissions: 'hand-ins',
  completion: 'completed activities',
  attendance: 'attendance',
  'lecture-capture': 'recordings watched',
} as const;

const sayOf = (day: string) => sayDay(dayNumber(day));

function sayDays(from: string, to: string): string {
  const [first, last] = [sayDay(dayNumber(from)), sayDay(dayNumber(to))];
  return from === to ? `on ${first}` : `from ${first} to ${last}`;
}

/** What single sources could not give, and what active days rest on where no feed tells of every event. */
export function sayFreshness(
  freshness: readonly Pick<Freshness, 'source' | 'speaksOf' | 'okAt' | 'notes'>[],
): string[] {
  const sees = (...sources: readonly SourceId[]) =>
    freshness.some(
      ({ source, speaksOf, okAt }) => sources.includes(source) && okAt !== undefined && speaksOf.includes('presence'),
    );
  return [
    ...(sees('moodle') && !sees('xapi', 'caliper') ? [withoutFeed] : []),
    ...freshness.flatMap(({ notes }) => notes),
  ];
}

const withoutFeed =
  'No event feed is connected. An active day here is one on which something was handed in, posted or finished, or the day of a last visit. Days of reading alone may be missing, above all from before Waymark was connected.';

/** Says to a tutor, in the institution's words, what they should know about the data behind the list. */
export function sayNotice(notice: Notice, words: PolicyPack['words']): string {
  return fillWords(templateOf(notice), words);
}

function templateOf(notice: Notice): string {
  switch (notice.about) {
    case 'whole-class':
      return `${notice.students} of ${notice.measured} students meet the rule on “${indicatorOf(notice.rule.indicator).label}”. That says something about the {course} rather than about anyone in it, so the rule flags nobody for now.`;
    case 'few-visits':
      return `${sayUsual(notice.usualDays)} Not to be seen here says less about somebody than it does where a class comes often: look at hand-ins and attendance first.`;
    case 'read-since':
      return `{Platform} has been read each day since ${sayOf(notice.firstDay)}, and no event feed is connected: of the days before, only what was handed in, posted or finished is known. ${notice.fortnightFrom === undefined ? '' : `Rules that look at two weeks see them whole from ${sayOf(notice.fortnightFrom)}. `}Comparisons with a student’s own usual weeks are whole from ${sayOf(notice.usualFrom)}. Until then such rules may say nothing of somebody who has stopped coming.`;
    case 'seldom-here':
      if (notice.since)
        return `So few days are known of the class yet that the rule on “${indicatorOf(notice.rule.indicator).label}” flags nobody for now. It can speak from about ${sayOf(notice.since.wholeFrom)}.`;
      return `${sayUsual(notice.usualDays)} Not to be seen here is nothing unusual then, so the rule on “${indicatorOf(notice.rule.indicator).label}” flags nobody for now.`;
    case 'topic':
      return `Not known at present: ${topicWords[notice.topic]} (${reasonWords[notice.reason]}). No flag rests on it.`;
    case 'source':
      return `Reading from ${sourceWords[notice.source]} has not worked since the last good reading. No flag is raised by the gap.`;
    case 'gap':
      return `Nothing was received from ${sourceWords[notice.source]} ${sayDays(notice.from, notice.to)}. ${notice.from === notice.to ? 'This day counts' : 'These days count'} for nobody, and raise no flag.`;
  }
}

function sayUsual(days: number): string {
  if (days === 0) return 'More than half of the students were not seen in the {course} in the last 14 days that count.';
  return `More than half of the students were seen in the {course} on ${days} ${days === 1 ? 'day' : 'days'} or fewer of the last 14 that count.`;
}
