import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RefreshReply } from '../../../server/contracts/refresh.ts';
import { CourseModel } from '../../../server/database/models/course.ts';
import { EnrolmentModel } from '../../../server/database/models/enrolment.ts';
import { PersonModel } from '../../../server/database/models/person.ts';
import { RefreshRunModel } from '../../../server/database/models/refresh-run.ts';
import { useDatabase } from '../../support/database.ts';
import { startWaymark } from '../../support/start-waymark.ts';

/** A platform that offers the differences of its roster is asked for no more than those, until a day has gone by. */

const database = useDatabase();
let practice: Awaited<ReturnType<typeof startWaymark>>;
let tutor: Awaited<ReturnType<typeof practice.launchAs>>;

beforeAll(async () => {
  practice = await startWaymark(database.uri, {
    vle: { offersDifferences: true, rosterPageSize: 10 },
    hasServices: false,
  });
  tutor = await practice.launchAs(practice.vle.otherTutor.person.id, practice.vle.otherCourse);
}, 60_000);
afterAll(() => practice.close());

const courseNow = () => CourseModel.findOne({}).lean().orFail();
const stateOf = async () => (await tutor.api('GET', '/api/refresh')).body as RefreshReply;
// The state before is `done`, too, until the new reading has begun.
const isFinished = async () => {
  const { state, finishedAt = 0 } = await stateOf();
  return !['never', 'running'].includes(state) && finishedAt > Date.now() - 60_000;
};

/** Refreshes once more; returns how often the platform was asked for a list. */
async function refresh(): Promise<number> {
  const asked = () => practice.vle.faults.seen.filter(({ service }) => service === 'nrps').length;
  const before = asked();
  // A reading of the last minute would be answer enough.
  await RefreshRunModel.updateMany({}, { $set: { finishedAt: new Date(Date.now() - 120_000) } });
  expect((await tutor.api('POST', '/api/refresh', {})).status).toBe(202);
  await expect.poll(isFinished, { timeout: 20_000 }).toBe(true);
  expect(await stateOf()).toMatchObject({ state: 'done', problems: [] });
  return asked() - before;
}

async function activeStudents(): Promise<string[]> {
  const enrolments = await EnrolmentModel.find({ role: 'student', isActive: true }).lean();
  const people = await PersonModel.find({ _id: { $in: enrolments.map(({ personId }) => personId) } }).lean();
  return people.map(({ sub }) => sub).sort();
}

test('after one whole reading, who leaves and who comes back is told in one answer each', async () => {
  // The first launch of a course has begun the first reading.
  await expect.poll(isFinished, { timeout: 20_000 }).toBe(true);
  const everybody = practice.vle.otherStudents.map(({ person }) => String(person.id)).sort();
  expect(everybody.length).toBeGreaterThan(20);
  expect(await activeStudents()).toEqual(everybody);

  const [leaver] = practice.vle.otherStudents;
  const comeBack = practice.vle.unenrol(leaver!.person.id, practice.vle.otherCourse);
  expect(await refresh()).toBe(1);
  expect(await activeStudents()).toEqual(everybody.filter((sub) => sub !== String(leaver!.person.id)));

  comeBack();
  expect(await refresh()).toBe(1);
  expect(await activeStudents()).toEqual(everybody);

  expect(await refresh()).toBe(1);
  expect(await activeStudents()).toEqual(everybody);
}, 60_000);

test('once a day, and where the changes can’t be read, the whole is read', async () => {
  const everybody = await activeStudents();
  const { _id, rosterChanges } = await courseNow();
  const dayAgo = new Date(Date.now() - 25 * 3_600_000);
  await CourseModel.updateOne({ _id }, { $set: { rosterChanges: { ...rosterChanges, readWholeAt: dayAgo } } });
  expect(await refresh()).toBeGreaterThan(2);
  expect((await courseNow()).rosterChanges!.readWholeAt.getTime()).toBeGreaterThan(dayAgo.getTime());

  const forgotten = { url: `${practice.vle.url}/mod/lti/nothing-here`, readWholeAt: new Date() };
  await CourseModel.updateOne({ _id }, { $set: { rosterChanges: forgotten } });
  expect(await refresh()).toBeGreaterThan(2);
  expect(await activeStudents()).toEqual(everybody);
}, 60_000);
