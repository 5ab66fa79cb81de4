import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uriFor } from '../../../../server/database/open-database.ts';
import { openInFolder } from './open-in-folder.ts';
import { filter, newDoc, randomFrom, scalar } from './random-values.ts';
import type { Random } from './random-values.ts';

const { MongoClient, MongoServerError } = mongoose.mongo;
type Client = mongoose.mongo.MongoClient;
type Session = mongoose.mongo.ClientSession;
/** Documents whose fields a test makes up as it goes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Collection = mongoose.mongo.Collection<any>;

const serverUri = process.env['MONGODB_COMPARE_URI'] ?? process.env['MONGODB_URI'];
const SEQUENCES = Number(process.env['DIFFERENTIAL_TRANSACTIONS'] ?? 15);
const ROUNDS = 6;
const byId = { sort: { _id: 1 } } as const;

type Step = (collection: Collection, session: Session) => Promise<unknown>;

/** Each step is prepared before either side runs it, so that both do the same. */
function stepOf(random: Random): { text: string; run: Step } {
  const id = random.below(40);
  return random.pick<() => { text: string; run: Step }>([
    () => {
      const doc = newDoc(random);
      return { text: `insert ${JSON.stringify(doc)}`, run: (of, session) => of.insertOne({ ...doc }, { session }) };
    },
    () => {
      const value = scalar(random);
      return {
        text: `set ${id} to ${JSON.stringify(value)}`,
        run: (of, session) =>
          of.updateOne({ _id: id }, { $set: { a: value }, $inc: { n: 1 } }, { session, upsert: true }),
      };
    },
    () => ({
      text: 'push to many',
      run: async (of, session) => {
        const { matchedCount } = await of.updateMany({ _id: { $gt: id } }, { $inc: { n: 1 } }, { session });
        return matchedCount;
      },
    }),
    () => ({ text: `delete ${id}`, run: (of, session) => of.deleteOne({ _id: id }, { session }) }),
    () => ({
      text: `find and change ${id}`,
      run: (of, session) =>
        of.findOneAndUpdate({ _id: { $gte: id } }, { $set: { c: id } }, { ...byId, session, returnDocument: 'after' }),
    }),
    () => {
      const query = filter(random);
      return {
        text: `find ${JSON.stringify(query)}`,
        run: (of, session) => of.find(query, { ...byId, session }).toArray(),
      };
    },
    () => ({
      text: 'count by aggregation',
      run: (of, session) =>
        of
          .aggregate([{ $match: { n: { $gt: 1 } } }, { $sort: { _id: 1 } }, { $project: { n: 1 } }], { session })
          .toArray(),
    }),
  ])();
}

async function outcomeOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return { result: await run() };
  } catch (error) {
    // Codes alone: the gateway before the server labels errors in its own way.
    if (error instanceof MongoServerError) return { code: error.code };
    throw error;
  }
}

describe.skipIf(!serverUri)(
  'transactions end as on the server (skipped without MONGODB_COMPARE_URI or MONGODB_URI)',
  () => {
    const name = `transactions_${process.pid}`;
    let embedded: Awaited<ReturnType<typeof openInFolder>>;
    let clients: Client[] = [];

    beforeAll(async () => {
      embedded = await openInFolder();
      clients = await Promise.all(
        [embedded.uri, serverUri!].map((uri) => MongoClient.connect(uriFor(uri, name), { promoteValues: false })),
      );
    });
    afterAll(async () => {
      await clients[1]?.db(name).dropDatabase();
      for (const client of clients) await client.close();
      await embedded?.remove();
    });

    /** Runs the same on both sides and expects the same of both; returns it. */
    async function both(message: string, run: (side: number) => Promise<unknown>): Promise<unknown> {
      const [own, server] = [await outcomeOf(() => run(0)), await outcomeOf(() => run(1))];
      expect(own, message).toEqual(server);
      return own;
    }

    test.each(Array.from({ length: SEQUENCES }, (_, i) => i + 1))('sequence %i', async (seed) => {
      const random = randomFrom(seed * 77);
      const of = (side: number): Collection => clients[side]!.db(name).collection(`c${seed}`);
      const start = Array.from({ length: 20 }, (_, i) => ({ ...newDoc(random), _id: i * 2, n: 1 }));
      await both('fill', async (side) => (await of(side).insertMany(start.map((doc) => ({ ...doc })))).insertedCount);
      for (let round = 0; round < ROUNDS; round++) {
        const sessions = clients.map((client) => client.startSession());
        for (const session of sessions) session.startTransaction();
        const where = (what: string) => `seed ${seed}, round ${round}: ${what}`;
        // The first read is the moment whose state the transaction sees.
        await both(where('look'), (side) => of(side).countDocuments({}, { session: sessions[side]! }));
        const kind = random.below(4);
        let isOver = false;
        if (kind === 0) {
          const id = random.below(20) * 2;
          await both(where(`outside ${id}`), (side) =>
            of(side).updateOne({ _id: id }, { $inc: { n: 5 } }, { upsert: true }),
          );
          const met = await both(where(`conflict at ${id}`), (side) =>
            of(side).updateOne({ _id: id }, { $inc: { n: 1 } }, { session: sessions[side]! }),
          );
          isOver = typeof met === 'object' && met !== null && 'code' in met;
          expect(isOver).toBe(true);
        }
        for (let i = random.below(5); i >= 0 && !isOver; i--) {
          const { text, run } = stepOf(random);
          const done = await both(where(text), (side) => run(of(side), sessions[side]!));
          isOver = typeof done === 'object' && done !== null && 'code' in done;
          if (!isOver) await both(where(`${text}, seen outside`), (side) => of(side).find({}, byId).toArray());
        }
        if (isOver)
          await both(where('after its failure'), (side) => of(side).countDocuments({}, { session: sessions[side]! }));
        if (kind === 1 || isOver) for (const session of sessions) await session.abortTransaction();
        else await both(where('commit'), (side) => sessions[side]!.commitTransaction());
        await both(where('afterwards'), (side) => of(side).find({}, byId).toArray());
        for (const session of sessions) await session.endSession();
      }
    });
  },
);
