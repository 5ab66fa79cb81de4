import express from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectDatabase } from '../../../../server/database/connect.ts';
import { createFeed, FeedModel } from '../../../../server/database/models/feed.ts';
import { RollUpModel } from '../../../../server/database/models/roll-up.ts';
import { createFeedsRouter } from '../../../../server/features/feeds/router.ts';
import { handleErrors } from '../../../../server/http/error-handler.ts';
import { createIntake } from '../../../../server/ingest/intake.ts';
import { useDatabase } from '../../../support/database.ts';
import { seedCourse, type SeededCourse } from '../../../support/seeded-course.ts';

const database = useDatabase();
const now = () => new Date('2026-11-23T12:00:00Z');
const site = 'http://127.0.0.1:8080';
let connection: Awaited<ReturnType<typeof connectDatabase>>;
let seeded: SeededCourse;
let feed: Awaited<ReturnType<typeof createFeed>>;
const intake = createIntake({ now, keptDays: 90, mergeEveryMs: 0 });
const app = express();
app.use(createFeedsRouter({ intake, now }));
app.use(handleErrors(pino({ level: 'silent' })));
beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
afterAll(() => connection.close());
beforeEach(async () => {
  seeded = await seedCourse({ students: ['3'] });
  feed = await createFeed({ platformId: seeded.platformId, kind: 'caliper', name: 'sensor' }, now());
});

const event = (change: Record<string, unknown> = {}) => ({
  '@context': 'http://purl.imsglobal.org/ctx/caliper/v1p2',
  id: 'urn:uuid:3a648e68-f00d-4c08-aa59-8738e1884f2c',
  type: 'NavigationEvent',
  actor: { id: `${site}/user/profile.php?id=3`, type: 'Person', name: 'Amina Ahmed' },
  action: 'NavigatedTo',
  object: { id: `${site}/mod/page/view.php?id=3`, type: 'WebPage' },
  group: { id: `${site}/course/view.php?id=2`, type: 'CourseOffering' },
  eventTime: '2026-11-20T10:00:00.000Z',
  ...change,
});
const send = (data: unknown[], authorization = feed.bearerToken) =>
  request(app).post('/caliper/events').set('Authorization', authorization).send({
    sensor: 'https://sensor.example',
    sendTime: '2026-11-20T10:00:01.000Z',
    dataVersion: 'http://purl.imsglobal.org/ctx/caliper/v1p2',
    data,
  });
const counts = async () => {
  const rollUps = await RollUpModel.find({ courseId: seeded.courseId }).lean();
  return rollUps.flatMap(({ days }) => days.map((day) => day.counts));
};

it('takes an envelope in, once, with the key as senders put it', async () => {
  const grade = event({ id: 'urn:uuid:g', type: 'GradeEvent', action: 'Graded' });
  const strange = event({ id: 'urn:uuid:s', type: 'DreamEvent', action: 'Dreamed' });
  expect((await send([event(), grade, strange])).status).toBe(200);
  expect((await send([event(), grade, strange], `Bearer ${feed.bearerToken}`)).status).toBe(200);
  expect(await counts()).toEqual([{ view: 1 }]);
  await intake.flush();
  expect((await FeedModel.findById(feed.feedId).lean())?.dropped).toMatchObject({
    'event-not-of-interest': 2,
    'event-unknown': 2,
  });
});

it('refuses what is not sound, of another platform, or under an id that was used, and stores nothing of it', async () => {
  await send([event()]);
  const answers = [
    await send([event({ id: 'urn:uuid:2' }), event({ id: 'urn:uuid:3', eventTime: 'yesterday' })]),
    await send([event({ id: 'urn:uuid:4', actor: 'https://other.example/user/3' })]),
    await send([event({ eventTime: '2026-11-20T11:00:00.000Z' })]),
    await send([event({ id: 'urn:uuid:5', eventTime: '2027-11-20T11:00:00.000Z' })]),
    await send([event()], 'not-a-key'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([400, 403, 409, 400, 401]);
  expect(await counts()).toEqual([{ view: 1 }]);
});

it('takes the same event for the same in whatever order its fields come, and one with an odd name as it is', async () => {
  const odd = event({ id: 'urn:uuid:odd', actor: `${site}/user/%zz` });
  expect((await send([event(), odd])).status).toBe(200);
  expect((await send([Object.fromEntries(Object.entries(event()).reverse())])).status).toBe(200);
  const long = (end: string) => event({ id: `${end}${'x'.repeat(200)}`, eventTime: `2026-11-20T10:0${end}:00.000Z` });
  expect((await send([long('1'), long('2')])).status).toBe(200);
  expect(await counts()).toEqual([{ view: 3 }]);
});

it.each([
  ['SessionEvent', 'LoggedIn', 'view'],
  ['SessionEvent', 'LoggedOut', 'event-not-of-interest'],
  ['NavigationEvent', 'NavigatedTo', 'view'],
  ['ViewEvent', 'Viewed', 'view'],
  ['ToolUseEvent', 'Used', 'view'],
  ['ResourceManagementEvent', 'Downloaded', 'view'],
  ['ResourceManagementEvent', 'Deleted', 'event-not-of-interest'],
  ['AssessmentEvent', 'Started', 'quiz-attempt'],
  ['AssessmentEvent', 'Paused', 'event-not-of-interest'],
  ['AssessmentEvent', 'Resumed', 'quiz-attempt'],
  ['AssessmentEvent', 'Submitted', 'submission'],
  ['AssessmentItemEvent', 'Completed', 'quiz-attempt'],
  ['AssessmentItemEvent', 'Skipped', 'event-not-of-interest'],
  ['AssignableEvent', 'Started', 'view'],
  ['AssignableEvent', 'Submitted', 'submission'],
  ['AssignableEvent', 'Completed', 'completion'],
  ['AssignableEvent', 'Activated', 'event-not-of-interest'],
  ['MediaEvent', 'Started', 'lecture-capture'],
  ['MediaEvent', 'Ended', 'lecture-capture'],
  ['MediaEvent', 'ChangedVolume', 'event-not-of-interest'],
  ['ForumEvent', 'Subscribed', 'view'],
  ['ThreadEvent', 'Created', 'forum-post'],
  ['ThreadEvent', 'MarkedAsRead', 'view'],
  ['MessageEvent', 'Posted', 'forum-post'],
  ['MessageEvent', 'MarkedAsRead', 'view'],
  ['GradeEvent', 'Graded', 'event-not-of-interest'],
  ['DreamEvent', 'Dreamed', 'event-unknown'],
])('%s %s counts as %s', async (type, action, outcome) => {
  expect((await send([event({ type, action })])).status).toBe(200);
  await intake.flush();
  const dropped = (await FeedModel.findById(feed.feedId).lean())?.dropped;
  expect(await counts()).toEqual(outcome.startsWith('event-') ? [] : [{ [outcome]: 1 }]);
  expect(dropped).toEqual(outcome.startsWith('event-') ? { [outcome]: 1 } : {});
});

it('a session that belongs to no course tells nothing of one', async () => {
  await send([event({ type: 'SessionEvent', action: 'LoggedIn', group: undefined, object: { id: site } })]);
  expect(await counts()).toEqual([]);
});
