import type { CollectionInfo, IndexInfo } from './catalog.ts';
import { removeDocument } from './documents.ts';
import type { Engine } from './engine.ts';
import { findDocuments } from './scan.ts';

const BATCH = 1000;

/** Removes the documents whose time has passed by a TTL index; a document without a date never passes. */
async function expire(engine: Engine, collection: CollectionInfo, index: IndexInfo, now: number): Promise<void> {
  const [field] = index.key[0]!;
  const cutoff = new Date(now - index.expireAfterSeconds! * 1000);
  const filter = { [field]: { $lte: cutoff }, ...index.partialFilter };
  for (;;) {
    const removed = await engine.write(null, (store) => {
      const found = [...findDocuments(store, collection, { filter, limit: BATCH })];
      for (const { key } of found) store.claim(key);
      for (const item of found) removeDocument(store, collection, item);
      return found.length;
    });
    if (removed < BATCH) return;
  }
}

/** Goes through every TTL index once. */
export async function expireDocuments(engine: Engine, now: number): Promise<void> {
  for (const collection of [...engine.catalog.all()]) {
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds !== null) await expire(engine, collection, index, now);
    }
  }
}
