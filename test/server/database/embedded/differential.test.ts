import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uriFor } from '../../../../server/database/open-database.ts';
import { openInFolder } from './open-in-folder.ts';
import { operationsOf } from './random-operations.ts';
import { randomFrom } from './random-values.ts';
import type { Operation } from './random-values.ts';

const { MongoClient } = mongoose.mongo;
type Collection = mongoose.mongo.Collection;

const serverUri = process.env['MONGODB_COMPARE_URI'] ?? process.env['MONGODB_URI'];
const SEQUENCES = Number(process.env['DIFFERENTIAL_SEQUENCES'] ?? 40);
const OPERATIONS_PER_SEQUENCE = 60;

/**
 * The gateway before the server says code 1 for most errors; what the server says in words tells which code MongoDB has
 * for it. Mistakes within expressions have codes of their own in MongoDB, for which the embedded database says BadValue.
 */
const CODES_BY_WORDS: readonly (readonly [words: RegExp, code: number])[] = [
  [/Namespace does not currently exist/, 26],
  [/non-numeric type|not numeric/, 14],
  [/Expected 'array' type for|non-array|must be an array|requires? an array argument/, 2],
  [/Cannot create field|[Nn]ot viable|traverse the element/, 28],
  [/conflict/, 40],
  [/immutable field/, 66],
  [/parallel arrays/, 171],
  [/already exists with (?:a )?different (?:name|options)/, 85],
  [/requires exactly \d+ arguments/, 16020],
  [/failed to locate a matching branch/, 40066],
];

function codeMeant({ code, words }: Failure): number | undefined {
  return Number(code) !== 1 ? Number(code) : CODES_BY_WORDS.find(([pattern]) => pattern.test(words))?.[1];
}

interface Failure {
  readonly code: unknown;
  readonly words: string;
}

/** What a client sees of an operation: its result, or the code of its error. */
async function outcomeOf(collection: Collection, operation: Operation): Promise<unknown> {
  try {
    return { result: await operation.run(collection) };
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError) return { code: error.code, words: error.message };
    throw error;
  }
}

function isError(outcome: unknown): outcome is Failure {
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
        const message = `seed ${seed}, step ${step}: ${operation.text}`;
        if (!isError(server)) expect(own, message).toEqual(server);
        else expect(isError(own) && Number(own.code), `${message}: ${server.words}`).toBe(codeMeant(server));
      }
    });
  },
);
