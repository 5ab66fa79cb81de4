import { isDoc } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import type { CollectionInfo, IndexInfo } from './catalog.ts';

/**
 * Which of a document's own fields a filter, a sort or an index looks at, so that only those are read out of its bytes.
 * Null means all of them.
 */
export type FieldNames = ReadonlySet<string> | null;

export function ownFieldOf(path: string): string {
  const dot = path.indexOf('.');
  return dot < 0 ? path : path.slice(0, dot);
}

function addFilterFields(filter: Value, names: Set<string>): boolean {
  if (!isDoc(filter)) return false;
  for (const key of Object.keys(filter)) {
    if (!key.startsWith('$')) names.add(ownFieldOf(key));
    else if (key === '$and' || key === '$or' || key === '$nor') {
      const branches = filter[key];
      if (!Array.isArray(branches) || !branches.every((branch) => addFilterFields(branch, names))) return false;
    } else if (key !== '$comment') return false;
  }
  return true;
}

export function fieldsOfQuery(filter: Doc, sort: readonly (readonly [field: string, direction: number])[]): FieldNames {
  const names = new Set<string>();
  if (!addFilterFields(filter, names)) return null;
  for (const [field] of sort) names.add(ownFieldOf(field));
  return names;
}

const byIndex = new WeakMap<IndexInfo, FieldNames>();

/** The fields that decide which entries a document has in an index. */
export function fieldsOfIndex(index: IndexInfo): FieldNames {
  let names = byIndex.get(index);
  if (names === undefined) byIndex.set(index, (names = fieldsOfQuery(index.partialFilter ?? {}, index.key)));
  return names;
}

interface Known {
  readonly indexes: string;
  readonly names: FieldNames;
}
const byCollection = new WeakMap<CollectionInfo, Known>();

/** The fields that any index of a collection looks at, `_id` among them. */
export function fieldsOfIndexes(collection: CollectionInfo): FieldNames {
  const { indexes } = collection;
  // Indexes come and go, but never under a number that was used before.
  const now = `${indexes.length} ${collection.nextIndexId}`;
  const known = byCollection.get(collection);
  if (known?.indexes === now) return known.names;
  const all = indexes.map(fieldsOfIndex);
  const names = all.includes(null) ? null : new Set(all.flatMap((some) => [...some!]));
  byCollection.set(collection, { indexes: now, names });
  return names;
}
