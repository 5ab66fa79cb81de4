import { ObjectId } from 'bson';
import { decodeFields, decodeValue, encodeElement } from './bson-codec.ts';
import { typeOf } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import type { Catalog, CollectionInfo, IndexInfo } from './catalog.ts';
import { DatabaseError } from './errors.ts';
import { documentKey, documentKeyOf, entriesOf, isMultikeyIn } from './index-keys.ts';
import type { IndexEntry } from './index-keys.ts';
import { fieldsOfIndex, fieldsOfIndexes } from './needed-fields.ts';
import { BSON, DocumentBuilder, FieldCursor } from './raw-doc.ts';
import { seal, unseal } from './seal.ts';
import { afterPrefix } from './store.ts';
import type { Store } from './store.ts';

const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** A document's bytes with where they are stored. */
export interface StoredDoc {
  readonly key: Buffer;
  readonly bytes: Buffer;
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

/** A new document as it is stored: its `_id` first, made where there is none. */
function withIdFirst(given: Buffer): { bytes: Buffer; id: Value } {
  const fields = new FieldCursor(given);
  let isFirst = true;
  while (fields.next()) {
    if (fields.name === '_id') break;
    isFirst = false;
  }
  if (fields.start === given.length - 1) {
    const id = new ObjectId();
    const built = new DocumentBuilder();
    const element = encodeElement('_id', id);
    built.add(element, 0, element.length);
    built.add(given, 4, given.length - 1);
    return { bytes: built.finish(), id };
  }
  if (fields.type === BSON.array || fields.type === BSON.regex || fields.type === BSON.undefined) {
    const id = decodeValue(given, fields.type, fields.valueStart);
    const type = fields.type === BSON.undefined ? 'undefined' : typeOf(id);
    throw new DatabaseError('InvalidIdField', `The '_id' value cannot be of type ${type}`);
  }
  const id = decodeValue(given, fields.type, fields.valueStart);
  if (isFirst) return { bytes: given, id };
  const built = new DocumentBuilder();
  built.add(given, fields.start, fields.end);
  built.add(given, 4, fields.start);
  built.add(given, fields.end, given.length - 1);
  return { bytes: built.finish(), id };
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

/** Stores a new document with all its index entries, or throws before anything is written. */
export function insertDocument(
  store: Store,
  catalog: Catalog,
  collection: CollectionInfo,
  given: Buffer,
): StoredDoc & { readonly id: Value } {
  const { bytes, id } = withIdFirst(given);
  checkSize(bytes);
  const key = documentKey(collection, id);
  if (store.get(key) !== undefined) throw duplicateKey(collection, collection.indexes[0]!, [id]);
  const fields = decodeFields(bytes, fieldsOfIndexes(collection));
  const all: IndexEntry[] = [];
  for (const index of collection.indexes) {
    if (index.id === 0) continue;
    const entries = entriesOf(collection, index, fields, key);
    refuseDuplicates(store, collection, index, entries, key);
    all.push(...entries);
  }
  store.claim(key);
  noteMultikey(store, catalog, collection, fields);
  store.put(key, seal(key, bytes));
  for (const entry of all) store.put(entry.key, entry.value);
  return { key, bytes, id };
}

function isUntouched(index: IndexInfo, isSame: (field: string) => boolean): boolean {
  const names = fieldsOfIndex(index);
  if (names === null) return false;
  for (const name of names) if (!isSame(name)) return false;
  return true;
}

/**
 * Puts `bytes` in the place of a stored document; false when they are the same. Throws before anything is written.
 * Indexes are left alone when `isSame` says of all their fields that they have not changed.
 */
export function replaceDocument(
  store: Store,
  catalog: Catalog,
  collection: CollectionInfo,
  stored: StoredDoc,
  bytes: Buffer,
  isSame?: (field: string) => boolean,
): boolean {
  if (bytes.equals(stored.bytes)) return false;
  checkSize(bytes);
  const added: IndexEntry[] = [];
  const removed: Buffer[] = [];
  let before: Doc | undefined;
  let next: Doc | undefined;
  for (const index of collection.indexes) {
    if (index.id === 0) continue;
    if (isSame && isUntouched(index, isSame)) continue;
    before ??= decodeFields(stored.bytes, fieldsOfIndexes(collection));
    next ??= decodeFields(bytes, fieldsOfIndexes(collection));
    const old = entriesOf(collection, index, before, stored.key);
    const fresh = entriesOf(collection, index, next, stored.key);
    const areSame = old.length === fresh.length && old.every((entry, i) => entry.key.equals(fresh[i]!.key));
    if (areSame) continue;
    refuseDuplicates(store, collection, index, fresh, stored.key);
    added.push(...fresh);
    removed.push(...old.map((entry) => entry.key));
  }
  store.claim(stored.key);
  if (next) noteMultikey(store, catalog, collection, next);
  for (const key of removed) store.remove(key);
  store.put(stored.key, seal(stored.key, bytes));
  for (const entry of added) store.put(entry.key, entry.value);
  return true;
}

export function removeDocument(store: Store, collection: CollectionInfo, stored: StoredDoc): void {
  store.claim(stored.key);
  const fields = decodeFields(stored.bytes, fieldsOfIndexes(collection));
  for (const index of collection.indexes) {
    if (index.id === 0) continue;
    for (const entry of entriesOf(collection, index, fields, stored.key)) store.remove(entry.key);
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
    const doc = decodeFields(unseal(key, value), fieldsOfIndex(index));
    if (!index.isMultikey && isMultikeyIn(doc, index)) index.isMultikey = true;
    for (const entry of entriesOf(collection, index, doc, key)) {
      const text = seen ? entry.prefix.toString('latin1') : '';
      if (seen?.has(text)) throw duplicateKey(collection, index, entry.values);
      seen?.add(text);
    }
  }
  for (const { key, value } of store.entries(documents, afterPrefix(documents))) {
    for (const entry of entriesOf(collection, index, decodeFields(unseal(key, value), fieldsOfIndex(index)), key))
      store.put(entry.key, entry.value);
  }
}
