import { ObjectId } from 'bson';
import { decodeDoc, encodeDoc } from './bson-codec.ts';
import { typeOf } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import type { Catalog, CollectionInfo, IndexInfo } from './catalog.ts';
import { DatabaseError } from './errors.ts';
import { documentKey, documentKeyOf, entriesOf, isMultikeyIn } from './index-keys.ts';
import type { IndexEntry } from './index-keys.ts';
import { afterPrefix } from './store.ts';
import type { Store } from './store.ts';

const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** A document with where it is stored and its stored bytes. */
export interface StoredDoc {
  readonly key: Buffer;
  readonly bytes: Buffer;
  readonly doc: Doc;
}

function describe(value: Value): string {
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  return JSON.stringify(value ?? null);
}

function duplicateKey(collection: CollectionInfo, index: IndexInfo, values: readonly Value[]): DatabaseError {
  const pairs = index.key.map(([field], i) => [field, values[i] ?? null] as const);
  return new DatabaseError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${collection.database}.${collection.name} index: ${index.name} dup key: { ${pairs.map(([field, value]) => `${field}: ${describe(value)}`).join(', ')} }`,
    { keyPattern: Object.fromEntries(index.key), keyValue: Object.fromEntries(pairs) },
  );
}

/** Throws `DuplicateKey` when another document holds one of these entries of a unique index. */
function refuseDuplicates(
  store: Store,
  collection: CollectionInfo,
  index: IndexInfo,
  entries: readonly IndexEntry[],
  ownKey: Buffer,
): void {
  if (!index.isUnique) return;
  for (const { prefix, values } of entries) {
    for (const entry of store.entries(prefix, afterPrefix(prefix))) {
      if (!documentKeyOf(collection, entry).equals(ownKey)) throw duplicateKey(collection, index, values);
    }
  }
}

function checkId(id: Value): void {
  const type = typeOf(id);
  if (type === 'array' || type === 'regex' || type === 'undefined') {
    throw new DatabaseError('InvalidIdField', `The '_id' value cannot be of type ${type}`);
  }
}

function checkSize(bytes: Buffer): void {
  if (bytes.length > MAX_DOCUMENT_BYTES) {
    throw new DatabaseError(
      'BSONObjectTooLarge',
      `object to insert too large. size in bytes: ${bytes.length}, max size: ${MAX_DOCUMENT_BYTES}`,
    );
  }
}

function noteMultikey(store: Store, catalog: Catalog, collection: CollectionInfo, doc: Doc): void {
  let isChanged = false;
  for (const index of collection.indexes) {
    if (!index.isMultikey && index.id !== 0 && isMultikeyIn(doc, index)) {
      index.isMultikey = true;
      isChanged = true;
    }
  }
  if (isChanged) catalog.save(store, collection);
}

/** Stores a new document with all its index entries, or throws before anything is written. Returns its `_id`. */
export function insertDocument(
  store: Store,
  catalog: Catalog,
  collection: CollectionInfo,
  given: Doc,
  givenBytes?: Buffer,
): StoredDoc {
  let doc = given;
  let bytes = givenBytes;
  if (Object.keys(doc)[0] !== '_id') {
    const { _id: id, ...rest } = given;
    doc = { _id: id === undefined ? new ObjectId() : id, ...rest };
    bytes = undefined;
  }
  checkId(doc['_id']);
  bytes ??= encodeDoc(doc);
  checkSize(bytes);
  const key = documentKey(collection, doc['_id']);
  if (store.get(key) !== undefined) throw duplicateKey(collection, collection.indexes[0]!, [doc['_id']]);
  const all: IndexEntry[] = [];
  for (const index of collection.indexes) {
    if (index.id === 0) continue;
    const entries = entriesOf(collection, index, doc, key);
    refuseDuplicates(store, collection, index, entries, key);
    all.push(...entries);
  }
  store.claim(key);
  noteMultikey(store, catalog, collection, doc);
  store.put(key, bytes);
  for (const entry of all) store.put(entry.key, entry.value);
  return { key, bytes, doc };
}

/** Puts `next` in the place of a stored document; false when they are the same. Throws before anything is written. */
export function replaceDocument(
  store: Store,
  catalog: Catalog,
  collection: CollectionInfo,
  stored: { readonly key: Buffer; readonly bytes: Buffer },
  next: Doc,
): boolean {
  const bytes = encodeDoc(next);
  if (bytes.equals(stored.bytes)) return false;
  checkSize(bytes);
  const before = decodeDoc(stored.bytes);
  const added: IndexEntry[] = [];
  const removed: Buffer[] = [];
  for (const index of collection.indexes) {
    if (index.id === 0) continue;
    const old = entriesOf(collection, index, before, stored.key);
    const fresh = entriesOf(collection, index, next, stored.key);
    const isSame = old.length === fresh.length && old.every((entry, i) => entry.key.equals(fresh[i]!.key));
    if (isSame) continue;
    refuseDuplicates(store, collection, index, fresh, stored.key);
    added.push(...fresh);
    removed.push(...old.map((entry) => entry.key));
  }
  store.claim(stored.key);
  noteMultikey(store, catalog, collection, next);
  for (const key of removed) store.remove(key);
  store.put(stored.key, bytes);
  for (const entry of added) store.put(entry.key, entry.value);
  return true;
}

export function removeDocument(
  store: Store,
  collection: CollectionInfo,
  stored: { readonly key: Buffer; readonly doc: Doc },
): void {
  store.claim(stored.key);
  for (const index of collection.indexes) {
    if (index.id === 0) continue;
    for (const entry of entriesOf(collection, index, stored.doc, stored.key)) store.remove(entry.key);
  }
  store.remove(stored.key);
}

/** Removes every key of a prefix, in steps small enough to leave memory alone. */
export function removeRange(store: Store, prefix: Buffer): void {
  const end = afterPrefix(prefix);
  for (;;) {
    const keys: Buffer[] = [];
    for (const { key } of store.entries(prefix, end)) {
      keys.push(key);
      if (keys.length === 10_000) break;
    }
    for (const key of keys) store.remove(key);
    if (keys.length < 10_000) return;
  }
}

/** Writes the entries of a new index for every document there is; throws `DuplicateKey` before writing any. */
export function fillIndex(store: Store, collection: CollectionInfo, index: IndexInfo): void {
  const documents = documentKey(collection, null).subarray(0, 6);
  const seen = index.isUnique ? new Set<string>() : null;
  for (const { key, value } of store.entries(documents, afterPrefix(documents))) {
    const doc = decodeDoc(value);
    if (!index.isMultikey && isMultikeyIn(doc, index)) index.isMultikey = true;
    for (const entry of entriesOf(collection, index, doc, key)) {
      const text = seen ? entry.prefix.toString('latin1') : '';
      if (seen?.has(text)) throw duplicateKey(collection, index, entry.values);
      seen?.add(text);
    }
  }
  for (const { key, value } of store.entries(documents, afterPrefix(documents))) {
    for (const entry of entriesOf(collection, index, decodeDoc(value), key)) store.put(entry.key, entry.value);
  }
}
