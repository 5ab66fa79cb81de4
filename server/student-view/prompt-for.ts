import type { IsoWeek } from '../domain/activity.ts';
import { dayNumber, firstDayOf } from '../domain/days.ts';
import { fillWords } from '../domain/fill-words.ts';
import type { PolicyPack } from '../policy/schema.ts';

/** The week's question from the pack: another each week, the same all week, for everybody. */
export function promptFor(week: IsoWeek, { reflectionPrompts, words }: PolicyPack): string {
  const weekNumber = Math.floor(dayNumber(firstDayOf(week)) / 7);
  return fillWords(reflectionPrompts[weekNumber % reflectionPrompts.length] ?? '', words);
}
