import { isDoc } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { areEqual } from './compare-values.ts';
import type { CollectionInfo, IndexInfo } from './catalog.ts';
import { DatabaseError } from './errors.ts';
import { encodeField } from './key-encoding.ts';
import { compileFilter } from './match.ts';
import type { Predicate } from './match.ts';
import { fieldOf } from './paths.ts';
import { idStartOf, sealEntry } from './seal.ts';
import { sortableValues } from './sort.ts';
import { afterPrefix } from './store.ts';
import type { Store } from './store.ts';

/** Where a collection's index, or its documents as index 0, lives among all keys. */
export function indexPrefix(collection: CollectionInfo, index: { readonly id: number }): Buffer {
  const prefix = Buffer.allocUnsafe(6);
  prefix.writeUInt32BE(collection.id, 0);
  prefix.writeUInt16BE(index.id, 4);
  return prefix;
}

export function documentKey(collection: CollectionInfo, id: Value): Buffer {
  return Buffer.concat([indexPrefix(collection, { id: 0 }), encodeField(id)]);
}

/** The document that an index entry stands for: its key ends with the encoded `_id`, from where the value says. */
export function documentKeyOf(collection: CollectionInfo, entry: { key: Buffer; value: Buffer }): Buffer {
  return Buffer.concat([indexPrefix(collection, { id: 0 }), entry.key.subarray(idStartOf(entry.value))]);
}

/** Where the document with these values in a unique index is; undefined when there is none. */
export function findByUnique(
  store: Store,
  collection: CollectionInfo,
  index: IndexInfo,
  values: readonly Value[],
): Buffer | undefined {
  const fields = values.map((value, i) => encodeField(value, index.key[i]![1] === -1));
  const prefix = Buffer.concat([indexPrefix(collection, index), ...fields]);
  for (const entry of store.entries(prefix, afterPrefix(prefix))) return documentKeyOf(collection, entry);
  return undefined;
}

const partialPredicates = new WeakMap<Doc, Predicate>();

function isInPartial(doc: Doc, filter: Doc): boolean {
  let predicate = partialPredicates.get(filter);
  if (!predicate) partialPredicates.set(filter, (predicate = compileFilter(filter)));
  return predicate(doc);
}

const splitPaths = new WeakMap<IndexInfo, readonly (readonly string[])[]>();

function pathsOf(index: IndexInfo): readonly (readonly string[])[] {
  let paths = splitPaths.get(index);
  if (!paths) splitPaths.set(index, (paths = index.key.map(([field]) => field.split('.'))));
  return paths;
}

/** The depth of the first array on the way to a path's end; -1 when there is none. */
function firstArrayDepth(doc: Doc, path: readonly string[]): number {
  let value: Value = doc;
  for (const [depth, part] of path.entries()) {
    if (!isDoc(value)) return -1;
    value = fieldOf(value, part);
    if (Array.isArray(value)) return depth;
  }
  return -1;
}

function withValueAt(doc: Doc, path: readonly string[], value: Value): Doc {
  const [part, ...rest] = path as [string, ...string[]];
  return { ...doc, [part]: rest.length === 0 ? value : withValueAt(fieldOf(doc, part) as Doc, rest, value) };
}

/**
 * The tuples of field values that a document has in an index. Fields within one array go element by element; fields in
 * two different arrays are refused, as their combinations would have no bound.
 */
function tuplesOf(doc: Doc, paths: readonly (readonly string[])[], name: string): Value[][] {
  const arrays = paths.map((path) => {
    const depth = firstArrayDepth(doc, path);
    return depth < 0 ? null : path.slice(0, depth + 1).join('.');
  });
  const distinct = new Set(arrays.filter((path) => path !== null));
  if (distinct.size > 1) {
    throw new DatabaseError(
      'CannotIndexParallelArrays',
      `cannot index parallel arrays in index '${name}': ${[...distinct].map((path) => `[${path}]`).join(' ')}`,
    );
  }
  const [shared] = distinct;
  if (shared === undefined) return [paths.map((path) => sortableValues(doc, path)[0])];
  if (arrays.filter((path) => path !== null).length === 1) {
    const many = arrays.findIndex((path) => path !== null);
    const values = sortableValues(doc, paths[many]!);
    const others = paths.map((path, i) => (i === many ? null : sortableValues(doc, path)[0]));
    return values.map((value) => others.map((other, i) => (i === many ? value : other)));
  }
  const sharedPath = shared.split('.');
  const items = sharedPath.reduce<Value>((value, part) => (value as Doc)[part], doc) as Value[];
  if (items.length === 0) return [paths.map((path) => sortableValues(doc, path)[0])];
  return items.flatMap((item) => {
    // An array directly within the array counts as one value.
    const element = Array.isArray(item) ? null : item;
    return tuplesOf(withValueAt(doc, sharedPath, element), paths, name);
  });
}

export interface IndexEntry {
  readonly key: Buffer;
  readonly value: Buffer;
  /** The key without the document's id: what must be alone in a unique index. */
  readonly prefix: Buffer;
  readonly values: readonly Value[];
}

/** Every entry that a document has in an index; none where a sparse or partial index leaves it out. */
export function entriesOf(collection: CollectionInfo, index: IndexInfo, doc: Doc, idKey: Buffer): IndexEntry[] {
  if (index.partialFilter && !isInPartial(doc, index.partialFilter)) return [];
  const paths = pathsOf(index);
  if (index.isSparse && paths.every((path) => isMissing(doc, path))) return [];
  const head = indexPrefix(collection, index);
  const id = idKey.subarray(6);
  const only = paths.length === 1 ? fieldOf(doc, paths[0]![0]!) : undefined;
  const isSimple = paths.length === 1 && paths[0]!.length === 1 && !Array.isArray(only);
  const tuples = isSimple ? [[only === undefined ? null : only]] : tuplesOf(doc, paths, index.name);
  const entries: IndexEntry[] = [];
  const seen = tuples.length > 1 ? new Set<string>() : null;
  for (const values of tuples) {
    const fields = values.map((value, i) => encodeField(value, index.key[i]![1] === -1));
    const prefix = Buffer.concat([head, ...fields]);
    if (prefix.length > MAX_KEY_BYTES - id.length) {
      throw new DatabaseError(
        'CannotCreateIndex',
        `The fields of index '${index.name}' are too long together to be indexed.`,
      );
    }
    if (seen) {
      const text = prefix.toString('latin1');
      if (seen.has(text)) continue;
      seen.add(text);
    }
    const key = Buffer.concat([prefix, id]);
    entries.push({ key, value: sealEntry(key, prefix.length), prefix, values });
  }
  return entries;
}

/** LMDB's own bound for a key. */
const MAX_KEY_BYTES = 1978;

function isMissing(doc: Doc, path: readonly string[]): boolean {
  const values = sortableValues(doc, path);
  if (values.some((value) => value !== null)) return false;
  let value: Value = doc;
  for (const part of path) {
    if (!isDoc(value)) return !Array.isArray(value);
    value = fieldOf(value, part);
  }
  return value === undefined;
}

/** Whether a document has more than one value at any of an index's fields. */
export function isMultikeyIn(doc: Doc, index: IndexInfo): boolean {
  return pathsOf(index).some((path) => firstArrayDepth(doc, path) >= 0);
}

export function hasSameKey(a: IndexInfo, key: IndexInfo['key']): boolean {
  return (
    a.key.length === key.length &&
    a.key.every(([field, direction], i) => field === key[i]![0] && direction === key[i]![1])
  );
}

export function hasSameOptions(a: IndexInfo, b: IndexInfo): boolean {
  return (
    a.isUnique === b.isUnique &&
    a.isSparse === b.isSparse &&
    areEqual(a.partialFilter ?? {}, b.partialFilter ?? {}) &&
    a.expireAfterSeconds === b.expireAfterSeconds
  );
}
