import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { openDatabase, uriFor } from '../server/database/open-database.ts';
import { measureMemory } from './database-memory.ts';
import type { Bench, Figure } from './figure.ts';
import { measureRefresh } from './refresh.ts';
import { sampleRollUp, STUDENTS_PER_COURSE, upsertSamples, weekOfCourse } from './sample-roll-ups.ts';
import type { SampleRollUps } from './sample-roll-ups.ts';
import { percentile } from './steady.ts';

const UPSERTS = Number(process.env['BENCH_UPSERTS'] ?? 50_000);
const REFRESHED_STUDENTS = Number(process.env['BENCH_STUDENTS'] ?? 2000);

/** Both sides do every row in turns, several times: what else the machine does in the meantime then meets both. */
const ROUNDS = 5;
const FLAGS = 5000;

interface Side {
  readonly client: mongoose.mongo.MongoClient;
  readonly rollUps: SampleRollUps;
  readonly singles: mongoose.mongo.Collection;
  readonly flags: mongoose.mongo.Collection;
}

async function prepare(uri: string): Promise<Side> {
  const client = await mongoose.mongo.MongoClient.connect(uri);
  const db = client.db();
  await db.dropDatabase();
  const side: Side = {
    client,
    rollUps: db.collection('rollups'),
    singles: db.collection('singles'),
    flags: db.collection('flags'),
  };
  await side.rollUps.createIndex({ courseId: 1, week: 1, personId: 1 });
  await side.flags.createIndex({ courseId: 1, state: 1, raisedAt: -1 });
  await side.flags.insertMany(
    Array.from({ length: FLAGS }, (_, n) => ({
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
  // Once round unmeasured, so that neither side is measured while its code is still being compiled.
  for (let i = 0; i < 100; i++) await side.singles.insertOne({ i, text: 'one at a time' });
  await upsertSamples(side.rollUps, 1_000_000, 1_003_000);
  await upsertSamples(side.rollUps, 1_000_000, 1_003_000, 1);
  return side;
}

interface Row {
  readonly figure: string;
  readonly promised: number | null;
  /** Does a round's part, and says how many that were. */
  readonly run: (side: Side, round: number) => Promise<number>;
}

async function inTurn(count: number, one: (i: number) => Promise<unknown>): Promise<number> {
  for (let i = 0; i < count; i++) await one(i);
  return count;
}

async function upsertPart({ rollUps }: Side, round: number, written: number): Promise<number> {
  const part = Math.ceil(UPSERTS / ROUNDS);
  await upsertSamples(rollUps, round * part, (round + 1) * part, written);
  return part;
}

const ROWS: readonly Row[] = [
  {
    figure: 'single inserts',
    promised: null,
    run: ({ singles }) => inTurn(200, (i) => singles.insertOne({ i, text: 'one at a time' })),
  },
  { figure: 'bulk upserts of new roll-ups', promised: 20_000, run: (side, round) => upsertPart(side, round, 0) },
  { figure: 'bulk upserts of known roll-ups', promised: 20_000, run: (side, round) => upsertPart(side, round, 1) },
  {
    figure: 'point reads',
    promised: null,
    run: ({ rollUps }) => inTurn(400, (i) => rollUps.findOne({ _id: sampleRollUp((i * 37) % UPSERTS)._id })),
  },
  {
    figure: 'indexed ranges of 2,000',
    promised: null,
    run: ({ rollUps }) =>
      inTurn(8, async (i) => {
        const found = await rollUps.find(weekOfCourse(0, i)).toArray();
        if (found.length !== STUDENTS_PER_COURSE) throw new Error(`The range holds ${found.length}.`);
      }),
  },
  {
    figure: 'flag lists of 50',
    promised: null,
    run: ({ flags }) =>
      inTurn(80, () =>
        flags
          .find(
            { courseId: 'course-1', state: { $in: ['open', 'acting'] } },
            { sort: { raisedAt: -1 }, limit: 50, projection: { evidence: 0 } },
          )
          .toArray(),
      ),
  },
];

async function perSecond(row: Row, side: Side, round: number): Promise<number> {
  const startedAt = performance.now();
  const count = await row.run(side, round);
  return (count * 1000) / (performance.now() - startedAt);
}

async function compare(row: Row, here: Side, there: Side | null): Promise<Figure> {
  const rates: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const rate = await perSecond(row, here, round);
    rates.push(rate);
    if (there) ratios.push(rate / (await perSecond(row, there, round)));
  }
  const ratio = there ? percentile(ratios, 0.5) : null;
  return { figure: row.figure, value: percentile(rates, 0.5), unit: '/s', floor: row.promised, ratio };
}

async function compareRows(hereUri: string, serverUri: string | undefined): Promise<readonly Figure[]> {
  const here = await prepare(hereUri);
  const there = serverUri ? await prepare(uriFor(serverUri, `bench_${process.pid}`)) : null;
  const figures: Figure[] = [];
  for (const row of ROWS) figures.push(await compare(row, here, there));
  for (const side of there ? [here, there] : [here]) {
    await side.client.db().dropDatabase();
    await side.client.close();
  }
  return figures;
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

/** How long the first refresh of a large course takes; the ratio is how often it would be done beside one elsewhere. */
async function refreshFigure(serverUri: string | undefined): Promise<Figure> {
  const seconds = async (uri: string) =>
    (await measureRefresh(uriFor(uri, `bench_refresh_${process.pid}`), REFRESHED_STUDENTS)).ms / 1000;
  const here = await withEmbedded(seconds);
  const there = serverUri ? await seconds(serverUri) : null;
  const figure = `refresh of a course of ${REFRESHED_STUDENTS} students`;
  return { figure, value: here, unit: 's', floor: null, ratio: there ? there / here : null };
}

export const databaseBench: Bench = {
  name: 'database',
  async run() {
    const serverUri = process.env['MONGODB_COMPARE_URI'] ?? process.env['MONGODB_URI'];
    const figures = await withEmbedded((uri) => compareRows(uri, serverUri));
    return [...figures, await refreshFigure(serverUri), ...(await measureMemory())];
  },
};
