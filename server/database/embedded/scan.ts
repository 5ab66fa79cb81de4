import { decodeDoc, decodeFields } from './bson-codec.ts';
import type { Doc } from './bson-values.ts';
import type { CollectionInfo } from './catalog.ts';
import type { StoredDoc } from './documents.ts';
import { documentKeyOf } from './index-keys.ts';
import { compileFilter } from './match.ts';
import type { MatchContext } from './match.ts';
import { fieldsOfQuery } from './needed-fields.ts';
import type { MatchDetails } from './paths.ts';
import { planQuery } from './planner.ts';
import type { Plan } from './planner.ts';
import { unseal } from './seal.ts';
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

/** A document that a query found; it is read out of its bytes only where somebody asks for it. */
export class Found implements StoredDoc {
  readonly key: Buffer;
  readonly bytes: Buffer;
  readonly details: MatchDetails;
  /** Those fields that the query and its sort look at. */
  readonly fields: Doc;
  private whole: Doc | null = null;

  constructor(key: Buffer, bytes: Buffer, fields: Doc, details: MatchDetails) {
    this.key = key;
    this.bytes = bytes;
    this.fields = fields;
    this.details = details;
  }

  get doc(): Doc {
    return (this.whole ??= decodeDoc(this.bytes));
  }
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

/** Keys of documents that have been given already, where a document can be come by more than once. */
class Seen {
  private readonly keys = new Set<string>();

  /** False when the key was there before. */
  add(key: Buffer): boolean {
    const text = key.toString('latin1');
    if (this.keys.has(text)) return false;
    this.keys.add(text);
    return true;
  }
}

type Candidate = Pick<StoredDoc, 'key' | 'bytes'>;

function* candidates(
  store: Store,
  collection: CollectionInfo,
  plan: Plan,
  counts: ScanCounts,
  seen: Seen | null = null,
): Generator<Candidate> {
  if (plan.branches) {
    const shared = new Seen();
    for (const branch of plan.branches) yield* candidates(store, collection, branch, counts, shared);
    return;
  }
  if (plan.keys) {
    for (const key of plan.isReverse ? [...plan.keys].reverse() : plan.keys) {
      if (seen && !seen.add(key)) continue;
      const stored = store.get(key);
      if (stored === undefined) continue;
      counts.keysExamined++;
      counts.documentsExamined++;
      yield { key, bytes: unseal(key, stored) };
    }
    return;
  }
  const given = plan.index.isMultikey ? (seen ?? new Seen()) : seen;
  for (const entry of plan.isMerged ? mergedEntries(store, plan) : entriesInTurn(store, plan)) {
    counts.keysExamined++;
    const isDocument = plan.index.id === 0;
    const key = isDocument ? entry.key : documentKeyOf(collection, entry);
    if (given && !given.add(key)) continue;
    const stored = isDocument ? entry.value : store.get(key);
    if (stored === undefined) continue;
    counts.documentsExamined++;
    yield { key, bytes: unseal(key, stored) };
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
  const needed = fieldsOfQuery(query.filter, sort);
  const matching = function* (): Generator<Found> {
    for (const { key, bytes } of candidates(store, collection, plan, counts)) {
      const fields = decodeFields(bytes, needed);
      const details: MatchDetails = {};
      if (matches(fields, details)) yield new Found(key, bytes, fields, details);
    }
  };
  const isPresorted = sort.length === 0 || plan.isSorted;
  const found: Iterable<Found> = isPresorted ? matching() : sortDocs([...matching()], sort, ({ fields }) => fields);
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
