import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { connectDatabase } from '../server/database/connect.ts';
import { createFeed } from '../server/database/models/feed.ts';
import { RawEventModel } from '../server/database/models/raw-event.ts';
import { RollUpModel } from '../server/database/models/roll-up.ts';
import { openDatabase, uriFor } from '../server/database/open-database.ts';
import { seedCourse } from '../test/support/seeded-course.ts';
import type { Bench, Figure } from './figure.ts';
import { argumentsFor } from './own-process.ts';

/** `BENCH_STATEMENTS=1000000` shows whether memory stays flat; it takes some minutes. */
const STATEMENTS = Number(process.env['BENCH_STATEMENTS'] ?? 100_000);
const BATCH = 100;
const SENDERS = 4;
const STUDENTS = 500;
/** Seven weeks at the most, however many there are: nothing may lie in the future. */
const STEP_MS = Math.floor(Math.min(15_000, (48 * 86_400_000) / (STATEMENTS + 2_000)));
const site = 'http://127.0.0.1:8080';

/** A day of a site: every batch is of one half hour and of students all over the course, as logstore_xapi sends them. */
function statement(n: number) {
  return {
    actor: { name: 'A Student', account: { homePage: site, name: String(1000 + ((n * 7919) % STUDENTS)) } },
    verb: { id: 'http://id.tincanapi.com/verb/viewed', display: { en: 'Viewed' } },
    object: {
      id: `${site}/mod/page/view.php?id=${n % 60}`,
      definition: { type: 'http://adlnet.gov/expapi/activities/link' },
    },
    context: {
      platform: 'Moodle',
      language: 'en',
      contextActivities: { parent: [{ id: `${site}/course/view.php?id=2` }] },
    },
    timestamp: new Date(Date.UTC(2026, 9, 5) + n * STEP_MS).toISOString(),
  };
}

async function run(): Promise<readonly Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
  const server = await openDatabase({ mongodbUri: process.env['MONGODB_URI'], dataDir });
  const uri = uriFor(server.uri, `bench_xapi_${Date.now().toString(36)}`);
  const database = await connectDatabase(uri);
  const child = spawn(process.execPath, [...argumentsFor('test/support/feed-server'), uri], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const students = Array.from({ length: STUDENTS }, (_, index) => String(1000 + index));
    const { platformId, courseId } = await seedCourse({ students });
    const feed = await createFeed({ platformId, kind: 'xapi', name: 'bench' }, new Date());
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = `http://127.0.0.1:${Number(line.toString())}/xapi/statements`;
    const memory = async () => {
      child.stdin.write('memory\n');
      return Number(String(((await once(child.stdout, 'data')) as [Buffer])[0]));
    };
    const times: number[] = [];
    const sendRange = async (from: number, to: number) => {
      const starts = Array.from(
        { length: Math.ceil((to - from) / BATCH) },
        (_, index) => from + index * BATCH,
      ).values();
      const sender = async () => {
        for (const start of starts) {
          const body = JSON.stringify(Array.from({ length: BATCH }, (_, index) => statement(start + index)));
          const startedAt = performance.now();
          const response = await fetch(url, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              authorization: `Bearer ${feed.bearerToken}`,
              'x-experience-api-version': '1.0.3',
            },
            body,
          });
          if (response.status !== 200) throw new Error(`The endpoint answered ${response.status}.`);
          await response.arrayBuffer();
          times.push(performance.now() - startedAt);
        }
      };
      await Promise.all(Array.from({ length: SENDERS }, sender));
    };
    await sendRange(0, 2_000);
    times.length = 0;
    const memoryBefore = await memory();
    const startedAt = performance.now();
    const third = 2_000 + BATCH * Math.floor(STATEMENTS / 3 / BATCH);
    await sendRange(2_000, third);
    const memoryLater = await memory();
    await sendRange(third, 2_000 + STATEMENTS);
    await rolledUp(courseId, 2_000 + STATEMENTS);
    const perSecond = (STATEMENTS * 1000) / (performance.now() - startedAt);
    const memoryAfter = await memory();
    const stored = await RawEventModel.countDocuments({ courseId });
    if (stored !== STATEMENTS + 2_000) throw new Error(`${stored} events are stored of ${STATEMENTS + 2_000}.`);
    const floor = await bareUpserts(true);
    const bare = await bareUpserts(false);
    times.sort((a, b) => a - b);
    const p = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
    const figure = (
      name: string,
      value: number,
      unit: string,
      promised: number | null,
      ratio: number | null = null,
    ) => ({
      figure: name,
      value,
      unit,
      floor: promised,
      ratio,
    });
    return [
      figure('statements accepted, stored and rolled up', perSecond, '1/s', 2_000, perSecond / floor),
      figure('the same documents with the same indexes as a bare bulk upsert', floor, '1/s', null),
      figure('and without any index', bare, '1/s', null, perSecond / bare),
      figure('a batch of 100, median', p(0.5), 'ms', null),
      figure('a batch of 100, p99', p(0.99), 'ms', 500),
      figure('memory of the receiving process, at the start', memoryBefore, 'MB', null),
      figure('a third of the way', memoryLater, 'MB', null),
      figure('at the end', memoryAfter, 'MB', null),
    ];
  } finally {
    child.kill('SIGKILL');
    await mongoose.connection.dropDatabase();
    await database.close();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Resolves when every statement is in its roll-up. */
async function rolledUp(courseId: string, expected: number): Promise<void> {
  const which = { courseId: new mongoose.Types.ObjectId(courseId) };
  for (;;) {
    const rollUps = await RollUpModel.collection.find(which, { projection: { days: 1 }, batchSize: 100_000 }).toArray();
    const counts = rollUps.flatMap(({ days }) =>
      (days as { counts: Record<string, number> }[]).map((day) => day.counts),
    );
    const counted = counts.reduce((sum, { view = 0 }) => sum + view, 0);
    if (counted > expected) throw new Error(`${counted} statements are counted of ${expected}.`);
    if (counted === expected) return;
    await sleep(200);
  }
}

/** The floor: what was stored, written again to empty collections by the driver alone, with as many at a time. */
async function bareUpserts(hasIndexes: boolean): Promise<number> {
  const events = await RawEventModel.collection.find({}).limit(20_000).toArray();
  const rollUps = await RollUpModel.collection.find({}).limit(2_000).toArray();
  const db = mongoose.connection.db!;
  const suffix = hasIndexes ? 'indexed' : '';
  const [bareEvents, bareRollUps] = [db.collection(`bareevents${suffix}`), db.collection(`barerollups${suffix}`)];
  if (hasIndexes) {
    for (const [into, model] of [[bareEvents, RawEventModel] as const, [bareRollUps, RollUpModel] as const]) {
      for (const [keys, { background: _, ...options }] of model.schema.indexes()) {
        await into.createIndex(
          keys as mongoose.mongo.IndexSpecification,
          options as mongoose.mongo.CreateIndexesOptions,
        );
      }
    }
  }
  const upsert = (documents: readonly mongoose.mongo.Document[], into: mongoose.mongo.Collection) =>
    into.bulkWrite(
      documents.map(({ _id, ...rest }) => ({ updateOne: { filter: { _id }, update: { $set: rest }, upsert: true } })),
      { ordered: false },
    );
  const batches = Array.from({ length: Math.ceil(events.length / BATCH) }, (_, index) => index).values();
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      for (const index of batches) await upsert(events.slice(index * BATCH, index * BATCH + BATCH), bareEvents);
    }),
  );
  await upsert(rollUps, bareRollUps);
  return (events.length * 1000) / (performance.now() - startedAt);
}

export const xapiBench: Bench = { name: 'xapi', run };
