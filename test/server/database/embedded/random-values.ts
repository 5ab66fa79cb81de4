import mongoose from 'mongoose';

type Collection = mongoose.mongo.Collection;
export type Doc = Record<string, unknown>;

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
export const FIELDS = ['a', 'b', 'c'] as const;
export const PATHS = ['a', 'b', 'c', 'd.x', 'd.y', 't'] as const;

export function scalar(random: Random): unknown {
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

export function field(random: Random): unknown {
  return random.below(5) === 0 ? Array.from({ length: 1 + random.below(3) }, () => scalar(random)) : scalar(random);
}

export function newDoc(random: Random): Doc {
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

export function filter(random: Random, depth = 0): Doc {
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

export function changes(random: Random): Doc {
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
