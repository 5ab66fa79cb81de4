import type { Activity, DayCount, IsoWeek, RollUp } from './activity.ts';
import { dayNumberAt, isoWeekOfNumber, toDay } from './days.ts';
import { hashEventId } from './event-hash.ts';
import type { ActivityKind } from './vocabulary.ts';

/**
 * Activities by the ISO week in which they happened in the course's time zone. What happened at no real time (not a
 * finite number of milliseconds) belongs to no week and is left out.
 */
export function groupByWeek(activities: Iterable<Activity>, timeZone: string): Map<IsoWeek, Activity[]> {
  const byWeek = new Map<IsoWeek, Activity[]>();
  for (const activity of activities) {
    if (!Number.isFinite(activity.at)) continue;
    const week = isoWeekOfNumber(dayNumberAt(activity.at, timeZone));
    const group = byWeek.get(week);
    if (group) group.push(activity);
    else byWeek.set(week, [activity]);
  }
  return byWeek;
}

/**
 * Adds the activities of one week to that week's roll-up. An event that was counted before changes nothing, in whatever
 * order and however often it comes.
 *
 * @returns the roll-up (the very same object where nothing was new) and how many events were new.
 * @throws RangeError where an activity lies in another week, or there is neither a roll-up nor an activity.
 */
export function mergeRollUp(
  existing: RollUp | undefined,
  activities: readonly Activity[],
  timeZone: string,
): { rollUp: RollUp; added: number } {
  const first = activities[0];
  const week = existing?.week ?? (first && isoWeekOfNumber(dayNumberAt(first.at, timeZone)));
  if (week === undefined) throw new RangeError('Neither a roll-up nor an activity to begin one with.');

  const seen = new Set(existing?.seen);
  const objects = new Set(existing?.objects);
  const days = new Map<
    string,
    { day: string; source: DayCount['source']; counts: Partial<Record<ActivityKind, number>> }
  >();
  for (const { day, source, counts } of existing?.days ?? [])
    days.set(`${day} ${source}`, { day, source, counts: { ...counts } });

  let added = 0;
  for (const activity of activities) {
    const number = dayNumberAt(activity.at, timeZone);
    if (isoWeekOfNumber(number) !== week) throw new RangeError(`An activity outside the week ${week}.`);
    const hash = hashEventId(activity.eventId);
    if (seen.has(hash)) continue;
    seen.add(hash);
    added++;
    if (activity.objectId !== undefined) objects.add(activity.objectId);
    const day = toDay(number);
    const key = `${day} ${activity.source}`;
    const entry = days.get(key) ?? { day, source: activity.source, counts: {} };
    entry.counts[activity.kind] = (entry.counts[activity.kind] ?? 0) + 1;
    days.set(key, entry);
  }

  if (existing && added === 0) return { rollUp: existing, added };
  return {
    rollUp: {
      week,
      days: [...days.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => sortCounts(entry)),
      objects: [...objects].sort(),
      seen: [...seen].sort(),
      ...(existing?.voided && { voided: existing.voided }),
    },
    added,
  };
}

/** Kinds in alphabetical order: two roll-ups of the same events are then equal as stored, too. */
function sortCounts({ day, source, counts }: DayCount): DayCount {
  return { day, source, counts: Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))) };
}
