import * as library from 'mingo/operators/expression';
import * as accumulators from 'mingo/operators/accumulator';
import type { Options } from 'mingo/types';
import { isDoc, typeOf } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { areEqual, compareValues } from './compare-values.ts';
import { DatabaseError, notSupported } from './errors.ts';
import {
  argumentOf,
  argumentsOf,
  arrayOf,
  evaluate,
  isNothing,
  namedArguments,
  ofArguments,
  ofSole,
  wholeNumberOf,
} from './operands.ts';
import type { ExpressionFunction, ExpressionFunctions } from './operands.ts';
import { sortItems } from './sort.ts';

const LONGEST_RANGE = 1_000_000;

/** `$first` and `$last`: of a group when they are given documents, else of an array; nothing where it is empty. */
function endOf(name: '$first' | '$last', at: 0 | -1): ExpressionFunction {
  return (obj, expr, options) => {
    if (Array.isArray(obj)) return accumulators[name](obj as never, expr, options as never);
    const items = argumentOf(obj, expr, options);
    if (isNothing(items)) return null;
    if (!Array.isArray(items)) throw new DatabaseError('Location28689', `${name}'s argument must be an array`);
    return (items as unknown[]).at(at);
  };
}

/** Of null or of nothing comes null. */
const slice: ExpressionFunction = (obj, expr, options) => {
  if (!Array.isArray(expr) || expr.length < 2 || expr.length > 3)
    throw new DatabaseError('BadValue', 'Expression $slice takes at least 2 arguments, and at most 3.');
  const [items, ...places] = argumentsOf(obj, expr, options);
  if (isNothing(items) || places.some(isNothing)) return null;
  for (const place of places) wholeNumberOf('$slice', place);
  return library.$slice(obj as never, expr, options as never);
};

const range = ofArguments('$range', [2, 3], (args) => {
  const [start, end, step = 1] = args.map((value) => wholeNumberOf('$range', value)) as [number, number, number?];
  if (step === 0) throw new DatabaseError('BadValue', '$range requires a non-zero step value');
  const length = Math.max(0, Math.ceil((end - start) / step));
  if (length > LONGEST_RANGE) throw notSupported('a $range of more than a million numbers');
  return Array.from({ length }, (_, i) => start + i * step);
});

const zip: ExpressionFunction = (...given) => {
  const named = namedArguments('$zip', ['inputs', 'defaults', 'useLongestLength'], given);
  const { inputs, defaults, useLongestLength: isLongest = false } = named;
  if (typeof isLongest !== 'boolean') throw new DatabaseError('BadValue', "$zip's useLongestLength must be a boolean.");
  if ('defaults' in named && !isLongest)
    throw new DatabaseError('BadValue', 'cannot specify defaults unless useLongestLength is true');
  const lists = arrayOf('$zip', inputs);
  if (lists.length === 0) throw new DatabaseError('BadValue', '$zip requires at least one input array');
  if (lists.some(isNothing)) return null;
  const filling = 'defaults' in named ? arrayOf('$zip', defaults) : [];
  if ('defaults' in named && filling.length !== lists.length)
    throw new DatabaseError('BadValue', 'defaults and inputs must have the same length');
  const lengths = lists.map((list) => arrayOf('$zip', list).length);
  const length = isLongest ? Math.max(...lengths) : Math.min(...lengths);
  return Array.from({ length }, (_, at) =>
    lists.map((list, i) => (at < lengths[i]! ? (list as Value[])[at] : filling[i]) ?? null),
  );
};

/** In the order of their values, as MongoDB has sets. */
function asSet(items: readonly Value[]): Value[] {
  const sorted = items.map((item) => item ?? null).sort(compareValues);
  return sorted.filter((item, i) => i === 0 || !areEqual(item, sorted[i - 1]));
}

function ofSets(name: string, join: (sets: readonly (readonly Value[])[]) => Value[]): ExpressionFunction {
  return ofArguments(name, [0, Number.POSITIVE_INFINITY], (args) =>
    args.some(isNothing) ? null : asSet(join(args.map((value) => arrayOf(name, value)))),
  );
}

function intersection([first = [], ...others]: readonly (readonly Value[])[]): Value[] {
  return first.filter((item) => others.every((other) => other.some((held) => areEqual(held ?? null, item ?? null))));
}

const sortArray: ExpressionFunction = (obj, expr, options) => {
  const { sortBy, ...rest } = expr as Doc;
  const { input } = namedArguments('$sortArray', ['input'], [obj, rest, options]);
  return isNothing(input) ? null : sortItems(arrayOf('$sortArray', input), sortBy);
};

function pairOf(item: Value): [string, Value] {
  const [key, value] = Array.isArray(item) ? (item as Value[]) : isDoc(item) ? [item['k'], item['v']] : [];
  const isPair = Array.isArray(item)
    ? item.length === 2
    : isDoc(item) && Object.keys(item).length === 2 && 'k' in item && 'v' in item;
  if (!isPair || typeof key !== 'string')
    throw new DatabaseError('BadValue', "$arrayToObject needs pairs, or documents with a text 'k' and a 'v'.");
  return [key, value];
}

function mergeDocs(values: readonly Value[]): Doc {
  const merged: Doc = {};
  for (const value of values) {
    if (isNothing(value)) continue;
    if (!isDoc(value))
      throw new DatabaseError('BadValue', `$mergeObjects requires object inputs, but one is of type ${typeOf(value)}`);
    Object.assign(merged, value);
  }
  return merged;
}

const mergeObjects: ExpressionFunction = (obj, expr, options) =>
  mergeDocs(
    Array.isArray(obj) ? accumulators.$push(obj as never[], expr, options as Options) : argumentsOf(obj, expr, options),
  );

/** Of null comes null; of what is no document, nothing. */
const getField: ExpressionFunction = (obj, expr, options) => {
  const input = isDoc(expr) && 'input' in expr ? evaluate(obj, expr['input'], options) : undefined;
  return input === null ? null : library.$getField(obj as never, expr as never, options as never);
};

/** The values of a group's documents, null where one has none. */
function ofGroup(docs: unknown[], expr: unknown, options: unknown): Value[] {
  return accumulators.$push(docs as never[], expr, options as Options).map((value) => value ?? null);
}

/** As many from one end of an array or a group, or of its values in order. */
function someOf(name: '$firstN' | '$lastN' | '$maxN' | '$minN'): ExpressionFunction {
  return (obj, expr, options) => {
    if (!isDoc(expr)) throw new DatabaseError('BadValue', `${name} only supports an object as its argument`);
    const { input: wanted, ...rest } = expr;
    const { n } = namedArguments(name, ['n'], [Array.isArray(obj) ? {} : obj, rest, options]);
    const input = Array.isArray(obj) ? ofGroup(obj, wanted, options) : evaluate(obj, wanted, options);
    const count = wholeNumberOf(name, n);
    if (count <= 0) throw new DatabaseError('BadValue', `'n' must be greater than 0 in ${name}, but is ${count}`);
    const items = arrayOf(name, input);
    if (name === '$firstN') return items.slice(0, count);
    if (name === '$lastN') return items.slice(-count);
    const sign = name === '$maxN' ? -1 : 1;
    const present = items.filter((item) => !isNothing(item));
    return present.sort((a, b) => compareValues(a, b) * sign).slice(0, count);
  };
}

export const LIST_EXPRESSIONS: ExpressionFunctions = {
  $first: endOf('$first', 0),
  $last: endOf('$last', -1),
  $firstN: someOf('$firstN'),
  $lastN: someOf('$lastN'),
  $maxN: someOf('$maxN'),
  $minN: someOf('$minN'),
  $slice: slice,
  $range: range,
  $zip: zip,
  $setUnion: ofSets('$setUnion', (sets) => sets.flat()),
  $setIntersection: ofSets('$setIntersection', intersection),
  $sortArray: sortArray,
  $size: (obj, expr, options) => arrayOf('$size', argumentOf(obj, expr, options)).length,
  $reverseArray: ofSole((value) => [...arrayOf('$reverseArray', value)].reverse()),
  $arrayToObject: ofSole((value) => Object.fromEntries(arrayOf('$arrayToObject', value).map(pairOf))),
  $objectToArray: ofSole((value) => {
    if (!isDoc(value)) throw new DatabaseError('BadValue', `$objectToArray requires a document input`);
    return Object.entries(value).map(([k, v]) => ({ k, v }));
  }),
  $mergeObjects: mergeObjects,
  $getField: getField,
};
