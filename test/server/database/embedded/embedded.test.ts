import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Engine } from '../../../../server/database/embedded/engine.ts';
import { openEmbedded } from '../../../../server/database/embedded/open-embedded.ts';
import { expireDocuments } from '../../../../server/database/embedded/ttl.ts';
import { openInFolder } from './open-in-folder.ts';

const { MongoClient, Long, Double, Decimal128 } = mongoose.mongo;
type Client = mongoose.mongo.MongoClient;
/** Documents whose fields a test makes up as it goes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Fields = any;

let embedded: Awaited<ReturnType<typeof openInFolder>>;
let client: Client;
const collectionOf = (name: string) => client.db('test').collection<Fields>(name);

beforeAll(async () => {
  embedded = await openInFolder();
  client = await MongoClient.connect(embedded.uri);
});
afterAll(async () => {
  await client?.close();
  await embedded?.remove();
});

describe('an index is used', () => {
  const things = () => collectionOf('indexed');
  beforeAll(async () => {
    await things().insertMany(
      Array.from({ length: 500 }, (_, i) => ({
        _id: i,
        course: `c${i % 5}`,
        week: i % 50,
        tags: [i % 7, 'x'],
        at: { n: i },
      })),
    );
    await things().createIndexes([
      { key: { course: 1, week: 1 } },
      { key: { 'at.n': -1 } },
      { key: { tags: 1 } },
      { key: { week: 1 }, partialFilterExpression: { course: 'c1' }, name: 'weeks of c1' },
    ]);
  });

  test.each([
    ['equality on the first field', { course: 'c1' }, {}, 100],
    ['equality and a range', { course: 'c1', week: { $gte: 10, $lt: 20 } }, {}, 20],
    ['$in', { course: { $in: ['c1', 'c2'] }, week: 6 }, {}, 10],
    ['a nested field, descending', { 'at.n': { $gt: 490 } }, {}, 9],
    ['an element of an array', { tags: 3 }, {}, 71],
    ['_id', { _id: { $in: [3, 4, 900] } }, {}, 2],
    ['a range of _id', { _id: { $gte: 10, $lte: 12 } }, {}, 3],
    ['within $and', { $and: [{ course: 'c0' }, { week: 5 }] }, {}, 10],
    ['a sort on the prefix, with a limit', {}, { sort: { course: 1, week: 1 }, limit: 7 }, 7],
    ['a sort the other way round', {}, { sort: { course: -1, week: -1 }, limit: 7 }, 7],
    ['$in, then the sort', { course: { $in: ['c1', 'c2'] } }, { sort: { week: -1 }, limit: 3 }, 3],
    ['every branch of an $or', { $or: [{ course: 'c1', week: 6 }, { 'at.n': { $gt: 495 } }] }, {}, 14],
    ['an $or whose branches meet', { $or: [{ 'at.n': { $gt: 495 } }, { _id: { $in: [497, 3] } }] }, {}, 5],
    ['an $or beside a condition', { tags: 'x', $or: [{ _id: 4 }, { course: 'c2', week: 7 }] }, {}, 11],
    ['an $or within $and', { $and: [{ $or: [{ _id: 4 }, { _id: 6 }] }, { tags: 'x' }] }, {}, 2],
    ['an $or that is sorted', { $or: [{ _id: 4 }, { 'at.n': { $gte: 498 } }] }, { sort: { week: -1 } }, 3],
    ['equality, then the sort', { course: 'c1' }, { sort: { week: -1 }, limit: 3 }, 3],
  ])('for %s', async (_what, filter, options, examined) => {
    const { executionStats } = (await things()
      .find(filter as never, options as never)
      .explain('executionStats')) as never as {
      executionStats: { totalDocsExamined: number; nReturned: number };
    };
    expect(executionStats.totalDocsExamined).toBe(examined);
    const found = await things()
      .find(filter as never, options as never)
      .toArray();
    expect(found).toHaveLength(examined);
  });

  test('for several values at once, and the order is still that of the sort', async () => {
    const query = { course: { $in: ['c1', 'c3', 'c4'] }, week: { $gte: 3 } };
    for (const direction of [1, -1] as const) {
      const weeks = (
        await things()
          .find(query, { sort: { week: direction } })
          .toArray()
      ).map(({ week }) => week as number);
      expect(weeks).toHaveLength(await things().countDocuments(query));
      expect(weeks).toEqual([...weeks].sort((a, b) => (a - b) * direction));
    }
  });

  test('and gives what a scan gives when an array has several elements in a range', async () => {
    const ranged = collectionOf('ranged');
    await ranged.insertMany([{ n: [1, 9] }, { n: [4] }, { n: 5 }, { n: [] }]);
    await ranged.createIndex({ n: 1 });
    expect(await ranged.countDocuments({ n: { $gt: 3, $lt: 6 } })).toBe(3);
  });

  test('but a partial one only for what it holds', async () => {
    expect(await things().countDocuments({ week: 6 })).toBe(10);
    expect(await things().countDocuments({ week: 6, course: 'c1' })).toBe(10);
  });
});

describe('values', () => {
  test('keep their types through an update', async () => {
    const values = collectionOf('values');
    const given = {
      i: 1,
      d: new Double(1),
      l: Long.fromNumber(1),
      m: Decimal128.fromString('1.10'),
      at: new Date(0),
      n: null,
    };
    const { insertedId } = await values.insertOne({ ...given });
    await values.updateOne({ _id: insertedId }, { $set: { other: true } });
    const [held] = await values.find({ _id: insertedId }, { promoteValues: false }).toArray();
    expect((held!['d'] as { _bsontype: string })._bsontype).toBe('Double');
    expect((held!['l'] as { _bsontype: string })._bsontype).toBe('Long');
    expect(String(held!['m'])).toBe('1.10');
  });

  test('of different types sort in the order of BSON, with and without an index', async () => {
    const mixed = collectionOf('mixed');
    const inOrder = [
      null,
      Number.NaN,
      -1,
      Decimal128.fromString('0.5'),
      1.5,
      Long.fromString('9007199254740993'),
      'a',
      'b',
      { a: 1 },
      Buffer.from('x'),
      new mongoose.mongo.ObjectId(),
      false,
      true,
      new Date(0),
      /x/,
    ];
    await mixed.insertMany(inOrder.map((v, i) => ({ v, i })).reverse());
    const read = async () => (await mixed.find().sort({ v: 1 }).toArray()).map(({ i }) => i);
    expect(await read()).toEqual(inOrder.map((_, i) => i));
    await mixed.createIndex({ v: 1 });
    expect(await read()).toEqual(inOrder.map((_, i) => i));
  });

  test('null is met by what is missing, and $exists tells them apart', async () => {
    const nulls = collectionOf('nulls');
    await nulls.insertMany([{ a: null }, {}, { a: 0 }]);
    expect(await nulls.countDocuments({ a: null })).toBe(2);
    expect(await nulls.countDocuments({ a: { $exists: true } })).toBe(2);
    await nulls.createIndex({ a: 1 });
    expect(await nulls.countDocuments({ a: null })).toBe(2);
  });
});

test('an array within an array is one element of it', async () => {
  const nested = collectionOf('nested');
  await nested.insertMany([
    { _id: 1, t: [1, 2, 3] },
    { _id: 2, t: [[1, 2], 3] },
  ]);
  const idsOf = async (filter: object) => (await nested.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
  expect(await idsOf({ t: { $elemMatch: { $gt: 1, $lt: 3 } } })).toEqual([1]);
  expect(await idsOf({ t: { $elemMatch: { $eq: [1, 2] } } })).toEqual([2]);
  expect(await idsOf({ t: { $elemMatch: { $elemMatch: { $gt: 1 } } } })).toEqual([2]);
  expect(await idsOf({ t: { $elemMatch: { $size: 2 } } })).toEqual([2]);
  expect(await idsOf({ t: { $elemMatch: { $not: { $gt: 1 } } } })).toEqual([1, 2]);
});

describe('uniqueness', () => {
  test('holds across documents, in part where the index is partial', async () => {
    const people = collectionOf('people');
    await people.createIndex({ email: 1 }, { unique: true, partialFilterExpression: { isActive: true } });
    await people.insertOne({ email: 'a', isActive: true });
    await people.insertOne({ email: 'a', isActive: false });
    await expect(people.insertOne({ email: 'a', isActive: true })).rejects.toMatchObject({
      code: 11000,
      keyValue: { email: 'a' },
    });
    await expect(people.updateOne({ isActive: false }, { $set: { isActive: true } })).rejects.toMatchObject({
      code: 11000,
    });
  });

  test('of existing documents is checked before an index is made', async () => {
    const doubled = collectionOf('doubled');
    await doubled.insertMany([{ a: 1 }, { a: 1 }]);
    await expect(doubled.createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 });
    expect(await doubled.indexes()).toHaveLength(1);
  });
});

describe('a transaction', () => {
  test('is seen by nobody until it is committed, and then whole', async () => {
    const accounts = collectionOf('accounts');
    await accounts.insertMany([
      { name: 'a', sum: 5 },
      { name: 'b', sum: 0 },
    ]);
    const session = client.startSession();
    session.startTransaction();
    await accounts.updateOne({ name: 'a' }, { $inc: { sum: -5 } }, { session });
    await accounts.updateOne({ name: 'b' }, { $inc: { sum: 5 } }, { session });
    expect(await accounts.findOne({ name: 'b' })).toMatchObject({ sum: 0 });
    expect(await accounts.findOne({ name: 'b' }, { session })).toMatchObject({ sum: 5 });
    await session.commitTransaction();
    expect(await accounts.findOne({ name: 'b' })).toMatchObject({ sum: 5 });
    await session.endSession();
  });

  test('leaves nothing when it is given up, not even in an index', async () => {
    const rolled = collectionOf('rolled');
    await rolled.createIndex({ a: 1 }, { unique: true });
    const session = client.startSession();
    session.startTransaction();
    await rolled.insertOne({ a: 1 }, { session });
    await session.abortTransaction();
    await session.endSession();
    await rolled.insertOne({ a: 1 });
    expect(await rolled.countDocuments()).toBe(1);
  });

  test('keeps to the state in which it began, however many others are open', async () => {
    const numbers = collectionOf('numbers');
    await numbers.insertOne({ _id: 'n', value: 0 });
    const sessions = Array.from({ length: 200 }, () => client.startSession());
    for (const [value, session] of sessions.entries()) {
      session.startTransaction();
      expect(await numbers.findOne({}, { session })).toMatchObject({ value });
      await numbers.updateOne({ _id: 'n' }, { $inc: { value: 1 } });
    }
    for (const [value, session] of sessions.entries()) {
      expect(await numbers.findOne({}, { session })).toMatchObject({ value });
      await session.abortTransaction();
      await session.endSession();
    }
    expect(await numbers.findOne({})).toMatchObject({ value: 200 });
  });

  test('that meets another is told to try again', async () => {
    const shared = collectionOf('shared');
    await shared.insertOne({ _id: 1, n: 0 });
    const [one, two] = [client.startSession(), client.startSession()];
    one.startTransaction();
    two.startTransaction();
    await shared.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: one });
    const clash = await shared
      .updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: two })
      .catch((error: unknown) => error);
    expect(clash).toMatchObject({ code: 112 });
    expect((clash as mongoose.mongo.MongoError).hasErrorLabel('TransientTransactionError')).toBe(true);
    // A write outside waits for the transaction and then counts too.
    const outside = shared.updateOne({ _id: 1 }, { $inc: { n: 10 } });
    await one.commitTransaction();
    await outside;
    expect(await shared.findOne()).toMatchObject({ n: 11 });
    await one.endSession();
    await two.endSession();
  });
});

test('documents are read in as many batches as are asked for', async () => {
  const many = collectionOf('many');
  await many.insertMany(Array.from({ length: 1234 }, (_, i) => ({ i })));
  const seen = new Set<unknown>();
  for await (const { i } of many.find().batchSize(100)) seen.add(i);
  expect(seen.size).toBe(1234);
});

test('what is not supported is refused by name', async () => {
  const refused = { code: 115 };
  await expect(client.db('test').command({ mapReduce: 'x' })).rejects.toMatchObject({
    ...refused,
    message: expect.stringContaining('mapReduce') as string,
  });
  await expect(collectionOf('x').find({ $where: 'true' }).toArray()).rejects.toMatchObject(refused);
  await expect(collectionOf('x').createIndex({ a: 'text' })).rejects.toMatchObject(refused);
  await expect(
    collectionOf('x')
      .aggregate([{ $out: 'y' }])
      .toArray(),
  ).rejects.toMatchObject(refused);
  await expect(
    collectionOf('x')
      .find({}, { collation: { locale: 'en' } })
      .toArray(),
  ).rejects.toMatchObject(refused);
});

describe('the data directory', () => {
  const folder = () => mkdtemp(join(tmpdir(), 'waymark-data-'));

  test('keeps what was written', async () => {
    const dataDir = await folder();
    for (const turn of [1, 2]) {
      const database = await openEmbedded({ dataDir });
      const other = await MongoClient.connect(database.uri);
      const kept = other.db('test').collection('kept');
      await kept.createIndex({ turn: 1 }, { unique: true });
      await kept.insertOne({ turn });
      expect(await kept.countDocuments({ turn: { $lte: 2 } })).toBe(turn);
      await other.close();
      await database.close();
    }
    await rm(dataDir, { recursive: true });
  });

  test('is one process’s at a time, and the second is told which', async () => {
    await expect(openEmbedded({ dataDir: embedded.dataDir })).rejects.toMatchObject({
      name: 'DataInUse',
      pid: process.pid,
    });
    const dataDir = await folder();
    const sleeper = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    await writeFile(join(dataDir, 'waymark.lock'), JSON.stringify({ pid: sleeper.pid, startedAt: null }));
    await expect(openEmbedded({ dataDir })).rejects.toThrow(String(sleeper.pid));
    sleeper.kill('SIGKILL');
    await new Promise((done) => sleeper.on('exit', done));
    const database = await openEmbedded({ dataDir });
    await database.close();
    await rm(dataDir, { recursive: true });
  });

  test.skipIf(process.platform === 'win32')('holds nothing that another user of the machine can read', async () => {
    for (const name of ['waymark.mdb', 'waymark.sock'])
      expect((await stat(join(embedded.dataDir, name))).mode & 0o077, name).toBe(0);
  });

  test('with a damaged file is refused and left as it is', async () => {
    const dataDir = await folder();
    const path = join(dataDir, 'waymark.mdb');
    await writeFile(path, 'no data file at all'.repeat(1000));
    const before = await readFile(path);
    await expect(openEmbedded({ dataDir })).rejects.toMatchObject({ name: 'UnreadableData' });
    expect((await readFile(path)).equals(before)).toBe(true);
    await rm(dataDir, { recursive: true });
  });

  test('cut short is refused and left as it is', async () => {
    const dataDir = await folder();
    const database = await openEmbedded({ dataDir });
    const other = await MongoClient.connect(database.uri);
    await other
      .db('test')
      .collection('x')
      .insertMany(Array.from({ length: 2000 }, (_, i) => ({ i, text: 'x'.repeat(200) })));
    await other.close();
    await database.close();
    const path = join(dataDir, 'waymark.mdb');
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, Math.floor(whole.length / 3)));
    await expect(openEmbedded({ dataDir })).rejects.toMatchObject({ name: 'UnreadableData' });
    expect((await readFile(path)).length).toBe(Math.floor(whole.length / 3));
    await rm(dataDir, { recursive: true });
  });

  test('that is no directory is refused with what to do', async () => {
    const held = await openInFolder();
    await expect(openEmbedded({ dataDir: join(held.dataDir, 'format.json') })).rejects.toThrow(
      /can’t be written to \(EEXIST\).*WAYMARK_DATA_DIR/,
    );
    await held.remove();
  });

  test('of a newer format is refused', async () => {
    const dataDir = await folder();
    await writeFile(join(dataDir, 'format.json'), JSON.stringify({ format: 99 }));
    await expect(openEmbedded({ dataDir })).rejects.toThrow(/newer version/);
    await rm(dataDir, { recursive: true });
  });
});

test('documents go when their time has passed, and no sooner', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-ttl-'));
  const database = await openEmbedded({ dataDir });
  const other = await MongoClient.connect(database.uri);
  const nonces = other.db('test').collection('nonces');
  await nonces.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
  const at = new Date('2026-03-01T12:00:00Z');
  await nonces.insertMany([{ at }, { at: new Date(at.getTime() + 1) }, { at: [at, new Date(0)] }, { at: 'never' }, {}]);
  await other.db('test').command({ collMod: 'nonces', index: { keyPattern: { at: 1 }, expireAfterSeconds: 30 } });
  await other.close();
  await database.close();
  const engine = new Engine(dataDir);
  await expireDocuments(engine, at.getTime() + 30_000);
  await engine.file.close();
  const again = await openEmbedded({ dataDir });
  const reader = await MongoClient.connect(again.uri);
  expect(await reader.db('test').collection('nonces').countDocuments()).toBe(3);
  await reader.close();
  await again.close();
  await rm(dataDir, { recursive: true });
});
