import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openInFolder } from './open-in-folder.ts';

const { MongoClient } = mongoose.mongo;
type Stage = Record<string, unknown>;

let embedded: Awaited<ReturnType<typeof openInFolder>>;
let client: mongoose.mongo.MongoClient;

const THING = { _id: 1, list: [1, { b: 2, c: 3 }, [4, { b: 5 }]], plain: 7, doc: { in: { most: 1 }, side: 2 } };

beforeAll(async () => {
  embedded = await openInFolder();
  client = await MongoClient.connect(embedded.uri);
});
afterAll(async () => {
  await client?.close();
  await embedded?.remove();
});

async function aggregate(stage: Stage): Promise<unknown> {
  const things = client.db('test').collection<typeof THING>('things');
  await things.replaceOne({ _id: 1 }, THING, { upsert: true });
  return (await things.aggregate([stage]).toArray())[0];
}

describe('a field within an array is that of each of its elements, as in MongoDB', () => {
  const MADE = [{ b: 7 }, { b: 7, c: 3 }, [{ b: 7 }, { b: 7 }]];
  const ONLY_MADE = [{ b: 7 }, { b: 7 }, [{ b: 7 }, { b: 7 }]];

  test.each<[string, Stage, unknown]>([
    ['$set of an object', { $set: { list: { b: '$plain' } } }, { ...THING, list: MADE }],
    ['$addFields of a path', { $addFields: { 'list.b': '$plain' } }, { ...THING, list: MADE }],
    [
      '$set of nothing, which takes away',
      { $set: { 'list.b': '$nothing' } },
      { ...THING, list: [{}, { c: 3 }, [{}, {}]] },
    ],
    ['$set where a number was', { $set: { 'plain.b': 1 } }, { ...THING, plain: { b: 1 } }],
    ['$set of a number as a name, not a place', { $set: { 'doc.0': 1 } }, { ...THING, doc: { ...THING.doc, 0: 1 } }],
    [
      '$set of two fields, the second from the document as it came',
      { $set: { 'doc.in.most': '$plain', copy: '$doc.in.most' } },
      { ...THING, doc: { in: { most: 7 }, side: 2 }, copy: 1 },
    ],
    ['$project of what is worked out', { $project: { list: { b: '$plain' } } }, { _id: 1, list: ONLY_MADE }],
    [
      '$project of both',
      { $project: { 'list.c': 1, 'list.z': '$plain', doc: { side: 1 } } },
      { _id: 1, list: [{ z: 7 }, { c: 3, z: 7 }, [{ z: 7 }, { z: 7 }]], doc: { side: 2 } },
    ],
    ['$project of what stays', { $project: { 'list.b': 1 } }, { _id: 1, list: [{ b: 2 }, [{ b: 5 }]] }],
    ['$project of a number as a name', { $project: { 'list.0': 1 } }, { _id: 1, list: [{}, [{}]] }],
    [
      '$project of what goes, and of _id',
      { $project: { 'list.b': 0, doc: 0, _id: 1 } },
      { _id: 1, list: [1, { c: 3 }, [4, {}]], plain: 7 },
    ],
    ['$unset', { $unset: ['list.b', 'doc.in'] }, { ...THING, list: [1, { c: 3 }, [4, {}]], doc: { side: 2 } }],
  ])('%s', async (_name, stage, expected) => {
    expect(await aggregate(stage)).toEqual(expected);
  });

  test('an update by a pipeline, and a projection of a find', async () => {
    const things = client.db('test').collection<typeof THING>('things');
    await things.replaceOne({ _id: 1 }, THING, { upsert: true });
    const projection = { list: { b: '$plain' } };
    expect(await things.findOne({ _id: 1 }, { projection })).toEqual({ _id: 1, list: ONLY_MADE });
    await things.updateOne({ _id: 1 }, [{ $set: { list: { b: '$plain' } } }, { $unset: 'doc' }]);
    expect(await things.findOne({ _id: 1 })).toEqual({ _id: 1, list: MADE, plain: 7 });
  });
});

test.each<[string, Stage, unknown[]]>([
  ['an array', { $unwind: '$nest.list' }, [{ list: 1 }, { list: null }]],
  [
    'an array, with places',
    { $unwind: { path: '$nest.list', includeArrayIndex: 'at' } },
    [{ list: 1 }, { list: null }],
  ],
  ['what is no array', { $unwind: { path: '$nest.plain', includeArrayIndex: 'at' } }, [{ list: [1, null] }]],
  ['an empty array', { $unwind: '$nest.none' }, []],
  ['a path through an array', { $unwind: '$nest.list.b' }, []],
])('$unwind of %s', async (_name, stage, lists) => {
  const things = client.db('test').collection('unwound');
  await things.deleteMany({});
  const nest = { list: [1, null], plain: 7, none: [] };
  await things.insertOne({ nest });
  const isIndexed = JSON.stringify(stage).includes('includeArrayIndex');
  const rows = await things.aggregate([stage, { $project: { _id: 0 } }]).toArray();
  const places = lists.length > 1 ? lists.map((_, at) => at) : lists.map(() => null);
  const expected = lists.map((list, i) => ({
    nest: { ...nest, ...(list as object) },
    ...(isIndexed ? { at: places[i] } : {}),
  }));
  expect(rows).toEqual(expected);
});

test('a group may take the first, the most and the spread of its documents, and refuses what is not told here', async () => {
  const things = client.db('test').collection('grouped');
  await things.deleteMany({});
  await things.insertMany([{ n: 1 }, { n: 3 }, { n: 'x' }, {}] as never[]);
  const group = async (accumulator: Stage) =>
    (await things.aggregate([{ $sort: { _id: 1 } }, { $group: { _id: null, it: accumulator } }]).toArray())[0]?.['it'];
  expect(await group({ $max: '$n' })).toBe('x');
  expect(await group({ $sum: '$n' })).toBe(4);
  expect(await group({ $avg: '$n' })).toBe(2);
  expect(await group({ $stdDevPop: '$n' })).toBe(1);
  expect(await group({ $stdDevPop: '$nothing' })).toBeNull();
  expect(await group({ $lastN: { input: '$n', n: 2 } })).toEqual(['x', null]);
  expect(await group({ $maxN: { input: '$n', n: 2 } })).toEqual(['x', 3]);
  await expect(group({ $top: { output: '$n', sortBy: { n: 1 } } })).rejects.toMatchObject({ code: 115 });
});

test.each<[number, Stage]>([
  [28818, { $unwind: 'list' }],
  [28822, { $unwind: { path: '$list', includeArrayIndex: '$at' } }],
  [15998, { $project: { 'list..b': 1 } }],
  [16410, { $unset: '$list' }],
  [31119, { $unset: [] }],
  [31249, { $project: { list: 1, 'list.b': 1 } }],
  [31250, { $project: { 'list.b': 1, list: 1 } }],
  [31252, { $project: { list: 0, doc: '$plain' } }],
  [31253, { $project: { list: 0, doc: 1 } }],
  [31254, { $project: { list: 1, doc: 0 } }],
  [40176, { $set: { list: 1, 'list.b': 1 } }],
  [40177, { $set: {} }],
  [40180, { $set: { list: {} } }],
  [40183, { $set: { list: { 'b.c': 1 } } }],
  [51270, { $project: { list: {} } }],
  [51272, { $project: {} }],
])('is refused with the code %i: %j', async (code, stage) => {
  await expect(aggregate(stage)).rejects.toMatchObject({ code });
});
