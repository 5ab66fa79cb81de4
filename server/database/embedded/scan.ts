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
import type { Store } from './store.ts';

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

function* candidates(
  store: Store,
  collection: CollectionInfo,
  plan: Plan,
  counts: ScanCounts,
): Generator<{ key: Buffer; bytes: Buffer }> {
  const seen = plan.index.isMultikey ? new Set<string>() : null;
  const intervals = plan.isReverse ? [...plan.intervals].reverse() : plan.intervals;
  for (const { start, end } of intervals) {
    for (const entry of store.entries(start, end, plan.isReverse)) {
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
