import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { uriFor } from '../../../server/database/open-database.ts';
import { exportDatabase, importDatabase } from '../../../server/database/transfer.ts';
import { useDatabase } from '../../support/database.ts';
import { openInFolder } from './embedded/open-in-folder.ts';

const { MongoClient, Long, Double, Decimal128, ObjectId, Binary } = mongoose.mongo;
const { EJSON } = mongoose.mongo.BSON;

const source = useDatabase();
let embedded: Awaited<ReturnType<typeof openInFolder>>;
let dir: string;

beforeAll(async () => {
  embedded = await openInFolder();
  dir = await mkdtemp(join(tmpdir(), 'waymark-export-'));
});
afterAll(async () => {
  await embedded?.remove();
  await rm(dir, { recursive: true, force: true });
});

const DOCUMENT = {
  _id: new ObjectId('650000000000000000000001'),
  int: 1,
  double: new Double(1),
  long: Long.fromString('9007199254740993'),
  decimal: Decimal128.fromString('1.10'),
  at: new Date('2026-10-25T00:30:00Z'),
  bytes: new Binary(Buffer.from('sealed')),
  nothing: null,
  nested: { list: [1, 'two', { three: 3 }] },
  matches: new mongoose.mongo.BSON.BSONRegExp('^a', 'i'),
};

/** Everything in a database, types and all. */
async function contentOf(uri: string): Promise<string> {
  const client = await MongoClient.connect(uri);
  const names = (await client.db().listCollections().toArray()).map(({ name }) => name).sort();
  const content = [];
  for (const name of names) {
    const collection = client.db().collection(name);
    const docs = await collection
      .find({}, { promoteValues: false, bsonRegExp: true, sort: { _id: 1 }, batchSize: 10_000 })
      .toArray();
    const indexes = (await collection.indexes()).map(
      ({ key, name: indexName, unique, expireAfterSeconds, partialFilterExpression }) => ({
        key,
        indexName,
        unique,
        expireAfterSeconds,
        partialFilterExpression,
      }),
    );
    content.push({ name, docs, indexes: indexes.sort((a, b) => (String(a.indexName) < String(b.indexName) ? -1 : 1)) });
  }
  await client.close();
  return EJSON.stringify(content, undefined, 1, { relaxed: false });
}

test('an export brought into another database, and from there into a third, is equal to its source', async () => {
  const client = await MongoClient.connect(source.uri);
  const all = client.db().collection('all');
  await all.insertOne({ ...DOCUMENT });
  await all.insertMany(Array.from({ length: 2500 }, (_, n) => ({ n, list: [n % 3, 'x'] })));
  await all.createIndex({ n: 1, list: -1 }, { name: 'by n' });
  await all.createIndex({ at: 1 }, { expireAfterSeconds: 100_000_000 });
  await all.createIndex({ long: 1 }, { unique: true, partialFilterExpression: { int: { $gt: 0 } } });
  await client.db().createCollection('empty');
  await client.close();

  const before = await contentOf(source.uri);
  const progress: string[] = [];
  await exportDatabase(source.uri, join(dir, 'one'), (name, documents, isDone) =>
    progress.push(`${name} ${documents} ${isDone}`),
  );
  expect(progress).toEqual(['all 2501 true', 'empty 0 true']);

  const second = uriFor(embedded.uri, 'second');
  await importDatabase(second, join(dir, 'one'), () => undefined);
  expect(await contentOf(second)).toBe(before);

  await exportDatabase(second, join(dir, 'two'), () => undefined);
  expect(await readFile(join(dir, 'two', '000-all.ndjson'), 'utf8')).toBe(
    await readFile(join(dir, 'one', '000-all.ndjson'), 'utf8'),
  );
  const third = uriFor(inject('mongodbUri'), `${source.name}_third`);
  await importDatabase(third, join(dir, 'two'), () => undefined);
  expect(await contentOf(third)).toBe(before);
  const last = await MongoClient.connect(third);
  await last.db().dropDatabase();
  await last.close();
});

test('an import into a database with documents is refused, and so is half an export', async () => {
  await expect(importDatabase(uriFor(embedded.uri, 'second'), join(dir, 'one'), () => undefined)).rejects.toThrow(
    /already has documents/,
  );
  await expect(importDatabase(uriFor(embedded.uri, 'other'), dir, () => undefined)).rejects.toThrow(/no manifest/);
  await expect(exportDatabase(uriFor(embedded.uri, 'second'), join(dir, 'one'), () => undefined)).rejects.toThrow(
    /not empty/,
  );
  const path = join(dir, 'two', '000-all.ndjson');
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, lines.slice(100).join('\n'));
  await expect(importDatabase(uriFor(embedded.uri, 'short'), join(dir, 'two'), () => undefined)).rejects.toThrow(
    /the manifest says 2501/,
  );
});
