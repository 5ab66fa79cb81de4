import { RawEventModel, type RawEvent } from '../database/models/raw-event.ts';
import { Conflict } from '../errors.ts';
import { rawId, type Delivery } from './delivery.ts';

/** Among events under ids that their senders chose: who says something else than before, and what was voided before. */
export async function findKnown(
  deliveries: readonly Delivery[],
): Promise<{ conflicts: Map<Delivery, Conflict>; voided: Set<string> }> {
  const conflicts = new Map<Delivery, Conflict>();
  const given = deliveries.flatMap((delivery) =>
    delivery.events.flatMap((event) =>
      event.contentHash === undefined ? [] : [{ delivery, key: rawId(delivery.platformId, event.id), event }],
    ),
  );
  if (given.length === 0) return { conflicts, voided: new Set() };
  const stored = await RawEventModel.collection
    .find<RawEvent>({ _id: { $in: given.map(({ key }) => key) } as never }, { projection: { hash: 1, isVoided: 1 } })
    .toArray();
  const hashes = new Map(stored.map(({ _id, hash }) => [_id, hash]));
  for (const { delivery, key, event } of given) {
    const known = hashes.get(key);
    if (known !== undefined && known !== event.contentHash) {
      conflicts.set(delivery, new Conflict('An event with this id was received before, with other content.'));
    }
    hashes.set(key, known ?? event.contentHash);
  }
  return { conflicts, voided: new Set(stored.flatMap(({ _id, isVoided }) => (isVoided ? [_id] : []))) };
}
