import type mongoose from 'mongoose';
import type { Delivery } from './delivery.ts';
import { placeEvents, toRegister, type PlaceOptions } from './place-events.ts';
import { storeRecordings } from './store-register.ts';
import { storeRows } from './store-rows.ts';

/** Takes rows of one file in, as part of an import that can be taken back. */
export async function receiveRows(
  delivery: Delivery & { readonly source: 'file' },
  importId: mongoose.Types.ObjectId,
  timeZone: string,
  options: PlaceOptions,
): Promise<void> {
  const { events, raw } = await placeEvents(delivery, new Set(), options);
  // The titles of recordings stand in events only.
  await storeRecordings(events.flatMap(toRegister));
  await storeRows(raw, importId, timeZone);
}
