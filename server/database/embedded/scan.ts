import { decodeDoc } from './bson-codec.ts';
import type { Doc } from './bson-values.ts';
import type { CollectionInfo } from './catalog.ts';
import type { StoredDoc } from './documents.ts';
import { documentKeyOf } from './index-keys.ts';
import { compileFilter } from './match.ts';
import type { MatchContext } from './match.ts';
import type { MatchDetails } from './paths.ts';
import { planQuery } from './planner.ts';
import type { Plan } from './planner.ts';
import { parseSort, sortDocs } from './sort.ts';
import type { Entry, Store } from './store.ts';

export interface Query extends MatchContext {
  readonly filter: Doc;
  readonly sort?: unknown;
  readonly skip?: number;
  /** 0 or less means all. */
  readonly limit?: number;
}

/** How much work a query was. */
export interface ScanCounts {
  keysExamined: number;
  documentsExamined: number;
}

export interface Found extends StoredDoc {
  readonly details: MatchDetails;
}

function* entriesInTurn(store: Store, { intervals, isReverse }: Plan): Generator<Entry> {
  for (const { start, end } of isReverse ? [...intervals].reverse() : intervals) {
    yield* store.entries(start, end, isReverse);
  }
}

/** The entries of several intervals in the order of what follows their fixed fields. */
function* mergedEntries(store: Store, { intervals, isReverse }: Plan): Generator<Entry> {
  const heads = intervals.map(({ start, end, fixedBytes }) => {
    const rows = store.entries(start, end, isReverse)[Symbol.iterator]();
    return { rows, fixedBytes, next: rows.next() };
  });
  for (;;) {
    let first: { entry: Entry; rest: Buffer; head: (typeof heads)[number] } | null = null;
    for (const head of heads) {
      if (head.next.done) continue;
      const entry = head.next.value;
      const rest = entry.key.subarray(head.fixedBytes);
      const order = first === null ? -1 : Buffer.compare(rest, first.rest);
      if (first === null || (isReverse ? order > 0 : order < 0)) first = { entry, rest, head };
    }
    if (first === null) return;
    yield first.entry;
    first.head.next = first.head.rows.next();
  }
}

function* candidates(
  store: Store,
  collection: CollectionInfo,
  plan: Plan,
  counts: ScanCounts,
): Generator<{ key: Buffer; bytes: Buffer }> {
  if (plan.keys) {
    for (const key of plan.isReverse ? [...plan.keys].reverse() : plan.keys) {
      const bytes = store.get(key);
      if (bytes === undefined) continue;
      counts.keysExamined++;
      counts.documentsExamined++;
      yield { key, bytes };
    }
    return;
  }
  const seen = plan.index.isMultikey ? new Set<string>() : null;
  for (const entry of plan.isMerged ? mergedEntries(store, plan) : entriesInTurn(store, plan)) {
    counts.keysExamined++;
    if (plan.index.id === 0) {
      counts.documentsExamined++;
      yield { key: entry.key, bytes: entry.value };
      continue;
    }
    const key = documentKeyOf(collection, entry);
    if (seen) {
      const text = key.toString('latin1');
      if (seen.has(text)) continue;
      seen.add(text);
    }
    const bytes = store.get(key);
    if (bytes === undefined) continue;
    counts.documentsExamined++;
    yield { key, bytes };
  }
}

/** The documents that a query finds, in its order, as they are asked for. */
export function* findDocuments(
  store: Store,
  collection: CollectionInfo,
  query: Query,
  counts: ScanCounts = { keysExamined: 0, documentsExamined: 0 },
): Generator<Found> {
  const sort = parseSort(query.sort);
  const plan = planQuery(collection, query.filter, sort);
  const matches = compileFilter(query.filter, query);
  const matching = function* (): Generator<Found> {
    for (const { key, bytes } of candidates(store, collection, plan, counts)) {
      const doc = decodeDoc(bytes);
      const details: MatchDetails = {};
      if (matches(doc, details)) yield { key, bytes, doc, details };
    }
  };
  const isPresorted = sort.length === 0 || plan.isSorted;
  const found: Iterable<Found> = isPresorted ? matching() : sortDocs([...matching()], sort, ({ doc }) => doc);
  let toSkip = query.skip ?? 0;
  let left = query.limit !== undefined && query.limit > 0 ? query.limit : Number.POSITIVE_INFINITY;
  for (const item of found) {
    if (toSkip > 0) {
      toSkip--;
      continue;
    }
    yield item;
    if (--left <= 0) return;
  }
}
