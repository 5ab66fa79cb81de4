import { isDoc, typeClassOf, typeOf } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { classByte, encodeField, isShortened } from './key-encoding.ts';
import { afterPrefix } from './store.ts';

/** A stretch of keys: from `start` (included) to `end` (not included). */
export interface Interval {
  readonly start: Buffer;
  readonly end: Buffer;
  /** How many bytes of its keys are the same throughout: the fields that are fixed. */
  readonly fixedBytes: number;
}

/** Bytes with which keys begin; `isIncluded` says whether keys that begin so are inside. */
interface Bound {
  readonly prefix: Buffer;
  readonly isIncluded: boolean;
}

/** What a filter says of one field: values that it must be one of, and ranges that it must be within. */
export interface FieldBounds {
  points: Value[] | null;
  ranges: { low: Bound; high: Bound }[];
}

const SAFE_SHORTENED_BYTES = 1000;

function isPoint(value: Value): boolean {
  const type = typeOf(value);
  return type !== 'array' && type !== 'regex' && type !== 'undefined';
}

function boundOf(value: Value, isIncluded: boolean): Bound {
  const field = encodeField(value);
  return isShortened(field)
    ? { prefix: field.subarray(0, SAFE_SHORTENED_BYTES), isIncluded: true }
    : { prefix: field, isIncluded };
}

function rangeOf(operator: string, value: Value): { low: Bound; high: Bound } | null {
  const typeClass = typeClassOf(value);
  // Null, arrays, and the extremes compare by rules of their own.
  if (!isPoint(value) || typeClass <= 3 || typeClass === 17) return null;
  const whole: Bound = { prefix: Buffer.of(classByte(value)), isIncluded: true };
  if (operator === '$gt' || operator === '$gte') return { low: boundOf(value, operator === '$gte'), high: whole };
  return { low: whole, high: boundOf(value, operator === '$lte') };
}

function addBound(bounds: FieldBounds, operator: string, value: Value): void {
  if (operator === '$eq' || operator === '$in') {
    const list = operator === '$eq' ? [value] : Array.isArray(value) ? (value as Value[]) : [undefined];
    if (bounds.points === null && list.every(isPoint)) bounds.points = list;
  } else if (['$gt', '$gte', '$lt', '$lte'].includes(operator)) {
    const range = rangeOf(operator, value);
    if (range) bounds.ranges.push(range);
  }
}

function isOperators(value: Value): value is Doc {
  return isDoc(value) && (Object.keys(value)[0]?.startsWith('$') ?? false);
}

/** What a filter says of single fields, wherever all of it must hold. */
export function boundsOf(filter: Doc, bounds = new Map<string, FieldBounds>()): Map<string, FieldBounds> {
  for (const [key, wanted] of Object.entries(filter)) {
    if (key === '$and') for (const part of wanted as Doc[]) boundsOf(part, bounds);
    if (key.startsWith('$')) continue;
    let field = bounds.get(key);
    if (!field) bounds.set(key, (field = { points: null, ranges: [] }));
    if (isOperators(wanted)) for (const [operator, value] of Object.entries(wanted)) addBound(field, operator, value);
    else addBound(field, '$eq', wanted);
  }
  return bounds;
}

/** The keys that begin with `prefix` and have the next field between two bounds. */
export function fieldInterval(prefix: Buffer, low: Bound, high: Bound, direction: 1 | -1): Interval {
  const flip = (bytes: Buffer) => (direction === 1 ? bytes : Buffer.from(bytes.map((byte) => ~byte & 0xff)));
  const [first, last] = direction === 1 ? [low, high] : [high, low];
  const start = Buffer.concat([prefix, flip(first.prefix)]);
  const end = Buffer.concat([prefix, flip(last.prefix)]);
  return {
    start: first.isIncluded ? start : afterPrefix(start),
    end: last.isIncluded ? afterPrefix(end) : end,
    fixedBytes: prefix.length,
  };
}

/** The one stretch within every range; ranges of an array's different elements must not be joined. */
export function joinRanges(ranges: FieldBounds['ranges'], mayJoin: boolean): { low: Bound; high: Bound } {
  const [first, ...rest] = ranges as [FieldBounds['ranges'][0], ...FieldBounds['ranges']];
  if (!mayJoin) return first;
  return rest.reduce((joined, range) => {
    const lowStart = (bound: Bound) => (bound.isIncluded ? bound.prefix : afterPrefix(bound.prefix));
    const highEnd = (bound: Bound) => (bound.isIncluded ? afterPrefix(bound.prefix) : bound.prefix);
    return {
      low: Buffer.compare(lowStart(range.low), lowStart(joined.low)) > 0 ? range.low : joined.low,
      high: Buffer.compare(highEnd(range.high), highEnd(joined.high)) < 0 ? range.high : joined.high,
    };
  }, first);
}
