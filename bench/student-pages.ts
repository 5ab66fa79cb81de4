import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { EnrolmentModel } from '../server/database/models/enrolment.ts';
import { PersonModel } from '../server/database/models/person.ts';
import { RollUpModel } from '../server/database/models/roll-up.ts';
import { StudentRecordModel } from '../server/database/models/student-record.ts';
import { openDatabase, uriFor } from '../server/database/open-database.ts';
import { addDays, isoWeekOf } from '../server/domain/days.ts';
import { serve } from '../test/support/browser.ts';
import { makeLivedCourse, noonOf, startStudentApp, today } from '../test/support/student-course.ts';
import type { Bench, Figure } from './figure.ts';
import { askSteadily, percentile } from './steady.ts';

const students = 2000;
const perSecond = 20;
const seconds = 8;
const mostMs = 50;
const weeksLived = 9;
/** Two thousand different people ask: nobody's answer can be kept from the one before. */
const asked = perSecond * seconds;

const routes = [
  ['this week, my weeks, how it is worked out', '/api/dashboard'],
  ['goals and journal', '/api/journal'],
  ['support', '/api/rights/support'],
  ['about me', '/api/rights'],
  ['the middle half of the course', '/api/dashboard/middle-range'],
] as const;

type App = Awaited<ReturnType<typeof startStudentApp>>;

/** A course of 2,000 who were active on three days of each week, with hand-ins and everything computed. */
async function fillCourse({ deps }: App) {
  const course = await makeLivedCourse(deps);
  const { courseId, platformId } = course;
  const ids = Array.from({ length: students }, () => new mongoose.Types.ObjectId());
  await PersonModel.insertMany(
    ids.map((_id, index) => ({ _id, platformId, sub: `s${index}`, name: `Student ${index}`, givenName: 'Student' })),
  );
  await EnrolmentModel.insertMany(
    ids.map((personId, index) => ({
      courseId,
      personId,
      role: 'student',
      roleFrom: 'roster',
      name: `Student ${index}`,
      sortName: `Student ${index}`,
    })),
  );
  for (let week = 0; week < weeksLived; week++) {
    await RollUpModel.insertMany(
      ids.map((personId, index) => {
        const days = [2, 1, 0].map((day) => addDays(today, -7 * week - day - (index % 2)));
        const inWeek = days.filter((day) => isoWeekOf(day) === isoWeekOf(days[0]!));
        return {
          courseId,
          personId,
          week: isoWeekOf(days[0]!),
          days: inWeek.map((day) => ({ day, source: 'moodle', counts: { view: 4 + (index % 5), 'forum-post': 1 } })),
          objects: Array.from({ length: 15 }, (_, page) => `page${(page + index) % 12}`),
          seen: Array.from({ length: 20 }, (_, event) => `${index}.${week}.${event}`),
        };
      }),
    );
  }
  await StudentRecordModel.insertMany(
    ids.map((personId, index) => ({
      courseId,
      personId,
      submissions: index % 4 === 0 ? [] : [{ assessmentId: 'cw1', submittedAt: noonOf(41) }],
      completions: [{ itemId: 'page0', completedAt: noonOf(50) }],
      pauses: [],
      corrections: [],
    })),
  );
  await course.compute();
  const askers = await Promise.all(
    ids.slice(0, asked).map(async (id) => {
      const personId = id.toHexString();
      const actor = { platformId, courseId, personId, role: 'student' as const, sessionId: personId };
      const { token } = await deps.tokens.issue(actor, deps.now());
      return { personId, headers: { Authorization: `Bearer ${token}` } };
    }),
  );
  return { courseId, askers };
}

async function withDatabase<T>(run: (uri: string) => Promise<T>): Promise<T> {
  const server = process.env['MONGODB_URI'];
  if (server) return run(uriFor(server, `bench_${process.pid}`));
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
  const database = await openDatabase({ dataDir });
  try {
    return await run(database.uri);
  } finally {
    await database.close();
    await rm(dataDir, { recursive: true });
  }
}

/** Milliseconds of work for one answer, the asking and an embedded database included: it hardly depends on who else is at work. */
async function processorTimeOfOne(asks: readonly { url: string; headers: Record<string, string> }[]): Promise<number> {
  const before = process.cpuUsage();
  for (const { url, headers } of asks) await (await fetch(url, { headers })).arrayBuffer();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / asks.length;
}

/** What a student's pages ask for, served with 2,000 students in the course, at 20 requests a second. */
export const studentPagesBench: Bench = {
  name: 'student-pages',
  run: () =>
    withDatabase(async (uri) => {
      const waymark = await startStudentApp(uri);
      const { url, close } = await serve(waymark.app);
      try {
        const { courseId, askers } = await fillCourse(waymark);
        // Beside it: the one query that the page cannot do without, asked at the same rate.
        const bare: number[] = [];
        for (const { personId } of askers) {
          const startedAt = performance.now();
          await RollUpModel.find({ courseId, personId }, { seen: 0 }).lean();
          bare.push(performance.now() - startedAt);
          await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond - (performance.now() - startedAt)));
        }
        const beside = percentile(bare, 0.95);
        const figures: Figure[] = [
          { figure: 'own roll-ups alone, p95', value: beside, unit: 'ms', floor: null, ratio: null },
        ];
        for (const [name, path] of routes) {
          const asks = askers.map(({ headers }) => ({ url: url + path, headers }));
          // A process that has just started is slower for its first moments: told apart, as the first answer.
          const warming = await askSteadily(asks.slice(0, 3 * perSecond), { perSecond });
          const times = await askSteadily(asks, { perSecond });
          const value = percentile(times, 0.95);
          figures.push({ figure: `${name}, p95`, value, unit: 'ms', floor: mostMs, ratio: value / beside });
          figures.push({
            figure: `${name}, p50`,
            value: percentile(times, 0.5),
            unit: 'ms',
            floor: null,
            ratio: null,
          });
          figures.push({ figure: `${name}, first`, value: warming[0]!, unit: 'ms', floor: null, ratio: null });
          const work = await processorTimeOfOne(asks);
          figures.push({ figure: `${name}, processor time`, value: work, unit: 'ms', floor: null, ratio: null });
        }
        return figures;
      } finally {
        await close();
        await mongoose.connection.db?.dropDatabase();
        await waymark.close();
      }
    }),
};
