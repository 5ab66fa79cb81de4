import type { Activity, RollUp } from './activity.ts';
import { dayOf } from './days.ts';
import { hashEventId } from './event-hash.ts';

/**
 * Takes activities of one week out of that week's roll-up again, as if they had never come. What is not in it changes
 * nothing. `keptObjects` are objects that other activity touched: they stay.
 */
export function unmergeRollUp(
  rollUp: RollUp,
  activities: readonly Activity[],
  timeZone: string,
  keptObjects: ReadonlySet<string>,
): RollUp {
  const seen = new Set(rollUp.seen);
  const objects = new Set(rollUp.objects);
  const days = rollUp.days.map(({ day, source, counts }) => ({ day, source, counts: { ...counts } }));
  for (const { eventId, at, kind, source, objectId } of activities) {
    if (!seen.delete(hashEventId(eventId))) continue;
    const day = dayOf(at, timeZone);
    const entry = days.find((candidate) => candidate.day === day && candidate.source === source);
    if (entry) {
      const left = (entry.counts[kind] ?? 0) - 1;
      if (left > 0) entry.counts[kind] = left;
      else delete entry.counts[kind];
    }
    if (objectId !== undefined && !keptObjects.has(objectId)) objects.delete(objectId);
  }
  return {
    week: rollUp.week,
    days: days.filter(({ counts }) => Object.keys(counts).length > 0),
    objects: [...objects].sort(),
    seen: [...seen].sort(),
  };
}
