import { dayNumber, sayDay } from '../../domain/days.ts';
import { sourceNames } from '../../domain/explanations.ts';
import { fillWords } from '../../domain/fill-words.ts';
import type { SourceId } from '../../domain/vocabulary.ts';
import type { Everything } from './collect-everything.ts';

export type Sayings = ReturnType<typeof sayingsOf>;

/** How moments, days, weeks, things and sources are said in one student's download. */
export function sayingsOf({ view, names }: Everything, words: Readonly<Record<string, string>>) {
  const { timeZone } = view.course;
  const date = (day: string) => `${sayDay(dayNumber(day))} ${day.slice(0, 4)}`;
  return {
    date,
    moment: (at: number | Date | undefined) =>
      at === undefined ? '' : new Date(at).toLocaleString('en-GB', { timeZone, dateStyle: 'long', timeStyle: 'short' }),
    week: (isoWeek: string) => {
      const firstDay = view.weeks.find(({ week }) => week === isoWeek)?.firstDay;
      return firstDay === undefined ? isoWeek : `Week of ${date(firstDay)}`;
    },
    titleOf: (id: string) => names[id] ?? id,
    sourceOf: (source: SourceId) => fillWords(sourceNames[source], words),
  };
}
