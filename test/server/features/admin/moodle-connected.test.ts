import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MoodleTestReply } from '../../../../server/contracts/admin.ts';
import type { RefreshReply } from '../../../../server/contracts/refresh.ts';
import { CourseModel } from '../../../../server/database/models/course.ts';
import { CourseStateModel } from '../../../../server/database/models/course-state.ts';
import { RefreshRunModel } from '../../../../server/database/models/refresh-run.ts';
import { useDatabase } from '../../../support/database.ts';
import { startWaymark } from '../../../support/start-waymark.ts';

/** Whoever connects a Moodle wants to see at once that it works, not at the next hourly turn. */

const database = useDatabase();
let practice: Awaited<ReturnType<typeof startWaymark>>;
let tutor: Awaited<ReturnType<typeof practice.launchAs>>;
let admin: Awaited<ReturnType<typeof practice.launchAs>>;

beforeAll(async () => {
  practice = await startWaymark(database.uri, { hasServices: false });
  tutor = await practice.launchAs(practice.vle.otherTutor.person.id, practice.vle.otherCourse);
  admin = await practice.launchAs(practice.vle.administrator.id, practice.vle.otherCourse);
}, 60_000);
afterAll(() => practice.close());

const freshness = async () => (await tutor.api('GET', '/api/refresh')).body as RefreshReply;
const moodleRead = async () => (await freshness()).sources.find(({ source }) => source === 'moodle')?.okAt;

async function connect(): Promise<MoodleTestReply> {
  const [{ id }] = (await admin.api('GET', '/api/admin/overview')).body.platforms;
  const entry = { baseUrl: practice.vle.url, token: practice.vle.webServiceToken };
  const { status, body } = await admin.api('PUT', `/api/admin/platforms/${id}/moodle`, entry);
  expect(status).toBe(200);
  return body as MoodleTestReply;
}

test('a token that is accepted has the running courses read at once, and the reply says how many', async () => {
  // The first launch of a course has begun the first reading, of its roster alone.
  await expect.poll(async () => (await freshness()).state, { timeout: 20_000 }).toBe('done');
  expect(await moodleRead()).toBeUndefined();
  const { _id: _here, ...running } = await CourseModel.findOne({}).lean().orFail();
  const longAgo = new Date(Date.now() - 100 * 86_400_000);
  const old = await CourseModel.create({ ...running, contextId: '999', lastLaunchedAt: longAgo });

  expect(await connect()).toMatchObject({ isAccepted: true, coursesQueued: 1 });
  await expect.poll(moodleRead, { timeout: 30_000 }).toBeGreaterThan(0);
  expect(await RefreshRunModel.countDocuments({ courseId: old._id })).toBe(0);
  await expect.poll(async () => (await freshness()).state, { timeout: 30_000 }).toBe('done');
}, 60_000);

test('many requests ask for one sweep more, and trying a token that can do no more than before for none', async () => {
  const runsBefore = await RefreshRunModel.countDocuments({});
  const [{ id }] = (await admin.api('GET', '/api/admin/overview')).body.platforms;
  const again = await admin.api('POST', `/api/admin/platforms/${id}/moodle/test`, {});
  expect(again.body).toMatchObject({ isAccepted: true, coursesQueued: 0 });
  await Promise.all([connect(), connect(), connect(), connect(), connect()]);
  const isDone = async () => {
    const asked = await CourseStateModel.countDocuments({ askedAt: { $exists: true } });
    return asked === 0 && (await freshness()).state === 'done';
  };
  await expect.poll(isDone, { timeout: 30_000 }).toBe(true);
  expect((await RefreshRunModel.countDocuments({})) - runsBefore).toBeLessThanOrEqual(2);
}, 60_000);
