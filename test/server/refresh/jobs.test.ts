import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { CourseModel } from '../../../server/database/models/course.ts';
import { CourseStateModel, touchCourse } from '../../../server/database/models/course-state.ts';
import { RefreshRunModel } from '../../../server/database/models/refresh-run.ts';
import { createVault } from '../../../server/database/vault.ts';
import { defaultRuleset } from '../../../server/domain/rules.ts';
import type { RefreshDeps } from '../../../server/refresh/deps.ts';
import { computeTouchedCourses, refreshDueCourses, startJobs } from '../../../server/refresh/jobs.ts';
import { useDatabase } from '../../support/database.ts';
import { moodleClientForTests } from '../../support/moodle-client.ts';
import { seedCourse } from '../../support/seeded-course.ts';

const database = useDatabase();
let connection: Awaited<ReturnType<typeof connectDatabase>>;
beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
afterAll(() => connection.close());

let clock = new Date('2026-11-23T12:00:00Z');
const deps: RefreshDeps = {
  vault: createVault([{ id: 'k0', secret: new Uint8Array(32) }]),
  log: pino({ level: 'silent' }),
  now: () => clock,
  defaultRuleset: defaultRuleset(),
  readRoster: () => Promise.resolve([{ sub: '3', name: 'Amina Ahmed', role: 'student', isActive: true }]),
  createMoodleClient: moodleClientForTests,
};

it('refreshes the courses that are due, each once, and lets those rest that nobody opens', async () => {
  const { courseId } = await seedCourse();
  await CourseModel.updateOne({ _id: courseId }, { $set: { lastLaunchedAt: clock } });
  expect(await refreshDueCourses(deps, 60)).toBe(1);
  expect(await refreshDueCourses(deps, 60)).toBe(0);
  clock = new Date(clock.getTime() + 61 * 60_000);
  // Two processes in the same moment.
  await Promise.all([refreshDueCourses(deps, 60), refreshDueCourses(deps, 60)]);
  expect(await RefreshRunModel.countDocuments({ courseId })).toBe(2);
  clock = new Date(clock.getTime() + 40 * 86_400_000);
  expect(await refreshDueCourses(deps, 60)).toBe(0);
});

it('computes a course that something came in for, once it is quiet', async () => {
  const { courseId } = await seedCourse({ students: ['3'] });
  await touchCourse(courseId, clock);
  expect(await computeTouchedCourses(deps)).toBe(0);
  clock = new Date(clock.getTime() + 20_000);
  expect(await computeTouchedCourses(deps)).toBe(1);
  expect(await computeTouchedCourses(deps)).toBe(0);
  expect((await CourseStateModel.findOne({ courseId }).lean())?.computedAt).toEqual(clock);
});

it('computes a course that is never quiet once a minute', async () => {
  const { courseId } = await seedCourse({ students: ['3'] });
  let computed = 0;
  for (let seconds = 0; seconds <= 180; seconds += 10) {
    await touchCourse(courseId, clock);
    computed += await computeTouchedCourses(deps);
    clock = new Date(clock.getTime() + 10_000);
  }
  expect(computed).toBe(2);
});

it('starts and stops on a database, twice over', async () => {
  let daily = 0;
  const options = { databaseUri: database.uri, refreshMinutes: 60, daily: () => Promise.resolve((daily += 1)) };
  const jobs = await Promise.all([startJobs(deps, options), startJobs(deps, options)]);
  await expect.poll(() => daily, { timeout: 40_000 }).toBe(1);
  await Promise.all(jobs.map((job) => job.stop()));
  expect(daily).toBe(1);
}, 60_000);
