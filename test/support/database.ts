import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { afterAll, inject } from 'vitest';
import { uriFor } from '../../server/database/open-database.ts';

/**
 * Gives the calling test file a database of its own and drops it when the file is done. Call it before any other
 * `afterAll`, so that connections are closed first.
 */
export function useDatabase(): { readonly name: string; readonly uri: string } {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const uri = uriFor(inject('mongodbUri'), name);
  afterAll(async () => {
    const client = await mongoose.mongo.MongoClient.connect(uri);
    await client.db(name).dropDatabase();
    await client.close();
  });
  return { name, uri };
}
