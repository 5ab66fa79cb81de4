import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import mongoose from 'mongoose';
import { EnrolmentModel } from '../server/database/models/enrolment.ts';
import { FlagModel } from '../server/database/models/flag.ts';
import { createTutorRouters } from '../server/tutor-routers.ts';
import { makeCourse, makeFlag, newHexId, startApp } from '../test/support/staffed-course.ts';
import type { Bench, Figure } from './figure.ts';

const students = 2000;
const seconds = 15;
const perSecond = 20;
const mostMs = 50;

/** Asks at a steady rate, whether or not answers are in; milliseconds from when each was due to be asked. */
async function askSteadily(url: string, headers: Record<string, string>): Promise<number[]> {
  const startedAt = performance.now();
  return Promise.all(
    Array.from({ length: seconds * perSecond }, async (_, index) => {
      const dueAt = startedAt + (index * 1000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, dueAt - performance.now()));
      const response = await fetch(url, { headers });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`The list was refused with ${response.status}.`);
      return performance.now() - dueAt;
    }),
  );
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The list of a course of 2,000 with every fourth student flagged, and with all of them, at 20 requests a second. */
export const flagListBench: Bench = {
  name: 'flag-list',
  async run() {
    const name = `bench_${randomBytes(4).toString('hex')}`;
    const server = process.env['MONGODB_URI'] ?? 'mongodb://127.0.0.1:27017/?directConnection=true';
    const uri = new URL(server);
    uri.pathname = `/${name}`;
    const { app, deps, clock, close } = await startApp(uri.href, createTutorRouters);
    clock.now = new Date();
    const http = createServer((request, response) => void app(request, response));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const figures: Figure[] = [];
    try {
      for (const share of [0.25, 1]) {
        const course = await makeCourse(deps);
        const tutor = await course.add('tutor', 'Bench Tutor');
        const ids = Array.from({ length: students }, newHexId);
        await EnrolmentModel.insertMany(
          ids.map((personId, index) => ({
            courseId: course.courseId,
            personId,
            role: 'student',
            roleFrom: 'roster',
            name: `Student ${index}`,
            sortName: `Student ${index}`,
            groups: [{ id: String(index % 20), name: `Group ${index % 20}` }],
          })),
        );
        const flagged = ids.slice(0, students * share);
        await FlagModel.insertMany(
          flagged.map((personId) => ({ ...makeFlag(personId, Date.now()), courseId: course.courseId })),
        );
        // Beside it: the one query that no list can do without, one after another.
        const bare: number[] = [];
        for (let round = 0; round < 40; round++) {
          const startedAt = performance.now();
          await FlagModel.find({ courseId: course.courseId, state: 'open' }, { personId: 1, state: 1 }).lean();
          bare.push(performance.now() - startedAt);
        }
        const coldAt = performance.now();
        await (await fetch(`${url}/api/flags`, { headers: tutor.auth })).text();
        const cold = performance.now() - coldAt;
        const times = await askSteadily(`${url}/api/flags`, tutor.auth);
        const label = `flag list, ${flagged.length} of ${students} flagged`;
        const beside = percentile(bare, 0.95);
        const value = percentile(times, 0.95);
        figures.push({ figure: `${label}, p95`, value, unit: 'ms', floor: mostMs, ratio: value / beside });
        figures.push({ figure: `${label}, first reading`, value: cold, unit: 'ms', floor: null, ratio: null });
        figures.push({ figure: `${label}, p50`, value: percentile(times, 0.5), unit: 'ms', floor: null, ratio: null });
      }
    } finally {
      http.closeAllConnections();
      http.close();
      await mongoose.connection.db?.dropDatabase();
      await close();
    }
    return figures;
  },
};
