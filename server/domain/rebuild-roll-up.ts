import type { Activity, RollUp } from './activity.ts';
import { hashEventId } from './event-hash.ts';
import { mergeRollUp } from './roll-up.ts';
import type { SourceId } from './vocabulary.ts';

/** Sources whose events are kept one by one for a time; what the others told stands in roll-ups only. */
const rawSources: readonly SourceId[] = ['xapi', 'caliper', 'file'];

/**
 * Makes a week's roll-up again from the events that are kept. Where all of the week's events still are (`isWhole`), what
 * they say replaces what was counted; where some may be gone already, missing ones are only added. What sources without
 * kept events told stays either way, and so does what was voided.
 *
 * @returns the very same object where nothing changes; undefined where there was nothing and is nothing.
 * @throws RangeError where an activity lies in another week.
 */
export function rebuildRollUp(
  existing: RollUp | undefined,
  activities: readonly Activity[],
  timeZone: string,
  isWhole: boolean,
): RollUp | undefined {
  const voided = new Set(existing?.voided);
  const counted = activities.filter(({ eventId }) => !voided.has(hashEventId(eventId)));
  const fresh = counted.length > 0 ? mergeRollUp(undefined, counted, timeZone).rollUp : undefined;
  if (!existing) return fresh;
  if (!isWhole) return counted.length > 0 ? mergeRollUp(existing, counted, timeZone).rollUp : existing;
  const others = existing.days.filter(({ source }) => !rawSources.includes(source));
  // Which events and objects the other sources told of is not known one by one: where there are any, all stay.
  const kept = others.length > 0 ? existing : { seen: [...voided], objects: [] };
  const rebuilt: RollUp = {
    week: existing.week,
    days: [...others, ...(fresh?.days ?? [])].sort((a, b) =>
      `${a.day} ${a.source}` < `${b.day} ${b.source}` ? -1 : 1,
    ),
    objects: [...new Set([...kept.objects, ...(fresh?.objects ?? [])])].sort(),
    seen: [...new Set([...kept.seen, ...(fresh?.seen ?? [])])].sort(),
    ...(existing.voided && { voided: existing.voided }),
  };
  return isSame(rebuilt, existing) ? existing : rebuilt;
}

function isSame(one: RollUp, other: RollUp): boolean {
  const parts = ({ days, objects, seen }: RollUp) =>
    JSON.stringify([days.map(({ day, source, counts }) => [day, source, Object.entries(counts)]), objects, seen]);
  return parts(one) === parts(other);
}
