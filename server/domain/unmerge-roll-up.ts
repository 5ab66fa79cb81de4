import type { Activity, RollUp } from './activity.ts';
import { dayNumberAt, dayOf, isoWeekOfNumber } from './days.ts';
import { hashEventId } from './event-hash.ts';

/**
 * Takes activities of one week out of that week's roll-up again, as if they had never come: they may come again. What is
 * not in it changes nothing. `keptObjects` are objects that other activity touched: they stay.
 *
 * @returns the roll-up, the very same object where nothing of them was in it.
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
  if (seen.size === rollUp.seen.length) return rollUp;
  return {
    ...rollUp,
    days: days.filter(({ counts }) => Object.keys(counts).length > 0),
    objects: [...objects].sort(),
    seen: [...seen].sort(),
  };
}

/**
 * Takes activities of one week out of that week's roll-up for good: should they come once more, or only now come for the
 * first time, they are not counted.
 *
 * @returns the roll-up, the very same object where all of them were voided before.
 * @throws RangeError where there is neither a roll-up nor an activity.
 */
export function voidInRollUp(
  existing: RollUp | undefined,
  activities: readonly Activity[],
  timeZone: string,
  keptObjects: ReadonlySet<string>,
): RollUp {
  const first = activities[0];
  const week = existing?.week ?? (first && isoWeekOfNumber(dayNumberAt(first.at, timeZone)));
  if (week === undefined) throw new RangeError('Neither a roll-up nor an activity to begin one with.');
  const rollUp = existing ?? { week, days: [], objects: [], seen: [] };
  const before = new Set(rollUp.voided);
  const fresh = activities.filter(({ eventId }) => !before.has(hashEventId(eventId)));
  if (fresh.length === 0) return rollUp;
  const hashes = fresh.map(({ eventId }) => hashEventId(eventId));
  const { seen, ...left } = unmergeRollUp(rollUp, fresh, timeZone, keptObjects);
  return {
    ...left,
    seen: [...new Set([...seen, ...hashes])].sort(),
    voided: [...new Set([...before, ...hashes])].sort(),
  };
}
