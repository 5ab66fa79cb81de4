import { encodeDoc } from './bson-codec.ts';
import { isDoc } from './bson-values.ts';
import type { Doc } from './bson-values.ts';
import { collMod, create, drop, dropDatabase, listCollections, listDatabases } from './commands/collections.ts';
import type { Command, Reply } from './commands/command.ts';
import { buildInfo, connectionStatus, ping, sayHello, serverStatus } from './commands/handshake.ts';
import { createIndexes, dropIndexes, listIndexes } from './commands/indexes.ts';
import { aggregate, count, distinct, explain, find, getMore, killCursors } from './commands/reads.ts';
import { abortTransaction, commitTransaction, endSessions, refreshSessions } from './commands/sessions.ts';
import { findAndModify, insert, remove, update } from './commands/writes.ts';
import type { Engine } from './engine.ts';
import { DatabaseError, notSupported } from './errors.ts';
import type { Sessions } from './sessions.ts';
import type { Message } from './wire.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  hello: sayHello,
  isMaster: sayHello,
  ismaster: sayHello,
  ping,
  buildInfo,
  buildinfo: buildInfo,
  connectionStatus,
  serverStatus,
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify,
  find,
  getMore,
  killCursors,
  aggregate,
  count,
  distinct,
  explain,
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
  collMod,
  createIndexes,
  listIndexes,
  dropIndexes,
  deleteIndexes: dropIndexes,
  commitTransaction,
  abortTransaction,
  endSessions,
  killSessions: endSessions,
  refreshSessions,
};

/** Commands that a transaction may hold. */
const IN_TRANSACTIONS = new Set([
  'insert',
  'update',
  'delete',
  'findAndModify',
  'findandmodify',
  'find',
  'getMore',
  'killCursors',
  'aggregate',
  'distinct',
  'count',
  'create',
  'createIndexes',
]);
const NUMBERED_WRITES = new Set(['insert', 'update', 'delete', 'findAndModify', 'findandmodify']);

function errorReply(error: unknown): Doc {
  if (error instanceof DatabaseError) {
    return { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName, ...error.details };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { ok: 0, errmsg: message, code: 1, codeName: 'InternalError' };
}

async function run(engine: Engine, sessions: Sessions, message: Message): Promise<Reply> {
  const { command, sequences } = message;
  const name = Object.keys(command)[0] ?? '';
  const handler = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!handler) throw notSupported(`the command ${name}`);
  const database = typeof command['$db'] === 'string' ? command['$db'] : 'admin';
  const isEnd = name === 'commitTransaction' || name === 'abortTransaction';
  const transaction = isEnd ? null : sessions.transactionOf(engine, command);
  if (transaction && !IN_TRANSACTIONS.has(name)) {
    throw new DatabaseError(
      'OperationNotSupportedInTransaction',
      `Cannot run '${name}' in a multi-document transaction.`,
    );
  }
  const context = { engine, sessions, database, command, sequences, transaction };
  const work = async () => handler(context);
  return NUMBERED_WRITES.has(name) ? sessions.once(command, work) : work();
}

/** Runs a command and gives its reply in bytes; failures are replies too. */
export async function dispatch(engine: Engine, sessions: Sessions, message: Message): Promise<Buffer> {
  let reply: Reply;
  if (engine.file.pause) await engine.file.pause;
  try {
    reply = await run(engine, sessions, message);
    const concern = message.command['writeConcern'];
    // Only who asks for the journal waits for the disk itself.
    if (isDoc(concern) && concern['j'] === true) await engine.file.flushed();
  } catch (error) {
    sessions.failed(message.command);
    reply = errorReply(error);
  }
  return Buffer.isBuffer(reply) ? reply : encodeDoc(reply);
}
