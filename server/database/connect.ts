import mongoose from 'mongoose';
import { isDatabaseAway } from './away.ts';
import { wakeWhoeverWaitsForClosedSockets } from './closed-sockets.ts';

/** `_id` as it travels: 24 hex digits. */
export type Id = string;

/** A new id, before the document exists (its sealed texts are bound to it). */
export function newId(): Id {
  return new mongoose.Types.ObjectId().toHexString();
}

/** Whether a string from outside can be an id at all; what is not can't be found either. */
export function isId(value: string): boolean {
  return /^[0-9a-f]{24}$/i.test(value);
}

/** At start the database may still be on its way up; later, whoever waits for it is a person, or a sender that tries again. */
const startMs = 10_000;
const selectionMs = 3_000;

/**
 * Connects mongoose to the database named in the URI and makes every model's indexes. Rejects when the server does not
 * answer within ten seconds. Afterwards an operation waits three for a server, which outlasts most changeovers.
 */
export async function connectDatabase(uri: string): Promise<{ close(): Promise<void> }> {
  wakeWhoeverWaitsForClosedSockets();
  mongoose.set('strictQuery', 'throw');
  mongoose.set('bufferTimeoutMS', selectionMs);
  await connectWithin(startMs, uri);
  await Promise.all(Object.values(mongoose.models).map((model) => model.createIndexes()));
  return { close: () => mongoose.disconnect() };
}

async function connectWithin(ms: number, uri: string): Promise<void> {
  const startedAt = performance.now();
  const options = {
    serverSelectionTimeoutMS: selectionMs,
    autoIndex: false,
    autoCreate: false,
    maxPoolSize: 20,
  };
  for (;;) {
    try {
      await mongoose.connect(uri, options);
      return;
    } catch (error) {
      if (!isDatabaseAway(error) || performance.now() - startedAt > ms) throw error;
    }
  }
}

/** Answers in milliseconds how long a ping took; rejects when the database is away. */
export async function pingDatabase(): Promise<number> {
  const startedAt = performance.now();
  await mongoose.connection.db?.admin().ping();
  return performance.now() - startedAt;
}
