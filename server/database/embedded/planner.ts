import { isDoc } from './bson-values.ts';
import type { Doc } from './bson-values.ts';
import type { CollectionInfo, IndexInfo } from './catalog.ts';
import { boundsOf, fieldInterval, joinRanges } from './field-bounds.ts';
import type { FieldBounds, Interval } from './field-bounds.ts';
import { indexPrefix } from './index-keys.ts';
import { encodeField } from './key-encoding.ts';
import { compileFilter } from './match.ts';
import type { SortKey } from './sort.ts';
import { afterPrefix } from './store.ts';

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
  /** The plans of an `$or`'s alternatives, when each is read by itself; a document may be found by several. */
  readonly branches: readonly Plan[] | null;
}

const MAX_INTERVALS = 4000;
const MAX_MERGED = 64;

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
  // One document at most for every point: nothing narrows more.
  if (index.isUnique && fixed === index.key.length) score += 20;
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
    branches: null,
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

function bestOf(collection: CollectionInfo, filter: Doc, sort: SortKey): Candidate {
  const bounds = boundsOf(filter);
  let best: Candidate | null = null;
  for (const index of collection.indexes) {
    const candidate = planOf(collection, index, filter, bounds, sort);
    if (candidate && (best === null || candidate.score > best.score)) best = candidate;
  }
  return best!;
}

/** The `$or`s that a filter must meet, at its top or within its `$and`s; each with what else must hold. */
function alternativesOf(filter: Doc): Doc[][] {
  const found: Doc[][] = [];
  const visit = (part: Doc) => {
    for (const [key, value] of Object.entries(part)) {
      if (key === '$and') for (const inner of value as Doc[]) visit(inner);
      else if (key === '$or') {
        const { $or: _alternatives, ...rest } = filter;
        const others = part === filter ? rest : filter;
        found.push((value as Doc[]).map((branch) => ({ $and: [others, branch] })));
      }
    }
  };
  visit(filter);
  return found;
}

/**
 * Chooses the index that narrows a query most, and among equals the one that gives its order. Where alternatives can
 * each use an index better than the whole, each is read by its own.
 */
export function planQuery(collection: CollectionInfo, filter: Doc, sort: SortKey): Plan {
  const best = bestOf(collection, filter, sort);
  if (best.isSorted && best.isNarrow) return best;
  for (const branches of alternativesOf(filter)) {
    const plans = branches.map((branch) => bestOf(collection, branch, []));
    if (!plans.every(({ isNarrow, score }) => isNarrow && score > best.score)) continue;
    return { ...best, isSorted: false, isNarrow: true, isMerged: false, keys: null, branches: plans };
  }
  return best;
}
