import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { mappedBytes } from '../../../../server/database/embedded/mapped-memory.ts';
import { openInFolder } from './open-in-folder.ts';
import { randomFrom } from './random-values.ts';

const DOCUMENTS = 15_000;
const READERS = 8;
const READS = 200;
const DOCUMENT_BYTES = 4000;
const ALL_BYTES = DOCUMENTS * DOCUMENT_BYTES;

test.skipIf(mappedBytes() === null)(
  'what is read does not stay in memory, and nobody who reads or writes meanwhile notices',
  async () => {
    const embedded = await openInFolder();
    const client = await mongoose.mongo.MongoClient.connect(embedded.uri);
    try {
      const things = client.db('test').collection<{ _id: number; text: string; reads: number }>('things');
      const random = randomFrom(64);
      for (let from = 0; from < DOCUMENTS; from += 1000) {
        await things.insertMany(
          Array.from({ length: 1000 }, (_, i) => ({ _id: from + i, text: 'x'.repeat(DOCUMENT_BYTES), reads: 0 })),
        );
      }
      const before = mappedBytes()!;
      let most = 0;
      const readers = Array.from({ length: READERS }, async () => {
        for (let i = 0; i < READS; i++) {
          const _id = random.below(DOCUMENTS);
          const found = await things.findOneAndUpdate({ _id }, { $inc: { reads: 1 } }, { returnDocument: 'after' });
          expect(found?.text).toHaveLength(DOCUMENT_BYTES);
          expect(await things.findOne({ _id })).toMatchObject({ _id });
          most = Math.max(most, mappedBytes()!);
        }
      });
      const all = things.find({}, { sort: { _id: 1 }, batchSize: 300 }).toArray();
      await Promise.all(readers);
      expect((await all).map(({ _id }) => _id)).toEqual(Array.from({ length: DOCUMENTS }, (_, i) => i));
      expect(most - before).toBeLessThan(ALL_BYTES * 0.8);
      const [sum] = await things.aggregate([{ $group: { _id: null, reads: { $sum: '$reads' } } }]).toArray();
      expect(sum).toMatchObject({ reads: READERS * READS });
    } finally {
      await client.close();
      await embedded.remove();
    }
  },
  120_000,
);
