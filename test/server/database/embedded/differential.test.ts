import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uriFor } from '../../../../server/database/open-database.ts';
import { openInFolder } from './open-in-folder.ts';
import { operationsOf, randomFrom } from './random-operations.ts';
import type { Operation } from './random-operations.ts';

const { MongoClient } = mongoose.mongo;
type Collection = mongoose.mongo.Collection;

const serverUri = process.env['MONGODB_COMPARE_URI'] ?? process.env['MONGODB_URI'];
const SEQUENCES = Number(process.env['DIFFERENTIAL_SEQUENCES'] ?? 40);
const OPERATIONS_PER_SEQUENCE = 60;

/** What a client sees of an operation: its result, or the code of its error. */
async function outcomeOf(collection: Collection, operation: Operation): Promise<unknown> {
  try {
    return { result: await operation.run(collection) };
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError) return { code: error.code };
    throw error;
  }
}

function isError(outcome: unknown): outcome is { code: unknown } {
  return typeof outcome === 'object' && outcome !== null && 'code' in outcome;
}

describe.skipIf(!serverUri)(
  'the embedded database answers as the server does (skipped without MONGODB_COMPARE_URI or MONGODB_URI)',
  () => {
    const name = `differential_${process.pid}`;
    let embedded: Awaited<ReturnType<typeof openInFolder>>;
    let here: mongoose.mongo.MongoClient;
    let there: mongoose.mongo.MongoClient;

    beforeAll(async () => {
      embedded = await openInFolder();
      here = await MongoClient.connect(uriFor(embedded.uri, name), { promoteValues: false });
      there = await MongoClient.connect(uriFor(serverUri!, name), { promoteValues: false });
    });
    afterAll(async () => {
      await there?.db(name).dropDatabase();
      await here?.close();
      await there?.close();
      await embedded?.remove();
    });

    test.each(Array.from({ length: SEQUENCES }, (_, i) => i + 1))('sequence %i', async (seed) => {
      const random = randomFrom(seed);
      const collections = [here, there].map((client) => client.db(name).collection(`c${seed}`)) as [
        Collection,
        Collection,
      ];
      for (const [step, operation] of operationsOf(random, OPERATIONS_PER_SEQUENCE).entries()) {
        const [own, server] = [await outcomeOf(collections[0], operation), await outcomeOf(collections[1], operation)];
        // Code 1 is what a gateway says that has lost the code: an error there must then be an error here.
        const isCodeLost = isError(server) && Number(server.code) === 1 && isError(own);
        if (!isCodeLost) expect(own, `seed ${seed}, step ${step}: ${operation.text}`).toEqual(server);
      }
    });
  },
);
