import { encodeDoc } from '../bson-codec.ts';
import { isDoc, isNumeric, toNumber } from '../bson-values.ts';
import type { Doc } from '../bson-values.ts';
import { areEqual } from '../compare-values.ts';
import type { CollectionInfo, IndexInfo } from '../catalog.ts';
import { cursorReply } from '../cursor-reply.ts';
import { fillIndex, removeRange } from '../documents.ts';
import { DatabaseError, notSupported } from '../errors.ts';
import { hasSameKey, hasSameOptions, indexPrefix } from '../index-keys.ts';
import { compileFilter } from '../match.ts';
import { countOf, docOf, docsOf, isTrue, numberOf, refuseCollation, textOf } from './command.ts';
import type { Command } from './command.ts';

const KNOWN_OPTIONS = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'v',
  'ns',
  'collation',
  'hidden',
]);

function parseKey(spec: Doc): IndexInfo['key'] {
  const entries = Object.entries(spec);
  if (entries.length === 0) throw new DatabaseError('CannotCreateIndex', 'Index keys cannot be empty.');
  return entries.map(([field, direction]) => {
    if (typeof direction === 'string') throw notSupported(`indexes of type ${direction}`);
    if (field.includes('$**')) throw notSupported('wildcard indexes');
    if (field === '' || field.startsWith('$') || field.split('.').includes('')) {
      throw new DatabaseError('CannotCreateIndex', `Index key contains an illegal field name: '${field}'`);
    }
    const sign = isNumeric(direction) ? Math.sign(toNumber(direction)) : 0;
    if (sign !== 1 && sign !== -1)
      throw new DatabaseError('CannotCreateIndex', 'Values in the index key pattern must be numbers other than 0');
    return [field, sign] as const;
  });
}

function parseIndex(spec: Doc, id: number): IndexInfo {
  refuseCollation(spec);
  for (const option of Object.keys(spec)) {
    if (!KNOWN_OPTIONS.has(option)) throw notSupported(`the index option ${option}`);
  }
  const key = parseKey(docOf(spec, 'key'));
  const partial = spec['partialFilterExpression'];
  if (partial !== undefined) compileFilter(docOf(spec, 'partialFilterExpression'));
  const expireAfterSeconds = numberOf(spec['expireAfterSeconds'], 'expireAfterSeconds') ?? null;
  if (expireAfterSeconds !== null && key.length > 1) {
    throw new DatabaseError(
      'CannotCreateIndex',
      'TTL indexes are single-field indexes, compound indexes do not support TTL.',
    );
  }
  if (expireAfterSeconds !== null && expireAfterSeconds < 0) {
    throw new DatabaseError('CannotCreateIndex', 'TTL index expireAfterSeconds cannot be less than 0.');
  }
  return {
    id,
    name: typeof spec['name'] === 'string' ? spec['name'] : key.map(([field, sign]) => `${field}_${sign}`).join('_'),
    key,
    isUnique: isTrue(spec['unique']),
    isSparse: isTrue(spec['sparse']),
    isHidden: isTrue(spec['hidden']),
    partialFilter: isDoc(partial) ? partial : null,
    expireAfterSeconds,
    isMultikey: false,
  };
}

/** Whether the index is there already; throws when one like it stands in the way. */
function isAlreadyThere(info: CollectionInfo, wanted: IndexInfo): boolean {
  if (wanted.key.length === 1 && wanted.key[0]![0] === '_id') return true;
  const sameName = info.indexes.find(({ name }) => name === wanted.name);
  const sameKey = info.indexes.find(
    (index) => hasSameKey(index, wanted.key) && areEqual(index.partialFilter ?? {}, wanted.partialFilter ?? {}),
  );
  if (sameName) {
    if (hasSameKey(sameName, wanted.key) && hasSameOptions(sameName, wanted)) return true;
    throw new DatabaseError(
      'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index: ${wanted.name}`,
    );
  }
  if (sameKey) {
    throw new DatabaseError('IndexOptionsConflict', `Index already exists with a different name: ${sameKey.name}`);
  }
  return false;
}

export const createIndexes: Command = async ({ engine, command, database }) => {
  const name = textOf(command, 'createIndexes');
  const specs = docsOf(command['indexes'], 'indexes');
  if (specs.length === 0) throw new DatabaseError('BadValue', 'Must specify at least one index to create');
  const isNew = !engine.catalog.find(database, name);
  const info = await engine.collectionForWrite(database, name);
  return engine.file.write((store) => {
    const before = info.indexes.length;
    for (const spec of specs) {
      const index = parseIndex(spec, info.nextIndexId);
      if (isAlreadyThere(info, index)) continue;
      fillIndex(store, info, index);
      info.indexes.push(index);
      info.nextIndexId++;
      engine.catalog.save(store, info);
    }
    const reply: Doc = {
      numIndexesBefore: before,
      numIndexesAfter: info.indexes.length,
      createdCollectionAutomatically: isNew,
      ok: 1,
    };
    return before === info.indexes.length ? { ...reply, note: 'all indexes already exist' } : reply;
  });
};

function presentIndex(index: IndexInfo): Doc {
  return {
    v: 2,
    key: Object.fromEntries(index.key),
    name: index.name,
    ...(index.isUnique && index.id !== 0 ? { unique: true } : {}),
    ...(index.isSparse ? { sparse: true } : {}),
    ...(index.isHidden ? { hidden: true } : {}),
    ...(index.partialFilter ? { partialFilterExpression: index.partialFilter } : {}),
    ...(index.expireAfterSeconds === null ? {} : { expireAfterSeconds: index.expireAfterSeconds }),
  };
}

export const listIndexes: Command = ({ engine, command, database }) => {
  const name = textOf(command, 'listIndexes');
  const info = engine.catalog.find(database, name);
  if (!info) throw new DatabaseError('NamespaceNotFound', `ns does not exist: ${database}.${name}`);
  const rows = info.indexes.map((index) => encodeDoc(presentIndex(index)));
  const batchSize = countOf(docOf(command, 'cursor')['batchSize'], 'batchSize');
  return cursorReply('firstBatch', engine.cursors.start(rows[Symbol.iterator](), `${database}.${name}`, batchSize));
};

export const dropIndexes: Command = ({ engine, command, database }) => {
  const name = textOf(command, 'dropIndexes' in command ? 'dropIndexes' : 'deleteIndexes');
  const target = command['index'];
  return engine.file.write((store) => {
    const info = engine.catalog.find(database, name);
    if (!info) throw new DatabaseError('NamespaceNotFound', `ns not found ${database}.${name}`);
    const isWanted = (index: IndexInfo): boolean => {
      if (target === '*') return index.id !== 0;
      if (isDoc(target)) return hasSameKey(index, parseKey(target));
      return Array.isArray(target) ? target.includes(index.name) : index.name === target;
    };
    const wanted = info.indexes.filter(isWanted);
    if (target !== '*' && wanted.length === 0)
      throw new DatabaseError('IndexNotFound', `index not found with name [${JSON.stringify(target)}]`);
    if (wanted.some(({ id }) => id === 0)) throw new DatabaseError('InvalidOptions', 'cannot drop _id index');
    const before = info.indexes.length;
    for (const index of wanted) {
      removeRange(store, indexPrefix(info, index));
      info.indexes.splice(info.indexes.indexOf(index), 1);
    }
    engine.catalog.save(store, info);
    return { nIndexesWas: before, ok: 1 };
  });
};
