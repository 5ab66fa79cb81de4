import mongoose from 'mongoose';
import { RawEventModel, type RawEvent } from '../database/models/raw-event.ts';

/** Keeps reduced raw events; one that is there already stays as it is. Returns the ids of those that had been voided before they came. */
export async function storeRaw(raw: readonly RawEvent[]): Promise<Set<string>> {
  const unique = [...new Map(raw.map((event) => [event._id, event])).values()];
  if (unique.length === 0) return new Set();
  const failures = await insertAtOnce(unique);
  if (failures.length === 0) return new Set();
  // What was there before is the same event, or the mark of its voiding: conflicts were found before.
  const repeated = failures.map(({ index }) => unique[index]!._id);
  const marks = await RawEventModel.find({ _id: { $in: repeated }, isVoided: true }, { _id: 1 }).lean();
  return new Set(marks.map(({ _id }) => _id));
}

const mostInserted = 10_000;

/**
 * Inserts as one command each: the driver's bulk operations would serialise every document twice. Returns which of them were
 * there before, by position; throws for any other failure.
 */
async function insertAtOnce(events: readonly RawEvent[]): Promise<{ index: number }[]> {
  const repeated: { index: number }[] = [];
  for (let start = 0; start < events.length; start += mostInserted) {
    const reply = await mongoose.connection.db!.command({
      insert: RawEventModel.collection.collectionName,
      documents: events.slice(start, start + mostInserted),
      ordered: false,
    });
    const failures = (reply['writeErrors'] ?? []) as { index: number; code: number; errmsg: string }[];
    for (const { index, code } of failures) {
      if (code !== 11_000) throw new Error(`The database refused an event with code ${code}.`);
      repeated.push({ index: start + index });
    }
    if (reply['writeConcernError']) throw new Error('The database did not confirm that events were stored.');
  }
  return repeated;
}
