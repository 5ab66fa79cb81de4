import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import autocannon from 'autocannon';
import mongoose from 'mongoose';
import { EnrolmentModel } from '../server/database/models/enrolment.ts';
import { FlagModel } from '../server/database/models/flag.ts';
import { createTutorRouters } from '../server/tutor-routers.ts';
import { makeCourse, makeFlag, newHexId, startApp } from '../test/support/staffed-course.ts';
import type { Bench, Figure } from './figure.ts';

const students = 2000;
const seconds = 15;
const mostMs = 50;

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
        bare.sort((one, other) => one - other);
        const coldAt = performance.now();
        await (await fetch(`${url}/api/flags`, { headers: tutor.auth })).text();
        const cold = performance.now() - coldAt;
        const run = await autocannon({
          url: `${url}/api/flags`,
          headers: tutor.auth,
          connections: 4,
          overallRate: 20,
          duration: seconds,
        });
        if (run.non2xx > 0) throw new Error(`${run.non2xx} answers were not the list.`);
        const label = `flag list, ${flagged.length} of ${students} flagged`;
        const beside = bare[Math.floor(bare.length * 0.95)] ?? 0;
        const value = run.latency.p97_5;
        figures.push({ figure: `${label}, p97.5`, value, unit: 'ms', floor: mostMs, ratio: value / beside });
        figures.push({ figure: `${label}, first reading`, value: cold, unit: 'ms', floor: null, ratio: null });
        figures.push({ figure: `${label}, p50`, value: run.latency.p50, unit: 'ms', floor: null, ratio: null });
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
