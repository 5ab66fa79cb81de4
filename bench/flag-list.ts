import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { ActionModel } from '../server/database/models/action.ts';
import { FlagModel } from '../server/database/models/flag.ts';
import { openDatabase, uriFor } from '../server/database/open-database.ts';
import { createTutorRouters } from '../server/tutor-routers.ts';
import { startApp } from '../test/support/staffed-course.ts';
import type { Bench, Figure } from './figure.ts';
import { makeFlaggedCourse, type FlaggedCourse } from './flagged-course.ts';
import { percentile } from './steady.ts';

const students = 2000;
const seconds = 12;
const perSecond = 20;
const mostMs = 50;

/** Asks at a steady rate, whether or not answers are in; milliseconds from when each was due to be asked. */
async function askSteadily(ask: () => Promise<void>): Promise<number[]> {
  const startedAt = performance.now();
  return Promise.all(
    Array.from({ length: seconds * perSecond }, async (_, index) => {
      const dueAt = startedAt + (index * 1000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, dueAt - performance.now()));
      await ask();
      return performance.now() - dueAt;
    }),
  );
}

interface Stage extends FlaggedCourse {
  readonly ask: () => Promise<void>;
}

async function record({ courseId, tutor, flagged }: Stage, round: number): Promise<void> {
  const at = new Date();
  await ActionModel.create({
    courseId,
    personId: flagged[round % flagged.length],
    byId: tutor.personId,
    category: 'supportive',
    channel: 'phone',
    initiator: 'staff',
    outcome: 'spoke',
    at,
    recordedAt: at,
  });
}

async function measure(label: string, stage: Stage): Promise<Figure[]> {
  // Beside it: the one query that no list can do without, one after another.
  const bare: number[] = [];
  for (let round = 0; round < 40; round++) {
    const startedAt = performance.now();
    await FlagModel.find({ courseId: stage.courseId, state: 'open' }, { personId: 1, state: 1 }).lean();
    bare.push(performance.now() - startedAt);
  }
  const coldAt = performance.now();
  await stage.ask();
  const cold = performance.now() - coldAt;
  for (let warming = 0; warming < 2 * perSecond; warming++) await stage.ask();
  const quiet = await askSteadily(stage.ask);
  let rounds = 0;
  const writing = setInterval(() => void record(stage, rounds++), 1000);
  const busy = await askSteadily(stage.ask).finally(() => clearInterval(writing));
  const row = (figure: string, value: number, floor: number | null = null) => ({
    figure: `${label}: ${figure}`,
    value,
    unit: 'ms',
    floor,
    ratio: floor === null ? null : value / percentile(bare, 0.95),
  });
  return [
    row('p95', percentile(quiet, 0.95), mostMs),
    row('p50', percentile(quiet, 0.5)),
    row('p95 while an action is recorded each second', percentile(busy, 0.95), mostMs),
    row('first reading', cold),
  ];
}

async function onDatabase(database: string, uri: string): Promise<Figure[]> {
  const { app, deps, clock, close } = await startApp(uri, createTutorRouters);
  clock.now = new Date();
  const http = createServer((request, response) => void app(request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const agent = new Agent({ keepAlive: true });
  const figures: Figure[] = [];
  try {
    for (const share of [0.25, 1]) {
      const course = await makeFlaggedCourse(deps, students, share);
      // Compressed as a browser asks for it, and left compressed: unpacking is the reader's machine's work.
      const headers = { ...course.tutor.auth, 'Accept-Encoding': 'gzip' };
      const ask = () =>
        new Promise<void>((resolve, reject) => {
          const asked = get(`${url}/api/flags`, { headers, agent }, (response) => {
            response.resume().on('end', () => {
              if (response.statusCode === 200) resolve();
              else reject(new Error(`The list was refused with ${response.statusCode}.`));
            });
          });
          asked.on('error', reject);
        });
      const label = `flag list, ${course.flagged.length} of ${students} flagged, ${database}`;
      figures.push(...(await measure(label, { ...course, ask })));
    }
  } finally {
    agent.destroy();
    http.closeAllConnections();
    http.close();
    await mongoose.connection.db?.dropDatabase();
    await close();
  }
  return figures;
}

/**
 * The list of a course of 2,000 with every fourth student flagged, and with all of them, at 20 requests a second: from the
 * embedded database, and from a MongoDB server where one is named.
 */
export const flagListBench: Bench = {
  name: 'flag-list',
  async run() {
    const figures: Figure[] = [];
    const server = process.env['MONGODB_URI'];
    if (server)
      figures.push(...(await onDatabase('MongoDB', uriFor(server, `bench_${randomBytes(4).toString('hex')}`))));
    const dataDir = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
    const embedded = await openDatabase({ dataDir });
    try {
      figures.push(...(await onDatabase('embedded', embedded.uri)));
    } finally {
      await embedded.close();
      await rm(dataDir, { recursive: true, force: true });
    }
    return figures;
  },
};
