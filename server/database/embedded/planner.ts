import { isDoc, typeClassOf, typeOf } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import type { CollectionInfo, IndexInfo } from './catalog.ts';
import { indexPrefix } from './index-keys.ts';
import { classByte, encodeField, isShortened } from './key-encoding.ts';
import { compileFilter } from './match.ts';
import type { SortKey } from './sort.ts';
import { afterPrefix } from './store.ts';

/** A stretch of keys: from `start` (included) to `end` (not included). */
interface Interval {
  readonly start: Buffer;
  readonly end: Buffer;
  /** How many bytes of its keys are the same throughout: the fields that are fixed. */
  readonly fixedBytes: number;
}

/** How the documents of a query are come by; every one is still tested against the filter. */
export interface Plan {
  /** The index whose entries are read; index 0 is the documents themselves. */
  readonly index: IndexInfo;
  readonly intervals: readonly Interval[];
  readonly isReverse: boolean;
  /** True when documents come in the order of the sort. */
  readonly isSorted: boolean;
  /** True when the intervals narrow the search at all. */
  readonly isNarrow: boolean;
  /** True when the intervals are each in the order of the sort, and have to be read side by side. */
  readonly isMerged: boolean;
  /** The documents' own keys, in order, when the filter names them all. */
  readonly keys: readonly Buffer[] | null;
}

/** Bytes with which keys begin; `isIncluded` says whether keys that begin so are inside. */
interface Bound {
  readonly prefix: Buffer;
  readonly isIncluded: boolean;
}

interface FieldBounds {
  points: Value[] | null;
  ranges: { low: Bound; high: Bound }[];
}

const MAX_INTERVALS = 4000;
const MAX_MERGED = 64;
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
function boundsOf(filter: Doc, bounds = new Map<string, FieldBounds>()): Map<string, FieldBounds> {
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

function fieldInterval(prefix: Buffer, low: Bound, high: Bound, direction: 1 | -1): Interval {
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
function joinRanges(ranges: FieldBounds['ranges'], mayJoin: boolean): { low: Bound; high: Bound } {
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

/** Whether a filter only wants documents that a partial index holds. */
function isWithinPartial(filter: Doc, partial: Doc, bounds: Map<string, FieldBounds>): boolean {
  return Object.entries(partial).every(([field, wanted]) => {
    if (field === '$and') return (wanted as Doc[]).every((part) => isWithinPartial(filter, part, bounds));
    if (field.startsWith('$')) return false;
    const given = bounds.get(field);
    if (!given) return false;
    const holds = compileFilter({ value: wanted });
    if (given.points) return given.points.every((value) => value !== null && holds({ value }));
    const isExistence = isDoc(wanted) && Object.keys(wanted).length === 1 && wanted['$exists'] === true;
    return given.ranges.length > 0 && isExistence;
  });
}

function isSafeForSparse(index: IndexInfo, bounds: Map<string, FieldBounds>): boolean {
  return index.key.some(([field]) => {
    const given = bounds.get(field);
    return (
      given !== undefined && (given.points ? given.points.every((value) => value !== null) : given.ranges.length > 0)
    );
  });
}

interface Candidate extends Plan {
  readonly score: number;
}

function planOf(
  collection: CollectionInfo,
  index: IndexInfo,
  filter: Doc,
  bounds: Map<string, FieldBounds>,
  sort: SortKey,
): Candidate | null {
  if (index.isHidden) return null;
  if (index.partialFilter && !isWithinPartial(filter, index.partialFilter, bounds)) return null;
  if (index.isSparse && !isSafeForSparse(index, bounds)) return null;
  let prefixes: Buffer[] = [indexPrefix(collection, index)];
  let score = 0;
  let fixed = 0;
  let ranged: Interval[] | null = null;
  const heads = new Set<string>();
  for (const [field, direction] of index.key) {
    const head = field.split('.', 1)[0]!;
    // Two fields within one array may be met by two of its elements, which are two entries.
    if (index.isMultikey && heads.has(head)) break;
    heads.add(head);
    const given = bounds.get(field);
    if (given?.points && given.points.length * prefixes.length <= MAX_INTERVALS) {
      const points = given.points.map((value) => encodeField(value, direction === -1));
      prefixes = prefixes.flatMap((prefix) => points.map((point) => Buffer.concat([prefix, point])));
      score += 10;
      fixed++;
      continue;
    }
    if (given && given.ranges.length > 0) {
      const { low, high } = joinRanges(given.ranges, !index.isMultikey);
      ranged = prefixes.map((prefix) => fieldInterval(prefix, low, high, direction));
      score += given.ranges.length > 1 ? 6 : 5;
    }
    break;
  }
  const intervals = (
    ranged ?? prefixes.map((prefix) => ({ start: prefix, end: afterPrefix(prefix), fixedBytes: prefix.length }))
  )
    .filter(({ start, end }) => Buffer.compare(start, end) < 0)
    .sort((a, b) => Buffer.compare(a.start, b.start))
    .filter(({ start }, i, all) => i === 0 || !start.equals(all[i - 1]!.start));
  const isById = index.id === 0 && fixed === 1;
  const order = orderOf(index, sort, fixed, intervals.length, bounds);
  if (order !== null) score += 4;
  return {
    index,
    intervals,
    isReverse: order?.isReverse ?? false,
    isSorted: order !== null,
    isMerged: order?.isMerged ?? false,
    isNarrow: score > (order === null ? 0 : 4),
    keys: isById ? intervals.map(({ start }) => start) : null,
    score,
  };
}

/** Whether reading an index forwards or backwards gives the order of a sort; null when it does not. */
function orderOf(
  index: IndexInfo,
  sort: SortKey,
  fixed: number,
  intervalCount: number,
  bounds: Map<string, FieldBounds>,
): { isReverse: boolean; isMerged: boolean } | null {
  if (sort.length === 0 || index.isMultikey) return null;
  const isConstant = (field: string) => bounds.get(field)?.points?.length === 1;
  const follows = (wanted: SortKey, key: IndexInfo['key'], sign: 1 | -1) =>
    wanted.length <= key.length &&
    wanted.every(([field, direction], i) => key[i]![0] === field && key[i]![1] * sign === direction);
  // After several points, entries come in the order of the points first, unless they are read side by side.
  if (intervalCount > 1 && follows(sort, index.key, 1)) return { isReverse: false, isMerged: false };
  if (intervalCount > 1 && follows(sort, index.key, -1)) return { isReverse: true, isMerged: false };
  const fixedFields = index.key.slice(0, fixed).map(([field]) => field);
  const left = sort.filter(([field]) => !(isConstant(field) && fixedFields.includes(field)));
  const key = index.key.slice(fixed);
  const isMerged = intervalCount > 1;
  if (isMerged && (left.length === 0 || intervalCount > MAX_MERGED)) return null;
  if (follows(left, key, 1)) return { isReverse: false, isMerged };
  return follows(left, key, -1) ? { isReverse: true, isMerged } : null;
}

/** Chooses the index that narrows a query most, and among equals the one that gives its order. */
export function planQuery(collection: CollectionInfo, filter: Doc, sort: SortKey): Plan {
  const bounds = boundsOf(filter);
  let best: Candidate | null = null;
  for (const index of collection.indexes) {
    const candidate = planOf(collection, index, filter, bounds, sort);
    if (candidate && (best === null || candidate.score > best.score)) best = candidate;
  }
  return best!;
}
