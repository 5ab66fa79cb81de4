import mongoose from 'mongoose';

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

/**
 * Connects mongoose to the database named in the URI and makes every model's indexes. Rejects when the server does not
 * answer within ten seconds.
 */
export async function connectDatabase(uri: string): Promise<{ close(): Promise<void> }> {
  mongoose.set('strictQuery', 'throw');
  await mongoose.connect(uri, {
    serverSelectionTimeoutMS: 10_000,
    autoIndex: false,
    autoCreate: false,
    maxPoolSize: 20,
  });
  await Promise.all(Object.values(mongoose.models).map((model) => model.createIndexes()));
  return { close: () => mongoose.disconnect() };
}

/** Answers in milliseconds how long a ping took; rejects when the database is away. */
export async function pingDatabase(): Promise<number> {
  const startedAt = performance.now();
  await mongoose.connection.db?.admin().ping();
  return performance.now() - startedAt;
}
