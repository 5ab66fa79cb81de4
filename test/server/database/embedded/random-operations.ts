import mongoose from 'mongoose';

type Collection = mongoose.mongo.Collection;
type Doc = Record<string, unknown>;

export interface Operation {
  readonly text: string;
  run(collection: Collection): Promise<unknown>;
}

export interface Random {
  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number;
  pick<T>(items: readonly T[]): T;
}

/** Numbers by chance that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed * 0x9e3779b9;
  const below = (bound: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
  return { below, pick: (items) => items[below(items.length)]! };
}

const { Double, Long, ObjectId } = mongoose.mongo;
const FIELDS = ['a', 'b', 'c'] as const;
const PATHS = ['a', 'b', 'c', 'd.x', 'd.y', 't'] as const;

function scalar(random: Random): unknown {
  return random.pick<() => unknown>([
    () => random.below(6),
    () => random.below(6),
    () => random.below(6) + 0.5,
    () => new Double(random.below(6)),
    () => Long.fromNumber(random.below(6)),
    () => random.pick(['x', 'y', 'z', 'é', '']),
    () => random.pick(['x', 'y']),
    () => null,
    () => random.below(2) === 0,
    () => new Date(1_700_000_000_000 + random.below(5) * 86_400_000),
    () => new ObjectId(`64000000000000000000000${random.below(6)}`),
  ])();
}

function field(random: Random): unknown {
  return random.below(5) === 0 ? Array.from({ length: 1 + random.below(3) }, () => scalar(random)) : scalar(random);
}

function newDoc(random: Random): Doc {
  const doc: Doc = { _id: random.below(60) };
  for (const name of FIELDS) if (random.below(4) > 0) doc[name] = field(random);
  if (random.below(3) > 0) doc['d'] = { x: scalar(random), y: random.below(10) };
  if (random.below(3) > 0) doc['t'] = Array.from({ length: 1 + random.below(3) }, () => random.below(6));
  if (random.below(3) === 0)
    doc['e'] = Array.from({ length: random.below(3) }, () => ({ k: random.below(4), v: random.below(10) }));
  return doc;
}

function condition(random: Random): unknown {
  return random.pick<() => unknown>([
    () => scalar(random),
    () => ({ $eq: scalar(random) }),
    () => ({ $ne: scalar(random) }),
    () => ({ [random.pick(['$gt', '$gte', '$lt', '$lte'])]: scalar(random) }),
    () => ({ $gte: random.below(3), $lt: 3 + random.below(4) }),
    () => ({ $in: Array.from({ length: random.below(4) }, () => scalar(random)) }),
    () => ({ $nin: Array.from({ length: random.below(3) }, () => scalar(random)) }),
    () => ({ $exists: random.below(2) === 0 }),
    () => ({ $type: random.pick(['string', 'int', 'double', 'number', 'null', 'array', 'date', 'bool']) }),
    () => ({ $not: { $gt: random.below(5) } }),
    () => ({ $size: random.below(4) }),
    () => ({ $all: [random.below(6)] }),
    () => ({ $mod: [2, random.below(2)] }),
    () => ({ $regex: random.pick(['^x', 'y', '.']) }),
  ])();
}

function filter(random: Random, depth = 0): Doc {
  const kind = random.below(depth > 1 ? 6 : 9);
  if (kind === 0) return {};
  if (kind === 1) return { _id: random.below(60) };
  if (kind === 2) return { e: { $elemMatch: { k: random.below(4), v: { $gt: random.below(10) } } } };
  if (kind === 3) {
    return random.pick<Doc>([
      { [random.pick(['e.k', 'e.v'])]: random.below(6) },
      { t: { $elemMatch: { $gte: random.below(4), $lt: 6 } } },
    ]);
  }
  if (kind < 7) return { [random.pick(PATHS)]: condition(random) };
  if (kind === 7) return { [random.pick(PATHS)]: condition(random), [random.pick(PATHS)]: condition(random) };
  const operator = random.pick(['$and', '$or', '$nor']);
  return { [operator]: [filter(random, depth + 1), filter(random, depth + 1)] };
}

function changes(random: Random): Doc {
  return random.pick<() => Doc>([
    () => ({ $set: { [random.pick(PATHS)]: field(random) } }),
    () => ({ $unset: { [random.pick(PATHS)]: '' } }),
    () => ({ $inc: { [random.pick(PATHS)]: random.pick([1, -2, 0.5, Long.fromNumber(3)]) } }),
    () => ({ $mul: { [random.pick(PATHS)]: random.pick([2, 0.5]) } }),
    () => ({ $min: { [random.pick(PATHS)]: scalar(random) } }),
    () => ({ $max: { [random.pick(PATHS)]: scalar(random) } }),
    () => ({ $push: { t: random.below(6) } }),
    () => ({ $push: { t: { $each: [random.below(6), random.below(6)], $slice: -4 } } }),
    () => ({ $push: { t: { $each: [random.below(6)], $sort: 1 } } }),
    () => ({ $addToSet: { t: random.below(6) } }),
    () => ({ $addToSet: { t: { $each: [random.below(6), random.below(6)] } } }),
    () => ({ $pull: { t: random.below(6) } }),
    () => ({ $pull: { t: { $gte: random.below(6) } } }),
    () => ({ $pull: { e: { k: random.below(4) } } }),
    () => ({ $pop: { t: random.pick([1, -1]) } }),
    () => ({ $rename: { a: 'b' } }),
    () => ({ $set: { 't.0': random.below(6) }, $inc: { n: 1 } }),
    () => ({ $set: { 'd.z': random.below(6), c: scalar(random) }, $setOnInsert: { s: 1 } }),
  ])();
}

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
const SORTS: readonly Doc[] = [
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
  const operations = Array.from({ length: count }, () => random.pick(make)());
  return [...operations, operation('read everything', (collection) => collection.find({}, byId).toArray())];
}
