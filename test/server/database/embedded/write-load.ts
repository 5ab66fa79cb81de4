import { writeSync } from 'node:fs';
import mongoose from 'mongoose';
import { openEmbedded } from '../../../../server/database/embedded/open-embedded.ts';

/** Writes without end, and says on standard output what has been acknowledged: `first` and the numbers after it. */
const [dataDir, first] = [process.argv[2]!, Number(process.argv[3])];
const database = await openEmbedded({ dataDir });
const client = await mongoose.mongo.MongoClient.connect(database.uri);
const writes = client.db('load').collection<{ _id: number; updates: number; tags: unknown[]; group: number }>('writes');
await writes.createIndexes([
  { key: { group: 1, updates: -1 } },
  { key: { tags: 1 } },
  { key: { unique: 1 }, unique: true },
]);
writeSync(1, 'ready\n');
for (let n = first; ; n += 4) {
  const docs = [0, 1, 2, 3].map((i) => ({
    _id: n + i,
    updates: 0,
    tags: [n % 7, `t${i}`],
    group: n % 5,
    unique: `u${n + i}`,
  }));
  await Promise.all([writes.insertMany(docs.slice(0, 3)), writes.insertOne(docs[3]!)]);
  writeSync(1, `inserted ${n}\n`);
  await writes.updateMany({ _id: { $gte: n, $lt: n + 4 } }, { $inc: { updates: 1 }, $push: { tags: 'updated' } });
  writeSync(1, `updated ${n}\n`);
}
