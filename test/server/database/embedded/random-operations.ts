import mongoose from 'mongoose';
import { furtherOperation } from './further-operations.ts';
import { changes, field, FIELDS, filter, newDoc, PATHS, scalar } from './random-values.ts';
import type { Doc, Operation, Random } from './random-values.ts';

const { Long } = mongoose.mongo;

/** Changes that no document refuses: a server may keep or undo the others of an update that fails halfway. */
function safeChanges(random: Random): Doc {
  return random.pick<() => Doc>([
    () => ({ $set: { [random.pick(FIELDS)]: field(random) } }),
    () => ({ $unset: { [random.pick(PATHS)]: '' } }),
    () => ({ $min: { [random.pick(FIELDS)]: scalar(random) } }),
    () => ({ $max: { [random.pick(FIELDS)]: scalar(random) } }),
    () => ({ $inc: { n: random.pick([1, 2.5, Long.fromNumber(2)]) } }),
    () => ({ $set: { m: [{ k: random.below(4) }] }, $currentDate: {} }),
  ])();
}

/** Sorts by `t` are not among them: where an empty array comes is told differently by different servers. */
export const SORTS: readonly Doc[] = [
  { a: 1, _id: 1 },
  { b: -1, _id: 1 },
  { 'd.x': 1, _id: -1 },
  { c: -1, a: 1, _id: 1 },
  { _id: -1 },
];
const PROJECTIONS: readonly (Doc | undefined)[] = [
  undefined,
  undefined,
  { a: 1 },
  { 'd.x': 1, _id: 0 },
  { b: 0 },
  { 'e.k': 1 },
  { 'd.y': 0, t: 0 },
];
const INDEXES: readonly { key: Record<string, 1 | -1>; options: mongoose.mongo.CreateIndexesOptions }[] = [
  { key: { a: 1 }, options: {} },
  { key: { b: -1, 'd.y': 1 }, options: {} },
  { key: { 'd.x': 1, 'd.y': -1 }, options: {} },
  { key: { t: 1 }, options: {} },
  { key: { 'e.k': 1, 'e.v': 1 }, options: {} },
  { key: { c: 1 }, options: { partialFilterExpression: { c: { $gt: 2 } } } },
  { key: { u: 1 }, options: { unique: true, sparse: true } },
];

function pipeline(random: Random): Doc[] {
  const group = random.pick<Doc>([
    { _id: null, n: { $sum: 1 }, most: { $max: '$d.y' } },
    { _id: '$d.y', n: { $sum: 1 } },
    { _id: '$d.y', ids: { $sum: '$_id' } },
  ]);
  return random.pick<() => Doc[]>([
    () => [{ $match: filter(random) }, { $group: group }, { $sort: { _id: 1 } }],
    () => [{ $match: filter(random) }, { $sort: random.pick(SORTS) }, { $limit: 5 }, { $project: { a: 1, d: 1 } }],
    () => [
      { $match: { t: { $exists: true } } },
      { $unwind: '$t' },
      { $group: { _id: '$t', n: { $sum: 1 } } },
      { $sort: { _id: 1 } },
    ],
  ])();
}

/** A sequence of operations that ends by reading everything. Results do not depend on an order nobody asked for. */
export function operationsOf(random: Random, count: number): Operation[] {
  const operation = (text: string, run: Operation['run']): Operation => ({ text, run });
  const show = (...parts: unknown[]) => JSON.stringify(parts);
  const byId = { sort: { _id: 1 } as const };
  const make: readonly (() => Operation)[] = [
    () => {
      const doc = newDoc(random);
      return operation(`insert ${show(doc)}`, (collection) => collection.insertOne({ ...doc }));
    },
    () => {
      const docs = Array.from({ length: 1 + random.below(6) }, () => newDoc(random));
      const ordered = random.below(2) === 0;
      return operation(`insertMany ${show(docs, ordered)}`, async (collection) => {
        const reply = await collection.insertMany(
          docs.map((doc) => ({ ...doc })),
          { ordered },
        );
        return reply.insertedCount;
      });
    },
    () => {
      const [query, sort, projection] = [filter(random), random.pick(SORTS), random.pick(PROJECTIONS)];
      const [skip, limit] = [random.below(4), random.below(8)];
      return operation(`find ${show(query, sort, projection, skip, limit)}`, (collection) =>
        collection.find(query, { sort: sort as never, skip, limit, ...(projection ? { projection } : {}) }).toArray(),
      );
    },
    () => {
      const query = filter(random);
      return operation(`find all ${show(query)}`, (collection) => collection.find(query, byId).toArray());
    },
    () => {
      const query = filter(random);
      return operation(`count ${show(query)}`, (collection) => collection.countDocuments(query));
    },
    () => {
      const [id, change, upsert] = [random.below(60), changes(random), random.below(3) === 0];
      return operation(`updateOne ${show(id, change, upsert)}`, (collection) =>
        collection.updateOne({ _id: id } as never, change, { upsert }),
      );
    },
    () => {
      const [query, change] = [filter(random), safeChanges(random)];
      return operation(`updateMany ${show(query, change)}`, async (collection) => {
        const { matchedCount, modifiedCount } = await collection.updateMany(query, change);
        return { matchedCount, modifiedCount };
      });
    },
    () => {
      const { _id: id, ...doc } = newDoc(random);
      return operation(`replaceOne ${show(id, doc)}`, (collection) =>
        collection.replaceOne({ _id: id } as never, doc, { upsert: true }),
      );
    },
    () => {
      const [query, change, after] = [filter(random), changes(random), random.below(2) === 0];
      return operation(`findOneAndUpdate ${show(query, change, after)}`, (collection) =>
        collection.findOneAndUpdate(query, change, { ...byId, returnDocument: after ? 'after' : 'before' }),
      );
    },
    () => {
      const id = random.below(60);
      return operation(`deleteOne ${id}`, (collection) => collection.deleteOne({ _id: id } as never));
    },
    () => {
      const stages = pipeline(random);
      return operation(`aggregate ${show(stages)}`, async (collection) =>
        // Computed numbers are compared by value: here they have no type of their own.
        mongoose.mongo.BSON.EJSON.serialize(await collection.aggregate(stages).toArray(), { relaxed: true }),
      );
    },
    () => {
      const path = random.pick(['d.y', 't', '_id']);
      return operation(`distinct ${path}`, async (collection) => {
        const values = await collection.distinct(path);
        return values.map(String).sort();
      });
    },
    () => {
      const { key, options } = random.pick(INDEXES);
      return operation(`createIndex ${show(key, options)}`, (collection) => collection.createIndex(key, options));
    },
  ];
  const operations = Array.from({ length: count }, () =>
    random.below(3) === 0 ? furtherOperation(random) : random.pick(make)(),
  );
  return [...operations, operation('read everything', (collection) => collection.find({}, byId).toArray())];
}
