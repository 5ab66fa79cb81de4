import mongoose from 'mongoose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openInFolder } from './open-in-folder.ts';

const { MongoClient, BSONRegExp, Decimal128, Double, Long } = mongoose.mongo;
type Doc = Record<string, unknown>;

let embedded: Awaited<ReturnType<typeof openInFolder>>;
let client: mongoose.mongo.MongoClient;
let things: mongoose.mongo.Collection;

beforeAll(async () => {
  embedded = await openInFolder();
  client = await MongoClient.connect(embedded.uri);
  things = client.db('test').collection('things');
});
beforeEach(async () => {
  await things.deleteMany({});
});
afterAll(async () => {
  await client?.close();
  await embedded?.remove();
});

/** What MongoDB finds and does where values are of no usual kind. */
test.each<[boolean, Doc, Doc]>([
  [false, { 'list.0': 1 }, { list: [[1, 2], 3] }],
  [false, { 'list.0': { $gt: 0 } }, { list: [[1, 2], 3] }],
  [true, { 'list.0': [1, 2] }, { list: [[1, 2], 3] }],
  [true, { 'list.0': { $size: 2 } }, { list: [[1, 2], 3] }],
  [true, { 'list.0.1': 2 }, { list: [[1, 2], 3] }],
  [true, { list: { $elemMatch: {} } }, { list: [null, [1]] }],
  [true, { list: { $elemMatch: { 0: 1 } } }, { list: [null, [1]] }],
  [false, { list: { $elemMatch: {} } }, { list: [null, 1] }],
  [true, { n: { $mod: [2, 1] } }, { n: Long.fromString('9007199254740993') }],
  [true, { is: { $regex: '^a', $options: 'i' } }, { is: new BSONRegExp('^a', 'i') }],
  [false, { is: { $regex: '^a' } }, { is: new BSONRegExp('^a', 'i') }],
  [false, { n: { $mod: [2, 0] } }, { n: Long.fromString('9007199254740993') }],
])('finds (%s) by %j in %j', async (isFound, filter, doc) => {
  await things.insertOne({ ...doc });
  expect(await things.countDocuments(filter)).toBe(isFound ? 1 : 0);
});

test.each<[Doc]>([
  [{ $pop: { 'plain.x': 1 } }],
  [{ $pull: { 'plain.x': 1 } }],
  [{ $pullAll: { 'list.x': [1] } }],
  [{ $rename: { 'plain.x': 'other' } }],
])('refuses %j, whose path cannot be there, but unsets what is not there', async (change) => {
  await things.insertOne({ plain: 7, list: [1] });
  await expect(things.updateOne({}, change)).rejects.toMatchObject({ code: 28 });
  const { matchedCount, modifiedCount } = await things.updateOne({}, { $unset: { 'plain.x': '', 'list.x': '' } });
  expect([matchedCount, modifiedCount]).toEqual([1, 0]);
});

test.each<[Doc]>([[{ $rename: { 'list.0': 'other' } }], [{ $rename: { plain: 'list.0' } }]])(
  'refuses %j, as elements have no names to be changed',
  async (change) => {
    await things.insertOne({ plain: 7, list: [1] });
    await expect(things.updateOne({}, change)).rejects.toMatchObject({ code: 2 });
  },
);

test('a double that becomes a decimal has 15 digits', async () => {
  await things.insertOne({ half: 2.5, whole: new Double(2), int: 2 });
  const tenth = Decimal128.fromString('0.1');
  await things.updateOne({}, { $mul: { half: tenth, int: tenth }, $inc: { whole: tenth } });
  const found = await things.findOne({}, { projection: { _id: 0 } });
  expect(Object.values(found ?? {}).map(String)).toEqual(['0.250000000000000', '2.10000000000000', '0.2']);
});

test.each<[Doc]>([[{ 'list.$': 1 }], [{ 'list.k.$': 1 }]])(
  'the projection %j keeps the element that was found',
  async (projection) => {
    await things.insertOne({ list: [{ k: 1 }, { k: 2 }] });
    expect(await things.findOne({ 'list.k': 2 }, { projection: { _id: 0, ...projection } })).toEqual({
      list: [{ k: 2 }],
    });
  },
);

test('distinct takes each element of an array, and an array among them as it is', async () => {
  await things.insertMany([{ list: [1, [1], 1] }, { list: 2 }, { list: [] }, {}]);
  expect(await things.distinct('list')).toEqual([1, [1], 2]);
});
