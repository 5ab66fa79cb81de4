import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openEmbedded } from '../../../server/database/embedded/open-embedded.ts';
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
    // Sorted here: a server must keep what it has sorted between two batches, and not every one can.
    const docs = (await collection.find({}, { promoteValues: false, bsonRegExp: true, batchSize: 10_000 }).toArray())
      .map((doc) => EJSON.stringify(doc, { relaxed: false }))
      .sort();
    const indexes = (await collection.indexes()).map(
      ({ key, name: indexName, unique, sparse, expireAfterSeconds, partialFilterExpression }) => ({
        key,
        indexName,
        unique: unique ?? false,
        sparse: sparse ?? false,
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
  await all.createIndex({ 'nested.list': 1 }, { sparse: true });
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

/** Runs `npm run db` as a person would, on the database of an address or on the embedded one of a folder. */
async function runDb(
  action: 'export' | 'import',
  folder: string,
  where: { uri: string } | { dataDir: string },
): Promise<string> {
  const { MONGODB_URI: _uri, WAYMARK_DATA_DIR: _dataDir, ...env } = process.env;
  const place = 'uri' in where ? { MONGODB_URI: where.uri } : { WAYMARK_DATA_DIR: where.dataDir };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'server/db-cli.ts', action, folder],
    {
      env: { ...env, ...place },
    },
  );
  return stdout;
}

test('an import of a folder that holds no whole export says so, and makes no data directory for it', async () => {
  const dataDir = join(dir, 'never-made');
  const folder = await mkdtemp(join(dir, 'wrong-'));
  const isRefused = async (words: string) => {
    await expect(runDb('import', folder, { dataDir })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(words) as string,
    });
    await expect(access(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
  };
  await isRefused('it has no manifest.json');
  await writeFile(join(folder, 'manifest.json'), '{ "name": "a phone app" }');
  await isRefused('is not an export');
  const collections = [{ name: 'all', file: '000-all.ndjson', documents: 1, indexes: [] }];
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ format: 1, collections }));
  await isRefused('000-all.ndjson is not there');
}, 60_000);

const CLI_TEST_MS = 300_000;

test(
  'the command line moves everything from the embedded database to a server and back, and says how far it is',
  async () => {
    const [home, back] = [join(dir, 'home'), join(dir, 'back')];
    await mkdir(home, { recursive: true });
    const first = await openEmbedded({ dataDir: home });
    const client = await MongoClient.connect(uriFor(first.uri, 'waymark'));
    const things = client.db().collection('things');
    await things.insertMany([
      { ...DOCUMENT },
      ...Array.from({ length: 12_000 }, (_, n) => ({ n, at: new Date(n) })),
    ] as never[]);
    await things.createIndexes([
      { key: { n: -1, at: 1 }, name: 'by number' },
      { key: { int: 1 }, unique: true, sparse: true },
      { key: { at: 1 }, expireAfterSeconds: 2_000_000_000 },
      { key: { long: 1 }, partialFilterExpression: { int: { $gt: 0 } } },
    ]);
    const before = await contentOf(uriFor(first.uri, 'waymark'));
    await client.close();
    await first.close();

    const said = await runDb('export', join(dir, 'from-home'), { dataDir: home });
    expect(said).toMatch(/ things: 10000 documents\n[^]*done things: 12001 documents\nExported to /);
    const server = uriFor(inject('mongodbUri'), `${source.name}_moved`);
    expect(await runDb('import', join(dir, 'from-home'), { uri: server })).toMatch(/done things: 12001 documents/);
    expect(await contentOf(server)).toBe(before);

    await runDb('export', join(dir, 'from-server'), { uri: server });
    await runDb('import', join(dir, 'from-server'), { dataDir: back });
    const last = await openEmbedded({ dataDir: back });
    expect(await contentOf(uriFor(last.uri, 'waymark'))).toBe(before);
    await last.close();

    await expect(runDb('import', join(dir, 'from-server'), { uri: server })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('already has documents') as string,
    });
    const cleaner = await MongoClient.connect(server);
    await cleaner.db().dropDatabase();
    await cleaner.close();
  },
  CLI_TEST_MS,
);
