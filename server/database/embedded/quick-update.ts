import { decodeValue, encodeElement } from './bson-codec.ts';
import type { Value } from './bson-values.ts';
import { areEqual } from './compare-values.ts';
import type { Catalog, CollectionInfo } from './catalog.ts';
import { insertDocument, replaceDocument } from './documents.ts';
import { comparePaths, fieldChange, KEEP, REMOVE } from './field-changes.ts';
import type { Change } from './field-changes.ts';
import { documentKey, findByUnique } from './index-keys.ts';
import { BSON, DocumentBuilder, FieldCursor } from './raw-doc.ts';
import { unseal } from './seal.ts';
import type { Store } from './store.ts';

/**
 * Updates of one document by its `_id`, or by all fields of a unique index, that change whole fields of its own: done on
 * the bytes, without reading documents into objects and writing them again. A refresh writes so, by the ten thousand.
 * Whatever is not of this shape is left to the general way, which gives the same result.
 */

/** One field of a filter or an update, as it stands in the command's bytes. */
interface RawField {
  readonly name: string;
  readonly type: number;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

interface FieldUpdate extends RawField {
  readonly isOnInsert: boolean;
  /** Null for a field that is put in as it came. */
  readonly change: Change | null;
}

interface QuickUpdate {
  /** Null where the filter does not name the `_id`. */
  readonly id: RawField | null;
  /** What else the filter wants to be equal. */
  readonly others: readonly RawField[];
  readonly updates: readonly FieldUpdate[];
  readonly isUpsert: boolean;
}

export type QuickOutcome = { readonly upsertedId: Value } | { readonly matched: number; readonly isChanged: boolean };

const SCALARS: ReadonlySet<number> = new Set([BSON.string, BSON.objectId, BSON.int, BSON.long, BSON.bool, BSON.date]);
const QUICK_OPERATORS = new Set([
  '$set',
  '$setOnInsert',
  '$unset',
  '$inc',
  '$mul',
  '$min',
  '$max',
  '$addToSet',
  '$push',
]);

/** Longer ones may not be in an index at all. */
const LONGEST_LOOKED_UP = 500;
const MOST_KNOWN_NAMES = 10_000;
const plainNames = new Map<string, boolean>();

function isPlainName(name: string): boolean {
  let isPlain = plainNames.get(name);
  if (isPlain === undefined) {
    isPlain = name !== '' && name !== '_id' && name !== '__proto__' && !name.startsWith('$') && !name.includes('.');
    if (plainNames.size < MOST_KNOWN_NAMES) plainNames.set(name, isPlain);
  }
  return isPlain;
}

function fieldAt(cursor: FieldCursor): RawField {
  return {
    name: cursor.name,
    type: cursor.type,
    start: cursor.start,
    valueStart: cursor.valueStart,
    end: cursor.end,
  };
}

function parseFilter(part: Buffer, at: number): Pick<QuickUpdate, 'id' | 'others'> | null {
  const cursor = new FieldCursor(part, at);
  let id: RawField | null = null;
  const others: RawField[] = [];
  while (cursor.next()) {
    if (!SCALARS.has(cursor.type)) return null;
    const field = fieldAt(cursor);
    if (field.name === '_id' && id === null) id = field;
    else if (isPlainName(field.name) && others.every(({ name }) => name !== field.name)) others.push(field);
    else return null;
  }
  return { id, others };
}

function parseUpdates(part: Buffer, at: number): FieldUpdate[] | null {
  const updates: FieldUpdate[] = [];
  const operators = new FieldCursor(part, at);
  while (operators.next()) {
    const operator = operators.name;
    if (operators.type !== BSON.object || !QUICK_OPERATORS.has(operator)) return null;
    const isPut = operator === '$set' || operator === '$setOnInsert';
    const fields = new FieldCursor(part, operators.valueStart);
    while (fields.next()) {
      const { name, type, start, valueStart, end } = fields;
      if (!isPlainName(name)) return null;
      for (let i = 0; i < updates.length; i++) if (updates[i]!.name === name) return null;
      const change = isPut ? null : fieldChange(operator, decodeValue(part, type, valueStart)).change;
      updates.push({ name, type, start, valueStart, end, isOnInsert: operator === '$setOnInsert', change });
    }
  }
  return updates.length > 0 ? updates : null;
}

function parse(part: Buffer): QuickUpdate | null {
  const cursor = new FieldCursor(part);
  let filterAt = -1;
  let updateAt = -1;
  let isUpsert = false;
  while (cursor.next()) {
    const { name, type } = cursor;
    if (name === 'q' && type === BSON.object) filterAt = cursor.valueStart;
    else if (name === 'u' && type === BSON.object) updateAt = cursor.valueStart;
    else if (name === 'upsert' && type === BSON.bool) isUpsert = part[cursor.valueStart] === 1;
    else if (name !== 'multi' || type !== BSON.bool || part[cursor.valueStart] !== 0) return null;
  }
  if (filterAt < 0 || updateAt < 0) return null;
  const filter = parseFilter(part, filterAt);
  const updates = filter && parseUpdates(part, updateAt);
  return updates && { ...filter, updates, isUpsert };
}

/** Whether a stored document has what the filter wants besides its `_id`; null when that is not to be seen so simply. */
function isWanted(part: Buffer, others: readonly RawField[], stored: Buffer): boolean | null {
  let met = 0;
  const cursor = new FieldCursor(stored);
  while (met < others.length && cursor.next()) {
    const { name } = cursor;
    const wanted = others.find((other) => other.name === name);
    if (!wanted) continue;
    if (cursor.type === BSON.array) return null;
    const isEqual = areEqual(
      decodeValue(stored, cursor.type, cursor.valueStart),
      decodeValue(part, wanted.type, wanted.valueStart),
    );
    if (!isEqual) return false;
    met++;
  }
  return met === others.length;
}

/** A field that a document has not yet got, in bytes; null when the update leaves it away. */
function newField(part: Buffer, update: FieldUpdate): { source: Buffer; start: number; end: number } | null {
  if (update.change === null) return { source: part, start: update.start, end: update.end };
  const value = update.change(undefined);
  if (value === KEEP || value === REMOVE) return null;
  const source = encodeElement(update.name, value);
  return { source, start: 0, end: source.length };
}

function addNewFields(builder: DocumentBuilder, part: Buffer, updates: readonly FieldUpdate[]): void {
  const inOrder = updates.length > 1 ? [...updates].sort((a, b) => comparePaths([a.name], [b.name])) : updates;
  for (const update of inOrder) {
    const field = newField(part, update);
    if (field) builder.add(field.source, field.start, field.end);
  }
}

function newDocument(part: Buffer, { id, others, updates }: QuickUpdate): Buffer | null {
  const builder = new DocumentBuilder();
  for (const field of [...(id ? [id] : []), ...others].sort((a, b) => a.start - b.start)) {
    // The general way knows what becomes of a field that both the filter and the update give.
    if (updates.some(({ name }) => name === field.name)) return null;
    builder.add(part, field.start, field.end);
  }
  addNewFields(builder, part, updates);
  return builder.finish();
}

/** The stored document with the updates, and the names of the fields whose bytes are no longer the same. */
function changedDocument(
  part: Buffer,
  updates: readonly FieldUpdate[],
  stored: Buffer,
): { bytes: Buffer; changed: ReadonlySet<string> } {
  const builder = new DocumentBuilder();
  const changed = new Set<string>();
  const left = updates.filter(({ isOnInsert }) => !isOnInsert);
  const cursor = new FieldCursor(stored);
  while (cursor.next()) {
    const { name, start, end } = cursor;
    const at = left.findIndex((update) => update.name === name);
    if (at < 0) {
      builder.add(stored, start, end);
      continue;
    }
    const update = left[at]!;
    left.splice(at, 1);
    let source = part;
    let [from, to] = [update.start, update.end];
    if (update.change !== null) {
      const value = update.change(decodeValue(stored, cursor.type, cursor.valueStart));
      if (value === REMOVE) {
        changed.add(name);
        continue;
      }
      source = value === KEEP ? stored : encodeElement(name, value);
      [from, to] = value === KEEP ? [start, end] : [0, source.length];
    }
    builder.add(source, from, to);
    if (to - from !== end - start || source.compare(stored, start, end, from, to) !== 0) changed.add(name);
  }
  for (const { name } of left) changed.add(name);
  addNewFields(builder, part, left);
  return { bytes: builder.finish(), changed };
}

/** Where the document is that the filter means; undefined when there is none, null when that is not to be seen so simply. */
function findKey(
  store: Store,
  collection: CollectionInfo,
  part: Buffer,
  { id, others }: QuickUpdate,
): Buffer | null | undefined {
  if (id) return documentKey(collection, decodeValue(part, id.type, id.valueStart));
  const wanted = new Map(others.map((field) => [field.name, field]));
  const index = collection.indexes.find(
    ({ isUnique, partialFilter, key }) => isUnique && !partialFilter && key.every(([name]) => wanted.has(name)),
  );
  if (!index) return null;
  const fields = index.key.map(([name]) => wanted.get(name)!);
  if (fields.some(({ valueStart, end }) => end - valueStart > LONGEST_LOOKED_UP)) return null;
  const values = fields.map(({ type, valueStart }) => decodeValue(part, type, valueStart));
  return findByUnique(store, collection, index, values);
}

/** Does one part of an update command when it is of the quick shape; null leaves it to the general way. */
export function updateQuickly(
  store: Store,
  catalog: Catalog,
  collection: CollectionInfo,
  part: Buffer,
): QuickOutcome | null {
  const update = parse(part);
  if (!update) return null;
  const { others, updates, isUpsert } = update;
  const key = findKey(store, collection, part, update);
  if (key === null) return null;
  const stored = key && store.get(key);
  if (key === undefined || stored === undefined) {
    if (!isUpsert) return { matched: 0, isChanged: false };
    const made = newDocument(part, update);
    return made && { upsertedId: insertDocument(store, catalog, collection, made).id };
  }
  const bytes = unseal(key, stored);
  const isFound = others.length === 0 ? true : isWanted(part, others, bytes);
  if (isFound === null || (!isFound && isUpsert)) return null;
  if (!isFound) return { matched: 0, isChanged: false };
  store.claim(key);
  const next = changedDocument(part, updates, bytes);
  const isSame = (field: string) => !next.changed.has(field);
  const isChanged = replaceDocument(store, catalog, collection, { key, bytes }, next.bytes, isSame);
  return { matched: 1, isChanged };
}
