import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { openDatabase, uriFor } from '../server/database/open-database.ts';
import type { Bench, Figure } from './figure.ts';

type Collection = mongoose.mongo.Collection<Rollup>;

interface Rollup {
  _id: string;
  courseId: string;
  personId: string;
  week: string;
  days: Record<string, Record<string, number>>;
  objects: string[];
  seen: string[];
}

const UPSERTS = Number(process.env['BENCH_UPSERTS'] ?? 50_000);
const MILLION = Number(process.env['BENCH_ROLLUPS'] ?? 1_000_000);
const BATCH = 1000;
const PERSONS_PER_COURSE = 2000;

function rollup(n: number): Rollup {
  const [courseId, personId] = [
    `course-${Math.floor(n / (PERSONS_PER_COURSE * 12))}`,
    `person-${n % PERSONS_PER_COURSE}`,
  ];
  const week = `2026-W${String(10 + (Math.floor(n / PERSONS_PER_COURSE) % 12))}`;
  return {
    _id: `${courseId}/${personId}/${week}`,
    courseId,
    personId,
    week,
    days: { mon: { view: n % 9, submission: 0 }, wed: { view: 3 }, fri: { 'quiz-attempt': 1 } },
    objects: [`page-${n % 40}`, `page-${n % 17}`, `quiz-${n % 5}`],
    seen: [(n * 7919).toString(36), (n * 104729).toString(36)],
  };
}

async function perSecond(count: number, run: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return (count * 1000) / (performance.now() - startedAt);
}

async function upsertRange(collection: Collection, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += BATCH) {
    const operations = Array.from({ length: Math.min(BATCH, to - at) }, (_, i) => {
      const { _id, ...rest } = rollup(at + i);
      return { updateOne: { filter: { _id }, update: { $set: rest }, upsert: true } };
    });
    await collection.bulkWrite(operations, { ordered: false });
  }
}

type Rates = Readonly<Record<'insert' | 'upsert' | 'update' | 'point' | 'range' | 'flags', number>>;

async function measure(uri: string): Promise<Rates> {
  const client = await mongoose.mongo.MongoClient.connect(uri);
  const db = client.db();
  await db.dropDatabase();
  const rollups: Collection = db.collection('rollups');
  await rollups.createIndex({ courseId: 1, week: 1, personId: 1 });
  const singles = db.collection('singles');
  const insert = await perSecond(500, async () => {
    for (let i = 0; i < 500; i++) await singles.insertOne({ i, text: 'one at a time' });
  });
  const upsert = await perSecond(UPSERTS, () => upsertRange(rollups, 0, UPSERTS));
  const update = await perSecond(UPSERTS, () => upsertRange(rollups, 0, UPSERTS));
  const point = await perSecond(1000, async () => {
    for (let i = 0; i < 1000; i++) await rollups.findOne({ _id: rollup((i * 37) % UPSERTS)._id });
  });
  const range = await perSecond(20, async () => {
    for (let i = 0; i < 20; i++) {
      const found = await rollups.find({ courseId: 'course-0', week: `2026-W${10 + (i % 12)}` }).toArray();
      if (found.length !== PERSONS_PER_COURSE) throw new Error(`The range holds ${found.length}.`);
    }
  });
  const flagged = db.collection('flags');
  await flagged.createIndex({ courseId: 1, state: 1, raisedAt: -1 });
  await flagged.insertMany(
    Array.from({ length: 5000 }, (_, n) => ({
      courseId: `course-${n % 5}`,
      state: n % 3 === 0 ? 'open' : n % 3 === 1 ? 'acting' : 'resolved',
      raisedAt: new Date(1_770_000_000_000 + n * 60_000),
      personId: `person-${n}`,
      evidence: [
        { indicator: 'recency', value: n % 30 },
        { indicator: 'submissions', value: n % 3 },
      ],
    })),
  );
  const flags = await perSecond(200, async () => {
    for (let i = 0; i < 200; i++) {
      const states = { $in: ['open', 'acting'] };
      await flagged
        .find(
          { courseId: 'course-1', state: states },
          { sort: { raisedAt: -1 }, limit: 50, projection: { evidence: 0 } },
        )
        .toArray();
    }
  });
  await db.dropDatabase();
  await client.close();
  return { insert, upsert, update, point, range, flags };
}

async function withEmbedded<T>(run: (uri: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
  const database = await openDatabase({ dataDir });
  try {
    return await run(database.uri);
  } finally {
    await database.close();
    await rm(dataDir, { recursive: true });
  }
}

/** Resident megabytes of this process, driver and all, once a million roll-ups are stored and some have been read. */
function residentWithAMillion(): Promise<number> {
  return withEmbedded(async (uri) => {
    const client = await mongoose.mongo.MongoClient.connect(uri);
    const rollups: Collection = client.db().collection('rollups');
    await rollups.createIndex({ courseId: 1, week: 1, personId: 1 });
    await upsertRange(rollups, 0, MILLION);
    for (let i = 0; i < 100; i++) await rollups.findOne({ _id: rollup((i * 9973) % MILLION)._id });
    await client.close();
    return process.memoryUsage.rss() / 1024 / 1024;
  });
}

const FIGURES: readonly (readonly [keyof Rates, string, number | null])[] = [
  ['insert', 'single inserts', null],
  ['upsert', 'bulk upserts of new roll-ups', 20_000],
  ['update', 'bulk upserts of known roll-ups', 20_000],
  ['point', 'point reads', null],
  ['range', 'indexed ranges of 2,000', null],
  ['flags', 'flag lists of 50', null],
];

export const databaseBench: Bench = {
  name: 'database',
  async run() {
    const serverUri = process.env['MONGODB_COMPARE_URI'] ?? process.env['MONGODB_URI'];
    const here = await withEmbedded(measure);
    const there = serverUri ? await measure(uriFor(serverUri, `bench_${process.pid}`)) : null;
    const figures: Figure[] = FIGURES.map(([key, figure, floor]) => ({
      figure,
      value: here[key],
      unit: '/s',
      floor,
      ratio: there ? here[key] / there[key] : null,
    }));
    const resident = await residentWithAMillion();
    return [
      ...figures,
      { figure: `resident memory with ${MILLION} roll-ups`, value: resident, unit: 'MB', floor: 200, ratio: null },
    ];
  },
};
