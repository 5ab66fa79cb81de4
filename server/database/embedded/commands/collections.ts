import { Binary } from 'bson';
import { encodeDoc } from '../bson-codec.ts';
import type { Doc } from '../bson-values.ts';
import type { CollectionInfo } from '../catalog.ts';
import { cursorReply } from '../cursor-reply.ts';
import { removeRange } from '../documents.ts';
import { checkNames } from '../engine.ts';
import { DatabaseError, notSupported } from '../errors.ts';
import { compileFilter } from '../match.ts';
import type { Store } from '../store.ts';
import { countOf, docOf, isTrue, textOf } from './command.ts';
import type { Command, CommandContext } from './command.ts';

const PLAIN_CREATE_OPTIONS = new Set(['create', 'writeConcern', 'comment', 'autoIndexId']);

export const create: Command = async ({ engine, command, database }) => {
  const name = textOf(command, 'create');
  checkNames(database, name);
  for (const option of Object.keys(command)) {
    const isMeta =
      option.startsWith('$') ||
      ['lsid', 'txnNumber', 'autocommit', 'startTransaction', 'readConcern', 'maxTimeMS', 'apiVersion'].includes(
        option,
      );
    if (!isMeta && !PLAIN_CREATE_OPTIONS.has(option) && command[option] !== false)
      throw notSupported(`the collection option ${option}`);
  }
  return engine.file.write((store) => {
    if (engine.catalog.find(database, name)) {
      throw new DatabaseError('NamespaceExists', `Collection ${database}.${name} already exists.`);
    }
    engine.catalog.create(store, database, name);
    return { ok: 1 };
  });
};

function dropCollection(context: CommandContext, store: Store, info: CollectionInfo): void {
  const prefix = Buffer.allocUnsafe(4);
  prefix.writeUInt32BE(info.id, 0);
  removeRange(store, prefix);
  context.engine.catalog.remove(store, info);
}

export const drop: Command = (context) => {
  const { engine, command, database } = context;
  const name = textOf(command, 'drop');
  return engine.file.write((store) => {
    const info = engine.catalog.find(database, name);
    // As servers of version 7 do: dropping what is not there is no error.
    if (!info) return { ok: 1 };
    dropCollection(context, store, info);
    return { nIndexesWas: info.indexes.length, ns: `${database}.${name}`, ok: 1 };
  });
};

export const dropDatabase: Command = (context) => {
  const { engine, database } = context;
  return engine.file.write((store) => {
    for (const info of engine.catalog.inDatabase(database)) dropCollection(context, store, info);
    return { dropped: database, ok: 1 };
  });
};

export const listCollections: Command = ({ engine, command, database }) => {
  const matches = compileFilter(docOf(command, 'filter'));
  const isNameOnly = isTrue(command['nameOnly']);
  const rows = engine.catalog
    .inDatabase(database)
    .map((info): Doc => ({
      name: info.name,
      type: 'collection',
      options: {},
      info: { readOnly: false, uuid: new Binary(Buffer.from(info.uuid.replaceAll('-', ''), 'hex'), 4) },
      idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
    }))
    .filter((doc) => matches(doc))
    .map((doc) => encodeDoc(isNameOnly ? { name: doc['name'], type: doc['type'] } : doc));
  const batchSize = countOf(docOf(command, 'cursor')['batchSize'], 'batchSize');
  const batch = engine.cursors.start(rows[Symbol.iterator](), `${database}.$cmd.listCollections`, batchSize);
  return cursorReply('firstBatch', batch);
};

export const listDatabases: Command = ({ engine, command }) => {
  const matches = compileFilter(docOf(command, 'filter'));
  const names = [...new Set([...engine.catalog.all()].map((info) => info.database))].sort();
  const databases = names.map((name): Doc => ({ name, sizeOnDisk: 0, empty: false })).filter((doc) => matches(doc));
  return {
    databases: isTrue(command['nameOnly']) ? databases.map(({ name }) => ({ name })) : databases,
    totalSize: 0,
    ok: 1,
  };
};

/** Changes what can be changed of a collection afterwards: the lifetime of a TTL index. */
export const collMod: Command = ({ engine, command, database }) => {
  const name = textOf(command, 'collMod');
  const spec = docOf(command, 'index');
  for (const option of [
    'validator',
    'viewOn',
    'pipeline',
    'cappedSize',
    'timeseries',
    'validationLevel',
    'validationAction',
  ]) {
    if (command[option] !== undefined) throw notSupported(`collMod of ${option}`);
  }
  for (const option of ['hidden', 'prepareUnique', 'unique']) {
    if (spec[option] !== undefined) throw notSupported(`collMod of an index's ${option}`);
  }
  return engine.file.write((store) => {
    const info = engine.catalog.find(database, name);
    if (!info) throw new DatabaseError('NamespaceNotFound', `ns does not exist: ${database}.${name}`);
    if (command['index'] === undefined) return { ok: 1 };
    const pattern = Object.entries(docOf(spec, 'keyPattern'))
      .map(([field, direction]) => `${field}:${String(direction)}`)
      .join();
    const index = info.indexes.find(
      (item) =>
        item.name === spec['name'] ||
        (pattern !== '' && item.key.map(([field, direction]) => `${field}:${direction}`).join() === pattern),
    );
    if (!index) throw new DatabaseError('IndexNotFound', 'cannot find index for collMod');
    const after = countOf(spec['expireAfterSeconds'], 'expireAfterSeconds');
    if (after === undefined) throw new DatabaseError('InvalidOptions', 'no expireAfterSeconds field');
    const before = index.expireAfterSeconds;
    index.expireAfterSeconds = after;
    engine.catalog.save(store, info);
    return { ...(before === null ? {} : { expireAfterSeconds_old: before }), expireAfterSeconds_new: after, ok: 1 };
  });
};
