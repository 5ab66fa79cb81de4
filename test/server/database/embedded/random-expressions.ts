import type { Doc, Random } from './random-values.ts';

/** Expressions over documents whose `d.y` is a number and whose `t` and `e` are arrays. */

/** Documents that random expressions may be computed over: no others, as a mistake in one has its own code everywhere. */
export const HAS_WHAT_EXPRESSIONS_NEED: Doc = {
  $expr: { $and: [{ $isNumber: '$d.y' }, { $isArray: '$t' }, { $isArray: '$e' }] },
};

function truth(random: Random, depth: number): unknown {
  return random.pick<() => unknown>([
    () => ({ [random.pick(['$gt', '$lte', '$eq', '$ne'])]: [number(random, depth - 1), number(random, depth - 1)] }),
    () => ({ $in: [random.below(6), '$t'] }),
    () => ({ $isArray: random.pick(['$t', '$a', '$d.0', '$e.k']) }),
    () => ({ $not: ['$a'] }),
    () => ({ $and: ['$b', { $ne: ['$c', null] }] }),
    () => ({ $or: [{ $eq: ['$a', 1] }, { $eq: [{ $type: '$d.x' }, 'string'] }] }),
  ])();
}

function number(random: Random, depth: number): unknown {
  const simple = [() => '$d.y', () => random.below(6), () => random.below(6) - 2.5, () => ({ $size: '$t' })];
  if (depth <= 0) return random.pick<() => unknown>(simple)();
  const inner = () => number(random, depth - 1);
  return random.pick<() => unknown>([
    ...simple,
    () => ({ $add: [inner(), inner(), 1] }),
    () => ({ $subtract: [inner(), inner()] }),
    () => ({ $multiply: [inner(), 2] }),
    () => ({ $divide: [inner(), 4] }),
    () => ({ $abs: inner() }),
    () => ({ $floor: inner() }),
    () => ({ $trunc: inner() }),
    () => ({ $ifNull: ['$nothing', inner()] }),
    () => ({ $cond: [truth(random, depth - 1), inner(), inner()] }),
    () => ({ $cond: { if: truth(random, depth - 1), then: inner(), else: inner() } }),
    () => ({ $let: { vars: { n: inner() }, in: { $add: ['$$n', '$$n'] } } }),
    () => ({ $reduce: { input: [1, 2, inner()], initialValue: 0, in: { $add: ['$$value', '$$this'] } } }),
  ])();
}

function list(random: Random): unknown {
  return random.pick<() => unknown>([
    () => '$t',
    () => '$e',
    () => '$e.k',
    () => [],
    () => [['$d.y'], [1, 2], []],
    () => ({ $slice: ['$t', random.pick([-2, 1, 2])] }),
    () => ({ $concatArrays: ['$t', ['$d.y']] }),
    () => ({ $filter: { input: '$e', cond: { $gt: ['$$this.k', random.below(4)] } } }),
    () => ({ $map: { input: '$e', as: 'one', in: { v: '$$one.v', all: '$d.y' } } }),
    () => ({ $reverseArray: random.pick(['$t', ['$t'], '$nothing']) }),
    () => ({ $zip: { inputs: ['$t', random.pick(['$e.k', [], [1, null], '$nothing'])] } }),
    () => ({ $zip: { inputs: ['$t', [1, null]], useLongestLength: true, defaults: ['$d.y', 'none'] } }),
    () => ({ $sortArray: { input: random.pick(['$t', '$e']), sortBy: random.pick<unknown>([1, -1]) } }),
    () => ({ $objectToArray: { only: '$d.y' } }),
    () => ({ [random.pick(['$maxN', '$minN', '$firstN', '$lastN'])]: { input: '$t', n: 1 + random.below(3) } }),
    () => ({ $range: [0, random.below(3)] }),
  ])();
}

/** Any expression: a number, what is in a list, a path through arrays, or a choice that may have no answer. */
export function expression(random: Random): unknown {
  return random.pick<() => unknown>([
    () => number(random, 3),
    () => truth(random, 2),
    () => list(random),
    () => ({ $first: list(random) }),
    () => ({ $last: list(random) }),
    () => ({ $arrayElemAt: [list(random), random.below(5) - 2] }),
    () => ({ [random.pick(['$first', '$last'])]: random.pick(['$nothing', null]) }),
    () => random.pick(['$e.0.k', '$t.0', '$e.0', '$e.k.0', '$d.0', '$d.x.y', '$nothing.0.k', '$$ROOT.e.v', '$e.k.v']),
    () => ({ $map: { input: [{ in: '$e' }], in: random.pick(['$$this.in.k', '$$this.in.0', '$$this.0.k']) } }),
    () => ({ kept: '$d.y', gone: '$nothing.k', list: ['$d.y', '$nothing'] }),
    () => ({
      $switch: {
        branches: [
          { case: truth(random, 1), then: number(random, 1) },
          { case: truth(random, 1), then: list(random) },
        ],
        default: random.pick<unknown>([null, 'none', '$nothing']),
      },
    }),
    () => ({ $switch: { branches: [{ case: { $eq: ['$d.y', '$d.y'] }, then: 1 }] } }),
    () => ({ $switch: { branches: [{ case: { $ne: ['$d.y', '$d.y'] }, then: 1 }] } }),
    () => ({ $mergeObjects: ['$d', { y: 1 }, '$nothing'] }),
    () => ({ $toUpper: random.pick(['$nothing', 'é', 'x']) }),
    () => ({
      [random.pick(['$indexOfCP', '$indexOfBytes'])]: [
        random.pick(['héllo wörld', '$nothing', '']),
        random.pick(['l', 'ö', '', 'zz']),
        random.below(9),
      ],
    }),
    () => ({ $indexOfArray: ['$t', random.below(6), random.below(3)] }),
    () => ({
      [random.pick(['$min', '$max', '$sum', '$avg'])]: random.pick(['$t', ['$d.y', '$nothing', NaN], ['$a', 2]]),
    }),
    () => ({
      [random.pick(['$abs', '$ceil', '$floor', '$exp'])]: [random.pick<unknown>(['$d.y', null, NaN, '$nothing'])],
    }),
    () => ({ $cond: [random.pick<unknown>([NaN, '', null, 0, '$nothing']), 'yes', 'no'] }),
    () => ({ $not: [random.pick<unknown>([NaN, '', null, 0, '$nothing'])] }),
    () => ({
      [random.pick(['$toBool', '$toInt', '$toDouble', '$isNumber', '$type'])]: [
        random.pick(['$d.y', null, '$nothing']),
      ],
    }),
    () => ({ [random.pick(['$strLenCP', '$strLenBytes'])]: ['héllo'] }),
    () => ({ $substrBytes: ['hallo', random.below(7), random.below(7) - 1] }),
    () => ({
      [random.pick(['$year', '$dayOfWeek', '$isoWeek', '$hour'])]: [
        random.pick([null, new Date('2026-02-03T04:05:06Z')]),
      ],
    }),
  ])();
}
