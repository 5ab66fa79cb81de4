import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openInFolder } from './open-in-folder.ts';

const { MongoClient, ObjectId } = mongoose.mongo;
const AT = new Date('2026-02-03T04:05:06.007Z');
const ID = new ObjectId('650000000000000000000001');

let embedded: Awaited<ReturnType<typeof openInFolder>>;
let client: mongoose.mongo.MongoClient;

beforeAll(async () => {
  embedded = await openInFolder();
  client = await MongoClient.connect(embedded.uri);
  await client
    .db('test')
    .collection('things')
    .insertOne({ list: [3, 1, 2], mixed: [3, 'x', null, true], text: 'héllo wörld', none: null, at: AT, id: ID });
});
afterAll(async () => {
  await client?.close();
  await embedded?.remove();
});

/** Each is what MongoDB answers. */
test.each<[Record<string, unknown>, unknown]>([
  // One argument may stand in an array by itself; of null or nothing comes null.
  [{ $abs: [-2] }, 2],
  [{ $abs: ['$nothing'] }, null],
  [{ $floor: ['$none'] }, null],
  [{ $ceil: Number.NaN }, Number.NaN],
  [{ $reverseArray: ['$list'] }, [2, 1, 3]],
  [{ $strLenCP: ['$text'] }, 11],
  [{ $strLenBytes: ['$text'] }, 13],
  [{ $year: ['$at'] }, 2026],
  [{ $hour: { date: '$at', timezone: 'UTC' } }, 4],
  [{ $dayOfMonth: '$none' }, null],
  [{ $isNumber: [3] }, true],
  [{ $type: ['$none'] }, 'null'],
  [{ $toBool: [false] }, false],
  [{ $toBool: '$nothing' }, null],
  [{ $toInt: ['$nothing'] }, null],
  [{ $toDouble: true }, 1],
  [{ $toString: ['$id'] }, ID.toHexString()],
  [{ $toString: '$at' }, '2026-02-03T04:05:06.007Z'],
  [{ $toDate: ['$at'] }, AT],
  [{ $objectToArray: [{ $literal: { a: 1 } }] }, [{ k: 'a', v: 1 }]],
  // NaN and an empty text are true.
  [{ $cond: [Number.NaN, 1, 2] }, 1],
  [{ $not: [''] }, false],
  [{ $and: [Number.NaN, ''] }, true],
  [{ $filter: { input: [Number.NaN, '', 0], cond: '$$this' } }, [Number.NaN, '']],
  [{ $switch: { branches: [{ case: Number.NaN, then: 1 }], default: 2 } }, 1],
  // Values of all types have an order.
  [{ $max: [5, '$at', '$id', null] }, AT],
  [{ $min: '$mixed' }, 3],
  [{ $setUnion: ['$mixed', ['x']] }, [null, 3, 'x', true]],
  [{ $setIntersection: ['$list', [3, 2]] }, [2, 3]],
  [{ $setUnion: ['$list', '$nothing'] }, null],
  [{ $sortArray: { input: '$list', sortBy: { k: 1 } } }, [3, 1, 2]],
  [{ $sortArray: { input: '$mixed', sortBy: -1 } }, [true, 'x', 3, null]],
  [{ $sum: [1, 'x', Number.NaN] }, Number.NaN],
  [{ $avg: ['x', null] }, null],
  [{ $add: ['$at', 1000, null] }, null],
  [{ $add: ['$at', 1000] }, new Date(AT.getTime() + 1000)],
  [{ $subtract: ['$at', '$at'] }, 0],
  [{ $pow: [1, Number.NaN] }, 1],
  // Places.
  [{ $indexOfCP: ['$text', 'w'] }, 6],
  [{ $indexOfBytes: ['$text', 'w'] }, 7],
  [{ $indexOfCP: ['a😀b', 'b'] }, 2],
  [{ $indexOfCP: ['$text', 'l', 3, 4] }, 3],
  [{ $indexOfCP: ['abc', '', 3] }, 3],
  [{ $indexOfCP: ['abc', '', 4] }, -1],
  [{ $indexOfCP: ['$none', 'x'] }, null],
  [{ $indexOfArray: ['$list', 3, 1] }, -1],
  [{ $indexOfArray: ['$list', 2, 1, 3] }, 2],
  [{ $substrBytes: ['abc', 1, -1] }, 'bc'],
  [{ $substrBytes: ['abc', 5, 2] }, ''],
  [{ $range: [5, 0, -2] }, [5, 3, 1]],
  // Lists beside each other: the shortest counts, unless the longest is asked for.
  [{ $zip: { inputs: [[1, 2], ['a']] } }, [[1, 'a']]],
  [{ $zip: { inputs: [[], [1]] } }, []],
  [
    {
      $zip: {
        inputs: [
          [1, null],
          ['a', null, 'c'],
        ],
        useLongestLength: true,
        defaults: [0, 'z'],
      },
    },
    [
      [1, 'a'],
      [null, null],
      [0, 'c'],
    ],
  ],
  [{ $zip: { inputs: ['$list', '$nothing'] } }, null],
  [{ $dateToString: { date: '$none', onNull: 'never' } }, 'never'],
  [{ $dateToString: { date: '$at', format: '%Y-%m-%d %H:%M', timezone: 'UTC' } }, '2026-02-03 04:05'],
  [{ $dateAdd: { startDate: '$nothing', unit: 'day', amount: 1 } }, null],
  [{ $getField: { field: 'a', input: null } }, null],
])('%j', async (expression, expected) => {
  const [row] = await client
    .db('test')
    .collection('things')
    .aggregate([{ $project: { _id: 0, answer: expression } }])
    .toArray();
  expect(row).toEqual({ answer: expected });
});
