import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openInFolder } from './open-in-folder.ts';
import { changes, newDoc, randomFrom } from './random-values.ts';

const { MongoClient, MongoServerError } = mongoose.mongo;
/** Documents whose fields a test makes up as it goes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Fields = any;

let embedded: Awaited<ReturnType<typeof openInFolder>>;
let client: mongoose.mongo.MongoClient;

beforeAll(async () => {
  embedded = await openInFolder();
  client = await MongoClient.connect(embedded.uri, { promoteValues: false });
});
afterAll(async () => {
  await client?.close();
  await embedded?.remove();
});

async function outcomeOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof MongoServerError) return { code: error.code, message: error.errmsg };
    throw error;
  }
}

/** `{ $eq: id }` says the same as `id`, but is not of the shape that is done on the bytes. */
test.each(Array.from({ length: 12 }, (_, i) => i + 1))(
  'an update by id does what the same update by a condition does (%i)',
  async (seed) => {
    const random = randomFrom(seed * 31);
    const [quick, general] = ['quick', 'general'].map((name) =>
      client.db(`updates_${seed}`).collection<Fields>(name),
    ) as [mongoose.mongo.Collection<Fields>, mongoose.mongo.Collection<Fields>];
    for (const collection of [quick, general]) {
      await collection.createIndexes([
        { key: { a: 1, b: -1 } },
        { key: { t: 1 } },
        { key: { 'd.x': 1 }, partialFilterExpression: { c: { $gt: 1 } } },
        { key: { n: 1 }, unique: true, sparse: true },
      ]);
    }
    for (let i = 0; i < 60; i++) {
      const { _id: id, ...fields } = newDoc(random);
      const isRevised = random.below(4) === 0;
      const update = random.below(3) === 0 ? { $set: fields, $inc: { rev: 1 } } : changes(random);
      const upsert = random.below(2) === 0;
      const others = isRevised ? { rev: random.below(3) } : {};
      const [one, two] = [
        await outcomeOf(() => quick.updateOne({ _id: id, ...others }, update, { upsert })),
        await outcomeOf(() => general.updateOne({ _id: { $eq: id }, ...others }, update, { upsert })),
      ];
      const message = JSON.stringify({ id, others, update, upsert });
      expect(JSON.parse(JSON.stringify(one).replaceAll('quick', 'general')), message).toEqual(
        JSON.parse(JSON.stringify(two)),
      );
      const [held, wanted] = [await quick.findOne({ _id: id }), await general.findOne({ _id: id })];
      expect(held, message).toEqual(wanted);
      expect(Object.keys(held ?? {}), message).toEqual(Object.keys(wanted ?? {}));
    }
    for (const query of [{ a: { $gte: 2 } }, { t: 3 }, { 'd.x': 1, c: { $gt: 1 } }, { n: { $gt: 0 } }]) {
      const found = (collection: mongoose.mongo.Collection<Fields>) =>
        collection.find(query, { sort: { _id: 1 } }).toArray();
      expect(await found(quick)).toEqual(await found(general));
    }
  },
);

test.each([1, 2, 3])('and so does one by all fields of a unique index (%i)', async (seed) => {
  const random = randomFrom(seed * 77);
  const [quick, general] = ['quick', 'general'].map((name) => client.db(`unique_${seed}`).collection<Fields>(name)) as [
    mongoose.mongo.Collection<Fields>,
    mongoose.mongo.Collection<Fields>,
  ];
  for (const collection of [quick, general]) {
    await collection.createIndexes([{ key: { one: 1, two: -1 }, unique: true }, { key: { a: 1 } }]);
    await collection.insertOne({ _id: 'many', one: ['p', 'q'], two: 1 });
  }
  for (let i = 0; i < 80; i++) {
    const { _id: _unused, ...fields } = newDoc(random);
    const [one, two] = [random.pick(['p', 'q', 'r', 'é', 'x'.repeat(600)]), random.below(3)];
    const others = random.below(4) === 0 ? { a: random.below(4) } : {};
    const update = random.below(2) === 0 ? { $set: fields, $inc: { rev: 1 } } : changes(random);
    const upsert = random.below(2) === 0;
    const outcomes = [
      await outcomeOf(() => quick.updateOne({ one, ...others, two }, update, { upsert })),
      await outcomeOf(() => general.updateOne({ one: { $eq: one }, ...others, two: { $eq: two } }, update, { upsert })),
    ];
    const plain = outcomes.map((outcome) =>
      JSON.stringify(outcome)
        .replaceAll('quick', 'general')
        .replace(/"upsertedId":"\w{24}"/, '"upsertedId":"new"'),
    );
    const message = JSON.stringify({ one, two, others, update, upsert });
    expect(plain[0], message).toBe(plain[1]);
    const [held, wanted] = await Promise.all(
      [quick, general].map((collection) =>
        collection.find({}, { sort: { one: 1, two: 1 }, projection: { _id: 0 } }).toArray(),
      ),
    );
    expect(JSON.stringify(held), message).toBe(JSON.stringify(wanted));
  }
  const byA = (collection: mongoose.mongo.Collection<Fields>) => collection.countDocuments({ a: { $gte: 2 } });
  expect(await byA(quick)).toEqual(await byA(general));
});
