import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdminCourses, AdminOverview } from '../../../../server/contracts/admin.ts';
import { CourseModel } from '../../../../server/database/models/course.ts';
import { FreshnessModel } from '../../../../server/database/models/freshness.ts';
import { resealEverything } from '../../../../server/database/reseal.ts';
import { createVault } from '../../../../server/database/vault.ts';
import { scheduleEvery } from '../../../../server/refresh/scheduled-jobs.ts';
import { useDatabase } from '../../../support/database.ts';
import { institutionRole, startIssuerAndWaymark, type Send } from '../../../support/issuer-and-waymark.ts';
import { startLtiIssuer, type LtiIssuer } from '../../../support/lti-issuer.ts';
import { registerIssuer } from '../../../support/lti-tool.ts';

const database = useDatabase();
let started: Awaited<ReturnType<typeof startIssuerAndWaymark>>;
let other: LtiIssuer;
let admin: Send;
let ownId: string;
let otherId: string;

beforeAll(async () => {
  started = await startIssuerAndWaymark(database.uri);
  ownId = started.platformId;
  other = await startLtiIssuer();
  otherId = (await registerIssuer(other, { name: 'Another university' })).id;
  admin = (await started.signInAs('900', [`${institutionRole}#Administrator`])).send;
});
afterAll(async () => {
  await other.close();
  await started.close();
});

test('an administrator finds courses by name or code, a page at a time, and those in trouble; none of another university', async () => {
  const day = 86_400_000;
  const add = (platformId: string, title: string, daysAgo: number, label = 'X') =>
    CourseModel.create({
      platformId,
      contextId: title,
      deploymentId: '1',
      title,
      label,
      calendar: { firstDay: '2026-09-21', lastDay: '2026-12-11', timeZone: 'Europe/London' },
      calendarFrom: 'launch',
      firstLaunchedAt: new Date(0),
      lastLaunchedAt: new Date(Date.now() - daysAgo * day),
    });
  for (let number = 1; number <= 24; number += 1) await add(ownId, `Physics (${number}.*)`, number, `PHY${number}`);
  const { _id: courseId } = await add(ownId, 'Chemistry', 30);
  await FreshnessModel.create({ courseId, source: 'moodle', failedBecause: 'Moodle did not answer in time.' });
  await FreshnessModel.create({ courseId, source: 'file' });
  await FreshnessModel.updateOne(
    { courseId, source: 'moodle' },
    { topics: { presence: { withheld: 'access-hidden' } } },
  );
  const { _id: elsewhere } = await add(otherId, 'Physics of others', 1);
  await FreshnessModel.create({
    courseId: elsewhere,
    source: 'moodle',
    failedBecause: 'Moodle did not answer in time.',
  });

  const ask = async (query: string) => (await admin('GET', `/admin/courses?${query}`)).body as AdminCourses;
  const titles = ({ courses }: AdminCourses) => courses.map(({ title }) => title);
  const first = await ask('search=physics');
  expect(first).toMatchObject({ total: 24, perPage: 20 });
  expect(titles(first)).toEqual(Array.from({ length: 20 }, (_, at) => `Physics (${at + 1}.*)`));
  expect(titles(await ask('search=physics&page=1'))).toEqual(
    Array.from({ length: 4 }, (_, at) => `Physics (${at + 21}.*)`),
  );
  expect(titles(await ask('search=phy7'))).toEqual(['Physics (7.*)']);
  // What means something in a pattern is looked for as it stands.
  expect(titles(await ask(`search=${encodeURIComponent('(3.*)')}`))).toEqual(['Physics (3.*)']);
  expect(titles(await ask('only=troubled'))).toEqual(['EDU101 Learning and Teaching', 'Chemistry']);
  expect(((await admin('GET', '/admin/overview')).body as AdminOverview).courses).toEqual({ opened: 26, troubled: 2 });
  expect((await ask('search=chemistry')).courses[0]?.sources).toMatchObject([
    { source: 'file', isAccessHidden: false },
    { source: 'moodle', isAccessHidden: true, failedBecause: 'Moodle did not answer in time.' },
  ]);
  const refused = await admin('GET', '/admin/courses?page=-1');
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toContain('page');
  await CourseModel.deleteMany({ firstLaunchedAt: new Date(0) });
});

test('an administrator sees when scheduled work was last done, and that nobody does it', async () => {
  const jobs = mongoose.connection.collection('jobs');
  const read = async () => ((await admin('GET', '/admin/overview')).body as AdminOverview).jobs;
  expect(await read()).toEqual([]);
  const agenda = {
    create: (name: string) => ({ repeatEvery: () => ({ toJson: () => ({ name, nextRunAt: new Date() }) }) }),
  };
  await scheduleEvery(agenda as never, '24 hours', 'once-a-day');
  expect(await read()).toEqual([{ name: 'once-a-day', isLate: false }]);
  const lastDoneAt = Date.now() - 86_400_000;
  await jobs.updateMany(
    {},
    { $set: { lastFinishedAt: new Date(lastDoneAt), nextRunAt: new Date(Date.now() - 3_600_000) } },
  );
  expect(await read()).toEqual([{ name: 'once-a-day', lastDoneAt, isLate: true }]);
  await jobs.deleteMany({});
});

test('an administrator sees how many encrypted texts can’t be read, once all were gone through', async () => {
  const read = async () => ((await admin('GET', '/admin/overview')).body as AdminOverview).sealedTexts;
  const goals = mongoose.connection.collection('goals');
  expect(await read()).toBeUndefined();
  const vaultOf = (id: string) => createVault([{ id, secret: Buffer.alloc(32, id) }]);
  const check = async () => {
    await resealEverything(vaultOf('new'));
    return (await read())!;
  };
  const { unopened, checkedAt } = await check();
  expect(checkedAt).toBeGreaterThan(0);
  const _id = new mongoose.Types.ObjectId();
  const sealedText = vaultOf('lost').seal('Gone', `goal:${_id.toHexString()}:text`);
  await goals.insertOne({ _id, sealedText, courseId: 1, personId: 1 });
  expect((await check()).unopened).toBe(unopened + 1);
  await goals.deleteOne({ _id });
});
