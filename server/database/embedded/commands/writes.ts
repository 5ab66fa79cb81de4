import { decodeDoc, decodeFields, encodeDoc } from '../bson-codec.ts';
import { isDoc } from '../bson-values.ts';
import type { Doc, Value } from '../bson-values.ts';
import type { CollectionInfo } from '../catalog.ts';
import { insertDocument, removeDocument, replaceDocument } from '../documents.ts';
import { DatabaseError } from '../errors.ts';
import { findDocuments } from '../scan.ts';
import type { Found } from '../scan.ts';
import type { Store } from '../store.ts';
import { compileProjection } from '../projection.ts';
import { compileUpdate } from '../update.ts';
import type { Update } from '../update.ts';
import { updateQuickly } from '../quick-update.ts';
import { docOfFilter, refuseIdChange } from '../upsert.ts';
import { docOf, docsOf, isTrue, numberOf, refuseCollation, textOf } from './command.ts';
import type { Command, CommandContext, Reply } from './command.ts';

/** Steps of one command, in order: a failed one is told in `writeErrors`, and ends the command when it is `ordered`. */
async function runSteps(
  context: CommandContext,
  count: number,
  step: (store: Store, index: number) => void,
): Promise<readonly Doc[]> {
  const isOrdered = context.command['ordered'] !== false;
  const errors: Doc[] = [];
  // Outside the write, so that a write which has to wait for a transaction goes on where it stopped.
  let next = 0;
  await context.engine.write(context.transaction, (store) => {
    while (next < count) {
      try {
        step(store, next);
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        if (context.transaction && error.details['errorLabels']) throw error;
        const { errorLabels: _labels, ...details } = error.details;
        errors.push({ index: next, code: error.code, errmsg: error.message, ...details });
        if (isOrdered) {
          next = count;
          return;
        }
      }
      next++;
    }
  });
  return errors;
}

function withErrors(reply: Doc, errors: readonly Doc[]): Reply {
  return errors.length > 0 ? { ...reply, writeErrors: errors, ok: 1 } : { ...reply, ok: 1 };
}

export const insert: Command = async (context) => {
  const { engine, command, sequences, database } = context;
  const name = textOf(command, 'insert');
  const sequence = sequences.get('documents');
  const documents = sequence ?? docsOf(command['documents'], 'documents');
  if (documents.length === 0)
    throw new DatabaseError('InvalidOptions', 'Write batch sizes must be between 1 and 100000. Got 0 operations.');
  const collection = await engine.collectionForWrite(database, name);
  let inserted = 0;
  const errors = await runSteps(context, documents.length, (store, index) => {
    const given = documents[index]!;
    insertDocument(store, engine.catalog, collection, Buffer.isBuffer(given) ? given : encodeDoc(given));
    inserted++;
  });
  return withErrors({ n: inserted }, errors);
};

/** The parts of an update or delete, from the command itself or its document sequence. */
function partsOf({ command, sequences }: CommandContext, field: string): readonly (Doc | Buffer)[] {
  const parts = sequences.get(field) ?? docsOf(command[field], field);
  if (parts.length === 0)
    throw new DatabaseError('InvalidOptions', 'Write batch sizes must be between 1 and 100000. Got 0 operations.');
  return parts;
}

/** Stores the document that an upsert makes, and returns its `_id` and bytes. */
function upsertDocument(
  context: CommandContext,
  store: Store,
  collection: CollectionInfo,
  filter: Doc,
  update: Update,
): { id: Value; bytes: Buffer } {
  const base = docOfFilter(filter);
  const wantedId = base['_id'];
  const made = update(base, { isInsert: true });
  if (wantedId !== undefined) refuseIdChange(wantedId, made['_id']);
  return insertDocument(store, context.engine.catalog, collection, encodeDoc(made));
}

/** Applies an update to one found document; returns the document as it then is, and whether it changed. */
function updateDocument(
  context: CommandContext,
  store: Store,
  collection: CollectionInfo,
  found: Found,
  update: Update,
): { doc: Doc; isChanged: boolean } {
  const id = found.doc['_id'];
  const doc = update(found.doc, { isInsert: false, arrayIndex: found.details.arrayIndex });
  refuseIdChange(id, doc['_id']);
  return { doc, isChanged: replaceDocument(store, context.engine.catalog, collection, found, encodeDoc(doc)) };
}

const UPSERT = new Set(['upsert']);

export const update: Command = async (context) => {
  const { engine, command, database } = context;
  const parts = partsOf(context, 'updates');
  const name = textOf(command, 'update');
  // Only an upsert makes a collection that is not there.
  const mayMake = parts.some((part) => isTrue((Buffer.isBuffer(part) ? decodeFields(part, UPSERT) : part)['upsert']));
  const collection = mayMake
    ? await engine.collectionForWrite(database, name)
    : (engine.catalog.find(database, name) ?? null);
  let matched = 0;
  let modified = 0;
  const upserted: Doc[] = [];
  const isPlain = command['let'] === undefined;
  const errors = await runSteps(context, parts.length, (store, index) => {
    const given = parts[index]!;
    const quick =
      isPlain && collection && Buffer.isBuffer(given) ? updateQuickly(store, engine.catalog, collection, given) : null;
    if (quick) {
      if ('upsertedId' in quick) upserted.push({ index, _id: quick.upsertedId });
      else {
        matched += quick.matched;
        if (quick.isChanged) modified++;
      }
      return;
    }
    const part = Buffer.isBuffer(given) ? decodeDoc(given) : given;
    refuseCollation(part);
    const filter = docOf(part, 'q');
    const isMulti = isTrue(part['multi']);
    const spec = part['u'];
    if (isMulti && isDoc(spec) && !Object.keys(spec)[0]?.startsWith('$')) {
      throw new DatabaseError('FailedToParse', 'multi update is not supported for replacement-style update');
    }
    const variables = variablesOf(part, command);
    const change = compileUpdate(spec, { arrayFilters: arrayFiltersOf(part), variables });
    if (!collection) return;
    const found = [
      ...findDocuments(store, collection, { filter, variables, sort: part['sort'], limit: isMulti ? 0 : 1 }),
    ];
    for (const { key } of found) store.claim(key);
    if (found.length === 0 && isTrue(part['upsert'])) {
      upserted.push({ index, _id: upsertDocument(context, store, collection, filter, change).id });
      return;
    }
    for (const item of found) {
      const { isChanged } = updateDocument(context, store, collection, item, change);
      matched++;
      if (isChanged) modified++;
    }
  });
  const reply: Doc = { n: matched + upserted.length, nModified: modified };
  if (upserted.length > 0) reply['upserted'] = upserted;
  return withErrors(reply, errors);
};

function variablesOf(part: Doc, command: Doc): Doc | undefined {
  const variables = { ...docOf(command, 'let'), ...docOf(part, 'c') };
  return Object.keys(variables).length > 0 ? variables : undefined;
}

function arrayFiltersOf(part: Doc): readonly Doc[] {
  const filters: Value = part['arrayFilters'];
  return filters === undefined || filters === null ? [] : docsOf(filters, 'arrayFilters');
}

export const remove: Command = async (context) => {
  const { engine, command, database } = context;
  const parts = partsOf(context, 'deletes');
  const collection = engine.catalog.find(database, textOf(command, 'delete'));
  let removed = 0;
  const errors = await runSteps(context, parts.length, (store, index) => {
    const given = parts[index]!;
    const part = Buffer.isBuffer(given) ? decodeDoc(given) : given;
    refuseCollation(part);
    if (!collection) return;
    const limit = numberOf(part['limit'], 'limit') ?? 0;
    if (limit !== 0 && limit !== 1)
      throw new DatabaseError('FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${limit}`);
    const filter = docOf(part, 'q');
    const found = [...findDocuments(store, collection, { filter, limit, variables: variablesOf(part, command) })];
    for (const { key } of found) store.claim(key);
    for (const item of found) removeDocument(store, collection, item);
    removed += found.length;
  });
  return withErrors({ n: removed }, errors);
};

export const findAndModify: Command = async (context) => {
  const { engine, command, database } = context;
  refuseCollation(command);
  const name = textOf(command, 'findAndModify' in command ? 'findAndModify' : 'findandmodify');
  const isRemove = isTrue(command['remove']);
  const isUpsert = isTrue(command['upsert']);
  const wantsNew = isTrue(command['new']);
  if (isRemove && (command['update'] !== undefined || wantsNew || isUpsert)) {
    throw new DatabaseError(
      'FailedToParse',
      "Cannot specify both an update and remove=true, nor 'new' or 'upsert' with it",
    );
  }
  if (!isRemove && command['update'] === undefined)
    throw new DatabaseError('FailedToParse', 'Either an update or remove=true must be specified');
  const filter = docOf(command, 'query');
  const variables = variablesOf({}, command);
  const projection = compileProjection(command['fields'], variables);
  const present = (doc: Doc | null, details?: Found['details']) => (doc && projection ? projection(doc, details) : doc);
  const collection = isUpsert ? await engine.collectionForWrite(database, name) : engine.catalog.find(database, name);
  if (!collection) {
    if (!isRemove) compileUpdate(command['update'], { arrayFilters: arrayFiltersOf(command), variables });
    return { lastErrorObject: isRemove ? { n: 0 } : { n: 0, updatedExisting: false }, value: null, ok: 1 };
  }
  return engine.write(context.transaction, (store): Reply => {
    const [found] = findDocuments(store, collection, { filter, variables, sort: command['sort'], limit: 1 });
    if (isRemove) {
      if (found) removeDocument(store, collection, found);
      return { lastErrorObject: { n: found ? 1 : 0 }, value: present(found?.doc ?? null, found?.details), ok: 1 };
    }
    const change = compileUpdate(command['update'], { arrayFilters: arrayFiltersOf(command), variables });
    if (!found && !isUpsert) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null, ok: 1 };
    if (!found) {
      const { id, bytes } = upsertDocument(context, store, collection, filter, change);
      const lastErrorObject = { n: 1, updatedExisting: false, upserted: id };
      return { lastErrorObject, value: wantsNew ? present(decodeDoc(bytes)) : null, ok: 1 };
    }
    const before = wantsNew ? null : decodeDoc(found.bytes);
    const { doc } = updateDocument(context, store, collection, found, change);
    return { lastErrorObject: { n: 1, updatedExisting: true }, value: present(before ?? doc, found.details), ok: 1 };
  });
};
