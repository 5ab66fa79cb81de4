import mongoose from 'mongoose';
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

const optionsWith = (daily: () => Promise<unknown>) => ({ databaseUri: database.uri, refreshMinutes: 60, daily });
const jobs = () => mongoose.connection.collection('jobs');

it('does each job in one of several processes that start together', async () => {
  let daily = 0;
  const options = optionsWith(() => Promise.resolve((daily += 1)));
  const processes = await Promise.all(Array.from({ length: 6 }, () => startJobs(deps, options)));
  await expect.poll(() => daily, { timeout: 40_000 }).toBe(1);
  await Promise.all(processes.map((process) => process.stop()));
  expect(daily).toBe(1);
  const names = await jobs().distinct('name');
  expect(names.toSorted()).toEqual(['compute-touched-courses', 'once-a-day', 'refresh-due-courses']);
  expect(await jobs().countDocuments()).toBe(3);
}, 60_000);

it('leaves to a process what it is at when another starts, and takes in what an earlier version had planned', async () => {
  await jobs().deleteMany({});
  await jobs().insertMany([
    { name: 'once-a-day', type: 'single', nextRunAt: new Date('2030-01-01'), repeatInterval: '24 hours' },
    { name: 'once-a-day', type: 'single', nextRunAt: new Date('2030-01-02'), repeatInterval: '24 hours' },
  ]);
  let daily = 0;
  let finish = () => {};
  const options = optionsWith(() => {
    daily += 1;
    return new Promise<void>((resolve) => (finish = resolve));
  });
  const first = await startJobs(deps, options);
  await expect.poll(() => daily, { timeout: 40_000 }).toBe(1);
  const before = await jobs().findOne({ name: 'once-a-day' });
  expect(before?.['lockedAt']).toBeInstanceOf(Date);
  const second = await startJobs(deps, options);
  const [job, ...others] = await jobs().find({ name: 'once-a-day' }).toArray();
  expect(others).toEqual([]);
  expect(job?.['lockedAt']).toBeInstanceOf(Date);
  expect(job?.['nextRunAt']).toEqual(before?.['nextRunAt']);

  // Stopping waits for what is under way.
  let hasStopped = false;
  const stopped = first.stop().then(() => (hasStopped = true));
  await second.stop();
  expect(hasStopped).toBe(false);
  finish();
  await stopped;
  const after = await jobs().findOne({ name: 'once-a-day' });
  expect(after).toMatchObject({ lockedAt: null, failCount: null });
  expect(after?.['lastFinishedAt']).toBeInstanceOf(Date);
  expect(daily).toBe(1);
}, 60_000);

it('begins no further course when told to stop', async () => {
  const { courseId } = await seedCourse({ students: ['3'] });
  await touchCourse(courseId, clock);
  clock = new Date(clock.getTime() + 20_000);
  await computeTouchedCourses(deps, AbortSignal.abort());
  expect((await CourseStateModel.findOne({ courseId }).lean())?.computedAt).toBeUndefined();
  await computeTouchedCourses(deps);
  expect((await CourseStateModel.findOne({ courseId }).lean())?.computedAt).toEqual(clock);
});
