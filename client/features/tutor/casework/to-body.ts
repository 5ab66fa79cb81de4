import { fromDayField } from '../say-when.ts';
import type { ActionDraft } from './action-fields.tsx';

/** The fields of an action as the API takes them. Today is now: midday may still be to come. */
export function toBody({ day, summary, steps, ...draft }: ActionDraft) {
  const at = fromDayField(day);
  return {
    ...draft,
    ...(at !== undefined && { at: Math.min(at, isToday(at) ? Date.now() : at) }),
    ...(summary && { summary }),
    ...(steps && { steps }),
  };
}

function isToday(at: number): boolean {
  return new Date(at).toDateString() === new Date().toDateString();
}
