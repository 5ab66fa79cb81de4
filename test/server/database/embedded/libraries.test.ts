import { createRequire } from 'node:module';
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import mongoose, { Schema } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uriFor } from '../../../../server/database/open-database.ts';
import { useDatabase } from '../../../support/database.ts';

/** The libraries that talk to the database, each used as its own documentation shows, on whichever database is tested. */
const { uri } = useDatabase();

describe('mongoose', () => {
  let connection: mongoose.Connection;
  const authorSchema = new Schema({ name: { type: String, required: true, unique: true } });
  const bookSchema = new Schema(
    {
      title: { type: String, index: true },
      author: { type: Schema.Types.ObjectId, ref: 'Author' },
      tags: [String],
      editions: [{ year: Number, copies: { type: Number, default: 0 } }],
    },
    { timestamps: true, optimisticConcurrency: true },
  );

  beforeAll(async () => {
    // No index is made behind the test's back: the server calls two makers of one collection's indexes a deadlock.
    connection = await mongoose.createConnection(uri, { autoIndex: false, autoCreate: false }).asPromise();
    for (const model of [connection.model('Author', authorSchema), connection.model('Book', bookSchema)]) {
      await model.createCollection();
      await model.syncIndexes();
    }
  });
  afterAll(() => connection?.close());
  const [authors, books] = [() => connection.model('Author'), () => connection.model('Book')];

  test('populates what a document refers to, and what an array of them does', async () => {
    const author = await authors().create({ name: 'Ada' });
    await books().create([
      { title: 'One', author: author._id, tags: ['a', 'b'] },
      { title: 'Two', author: author._id },
    ]);
    const found = await books()
      .find({ author: author._id })
      .sort({ title: 1 })
      .populate<{ author: { name: string } }>('author');
    expect(found.map((book) => [book.get('title'), book.author.name])).toEqual([
      ['One', 'Ada'],
      ['Two', 'Ada'],
    ]);
  });

  test('saves what was changed of a document, and refuses the second of two savers', async () => {
    const book = await books().create({ title: 'Revised', tags: ['x'], editions: [{ year: 1990 }] });
    const [one, two] = [await books().findById(book._id), await books().findById(book._id)];
    one!.set('tags', ['x', 'y']);
    (one!.get('editions') as { push(edition: object): void }).push({ year: 2000, copies: 3 });
    await one!.save();
    two!.set('title', 'Late');
    await expect(two!.save()).rejects.toMatchObject({ name: 'VersionError' });
    const held = await books().findById(book._id).lean();
    expect(held).toMatchObject({
      title: 'Revised',
      tags: ['x', 'y'],
      editions: [
        { year: 1990, copies: 0 },
        { year: 2000, copies: 3 },
      ],
    });
  });

  test('commits what withTransaction does, and takes it back when that fails', async () => {
    const count = () => authors().countDocuments({ name: /^T/ });
    await connection.transaction(async (session) => {
      await authors().create([{ name: 'T1' }], { session });
      await authors().create([{ name: 'T2' }], { session });
      expect(await count()).toBe(0);
      expect(await authors().countDocuments({ name: /^T/ }).session(session)).toBe(2);
    });
    expect(await count()).toBe(2);
    const failing = connection.transaction(async (session) => {
      await authors().create([{ name: 'T3' }], { session });
      await authors().updateOne({ name: 'T1' }, { name: 'U1' }, { session });
      throw new Error('given up');
    });
    await expect(failing).rejects.toThrow('given up');
    expect(await count()).toBe(2);
  });

  test('tries a transaction again that met another', async () => {
    await books().create({ title: 'Counted', editions: [{ year: 1, copies: 0 }] });
    const addOne = async () => {
      const session = await connection.startSession();
      try {
        await session.withTransaction(async () => {
          const book = await books().findOne({ title: 'Counted' }).session(session);
          const copies = book!.get('editions.0.copies') as number;
          await books().updateOne({ title: 'Counted' }, { $set: { 'editions.0.copies': copies + 1 } }, { session });
        });
      } finally {
        await session.endSession();
      }
    };
    await Promise.all([addOne(), addOne(), addOne()]);
    expect((await books().findOne({ title: 'Counted' }))!.get('editions.0.copies')).toBe(3);
  });

  test('changes the indexes to those of the schema', async () => {
    const firstSchema = new Schema({ a: Number, b: Number }, { collection: 'reindexed' });
    firstSchema.index({ a: 1 });
    const first = connection.model('First', firstSchema);
    await first.createIndexes();
    await first.create([
      { a: 1, b: 1 },
      { a: 2, b: 2 },
    ]);
    const nextSchema = new Schema({ a: Number, b: Number }, { collection: 'reindexed' });
    nextSchema.index({ b: -1, a: 1 }, { unique: true });
    const next = connection.model('Next', nextSchema);
    expect(await next.diffIndexes()).toMatchObject({ toDrop: ['a_1'], toCreate: [{ b: -1, a: 1 }] });
    expect(await next.syncIndexes()).toEqual(['a_1']);
    expect(await next.diffIndexes()).toMatchObject({ toDrop: [], toCreate: [] });
    await expect(next.create({ a: 1, b: 1 })).rejects.toMatchObject({ code: 11000 });
  });

  test('upserts with defaults, writes in bulk, and reads by cursor, distinct and aggregation', async () => {
    const made = await books().findOneAndUpdate(
      { title: 'Made' },
      { $push: { tags: 'new' } },
      { upsert: true, returnDocument: 'after', setDefaultsOnInsert: true },
    );
    expect(made!.get('createdAt')).toBeInstanceOf(Date);
    await books().bulkWrite([
      { updateOne: { filter: { title: 'Made' }, update: { $addToSet: { tags: 'more' } } } },
      { insertOne: { document: { title: 'Bulk' } } },
      { deleteOne: { filter: { title: 'none' } } },
    ]);
    const titles: string[] = [];
    for await (const book of books()
      .find({ title: { $in: ['Made', 'Bulk'] } })
      .sort({ title: 1 })
      .cursor()) {
      titles.push(book.get('title') as string);
    }
    expect(titles).toEqual(['Bulk', 'Made']);
    expect((await books().distinct('tags', { title: 'Made' })).sort()).toEqual(['more', 'new']);
    const joined = await books().aggregate<{ _id: string; books: number }>([
      { $match: { author: { $exists: true } } },
      { $lookup: { from: 'authors', localField: 'author', foreignField: '_id', as: 'by' } },
      { $unwind: '$by' },
      { $group: { _id: '$by.name', books: { $sum: 1 } } },
    ]);
    expect(joined).toEqual([{ _id: 'Ada', books: 2 }]);
    expect(await books().exists({ title: 'Bulk' })).not.toBeNull();
    const stored = await books().find({}).lean();
    expect(await books().countDocuments({})).toBe(stored.length);
    // A server may estimate from statistics of some time ago; only the embedded database has no other way than to count.
    const estimate = await books().estimatedDocumentCount();
    if (process.env['MONGODB_URI']) expect(Number.isInteger(estimate) && estimate >= 0).toBe(true);
    else expect(estimate).toBe(stored.length);
  });
});

describe('agenda', () => {
  function newAgenda(): Agenda {
    return new Agenda({ backend: new MongoBackend({ address: uri, collection: 'agenda' }), processEvery: 50 });
  }

  test('runs each job once, however many processes watch the queue, and keeps what repeats', async () => {
    const ran: number[] = [];
    let whenAll: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (whenAll = resolve));
    const agendas = [newAgenda(), newAgenda()];
    for (const agenda of agendas) {
      agenda.define('count', async (job: { attrs: { data: unknown } }) => {
        ran.push((job.attrs.data as { n: number }).n);
        if (ran.length === 12) whenAll();
        await Promise.resolve();
      });
      agenda.define('again', async () => Promise.resolve());
      await agenda.start();
    }
    await agendas[0]!.every('1 hour', 'again');
    await agendas[1]!.every('1 hour', 'again');
    await Promise.all(Array.from({ length: 12 }, (_, n) => agendas[n % 2]!.now('count', { n })));
    await all;
    for (const agenda of agendas) await agenda.stop();
    expect([...ran].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, n) => n));
    const client = await mongoose.mongo.MongoClient.connect(uri);
    expect(await client.db().collection('agenda').countDocuments({ name: 'again' })).toBe(1);
    const jobs = client.db().collection('agenda');
    await expect.poll(() => jobs.countDocuments({ name: 'count', lockedAt: { $ne: null } })).toBe(0);
    await client.close();
  });
});

interface LtijsDatabase {
  setup(): Promise<unknown>;
  Close(): Promise<unknown>;
  Get(key: string | false, collection: string, query: object): Promise<Record<string, unknown>[] | false>;
  Insert(key: string | false, collection: string, item: object, index?: object): Promise<unknown>;
  Replace(key: string | false, collection: string, query: object, item: object, index?: object): Promise<unknown>;
  Modify(key: string | false, collection: string, query: object, change: object): Promise<unknown>;
  Delete(collection: string, query: object): Promise<unknown>;
}

describe('ltijs', () => {
  const require = createRequire(import.meta.url);
  const Database = require('ltijs/dist/Utils/Database.js') as new (options: { url: string }) => LtijsDatabase;
  const name = `${/([^/?]+)(?:\?|$)/.exec(uri)![1]!}_ltijs`;
  let database: LtijsDatabase;

  beforeAll(async () => {
    database = new Database({ url: uriFor(uri, name) });
    await database.setup();
  });
  afterAll(async () => {
    await database?.Close();
    const client = await mongoose.mongo.MongoClient.connect(uri);
    await client.db(name).dropDatabase();
    await client.close();
  });

  test('keeps platforms, keys that it encrypts, and what it has to forget again, in its own store', async () => {
    const platform = { platformUrl: 'https://vle.example.ac.uk', clientId: 'c1', platformName: 'VLE', kid: 'k1' };
    await database.Insert(false, 'platform', platform);
    await database.Modify(false, 'platform', { kid: 'k1' }, { platformName: 'Renamed' });
    expect(await database.Get(false, 'platform', { clientId: 'c1' })).toMatchObject([{ platformName: 'Renamed' }]);
    const index = { kid: 'k1', platformUrl: platform.platformUrl, clientId: 'c1' };
    await database.Insert('secret', 'privatekey', { key: 'PEM', kid: 'k1' }, index);
    expect(await database.Get('secret', 'privatekey', { kid: 'k1' })).toMatchObject([{ key: 'PEM' }]);
    const token = { platformUrl: platform.platformUrl, clientId: 'c1', scopes: 's' };
    await database.Replace('secret', 'accesstoken', token, { token: 'one' }, token);
    await database.Replace('secret', 'accesstoken', token, { token: 'two' }, token);
    expect(await database.Get('secret', 'accesstoken', token)).toMatchObject([{ token: 'two' }]);
    await database.Insert(false, 'nonce', { nonce: 'n1' });
    await database.Insert(false, 'state', { state: 's1', query: { a: [1] } });
    expect(await database.Get(false, 'state', { state: 's1' })).toMatchObject([{ query: { a: [1] } }]);
    await database.Delete('state', { state: 's1' });
    expect(await database.Get(false, 'state', { state: 's1' })).toBe(false);
  });
});
