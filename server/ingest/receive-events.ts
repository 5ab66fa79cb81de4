import { storeActivities, type StudentActivities } from '../database/store-activities.ts';
import type { SourceEvent } from '../sources/source-event.ts';
import { countsOf, type Delivery, type Received } from './delivery.ts';
import { findKnown } from './known-events.ts';
import type { Merger } from './merger.ts';
import { expiryOf, placeEvents, toRegister, type PlacedEvent, type PlaceOptions } from './place-events.ts';
import { storeRaw } from './store-raw.ts';
import { storeRegister } from './store-register.ts';
import { takeOut, voidEvents } from './void-events.ts';

export interface ReceiveOptions extends PlaceOptions {
  /** Merges roll-ups a moment later; absent: they are merged before the answer. */
  readonly merger?: Merger | undefined;
}

/**
 * Takes deliveries in: finds course and person of each event, merges roll-ups and registers, keeps the reduced raw events. An
 * event that came before changes nothing. The outcome of each delivery stands apart: one with a conflict rejects alone.
 *
 * Without a merger roll-ups are written before raw events and the sender is answered after both: killed in between, it tries
 * again and every step finds what it did before. With one, raw events are written first and are merged by this or
 * another process. Either way nothing is lost and nothing counts twice.
 */
export async function receiveDeliveries(
  deliveries: readonly Delivery[],
  options: ReceiveOptions,
): Promise<PromiseSettledResult<Received>[]> {
  const { conflicts, voided } = await findKnown(deliveries);
  const sound = deliveries.filter((delivery) => !conflicts.has(delivery));
  const placed = await Promise.all(sound.map((delivery) => placeEvents(delivery, voided, options)));
  const all = placed.flatMap(({ events }) => events);
  const students = groupByStudent(all);
  const { merger, now, keptDays } = options;
  await storeRegister(all.flatMap(toRegister));
  const raw = placed.flatMap((delivery) => delivery.raw);
  let voidedMeanwhile: ReadonlySet<string>;
  if (merger) {
    const settle = await merger.announce(expiryOf(now, keptDays));
    let isStored = false;
    try {
      voidedMeanwhile = await storeRaw(raw);
      isStored = true;
    } finally {
      settle(isStored ? students : []);
    }
  } else {
    await storeActivities(students);
    voidedMeanwhile = await storeRaw(raw);
  }
  if (voidedMeanwhile.size > 0) await takeOut(raw.filter(({ _id }) => voidedMeanwhile.has(_id)));
  const voidings = new Map(sound.map((delivery) => [delivery, voidingsOf(delivery, options)]));
  const { courseIds, unmet } = await voidEvents([...voidings.values()].flat());
  for (const {
    delivery,
    counts: { dropped },
  } of placed) {
    const ofNothing = voidings.get(delivery)!.filter((voiding) => unmet.has(voiding)).length;
    if (ofNothing === 0) continue;
    dropped.set('voids-nothing-held', ofNothing);
    const others = (dropped.get('voiding') ?? 0) - ofNothing;
    if (others > 0) dropped.set('voiding', others);
    else dropped.delete('voiding');
  }
  const results = new Map(placed.map((result) => [result.delivery, result]));
  return deliveries.map((delivery) => {
    const result = results.get(delivery);
    if (!result) return { status: 'rejected', reason: conflicts.get(delivery) };
    // A voiding names no course; those that it changed are to be computed again all the same.
    for (const courseId of courseIds) countsOf(result.courses, courseId);
    return { status: 'fulfilled', value: { ...result.counts, courses: result.courses } };
  });
}

function voidingsOf({ platformId, events }: Delivery, { now, keptDays }: ReceiveOptions) {
  return events.flatMap(({ voids, at }) =>
    voids === undefined ? [] : [{ platformId, eventId: voids, at: new Date(at), expiresAt: expiryOf(now, keptDays) }],
  );
}

function groupByStudent(placed: readonly PlacedEvent[]): StudentActivities[] {
  const byStudent = new Map<string, StudentActivities & { activities: NonNullable<SourceEvent['activity']>[] }>();
  for (const { event, courseId, personId, timeZone } of placed) {
    if (!event.activity) continue;
    const key = `${courseId} ${personId}`;
    const known = byStudent.get(key);
    if (known) known.activities.push(event.activity);
    else byStudent.set(key, { courseId, personId, timeZone, activities: [event.activity] });
  }
  return [...byStudent.values()];
}
