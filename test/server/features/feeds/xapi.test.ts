import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import express from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectDatabase } from '../../../../server/database/connect.ts';
import { createFeed, FeedModel } from '../../../../server/database/models/feed.ts';
import { FreshnessModel } from '../../../../server/database/models/freshness.ts';
import { RawEventModel } from '../../../../server/database/models/raw-event.ts';
import { RollUpModel } from '../../../../server/database/models/roll-up.ts';
import { StudentRecordModel } from '../../../../server/database/models/student-record.ts';
import { createFeedsRouter } from '../../../../server/features/feeds/router.ts';
import { handleErrors } from '../../../../server/http/error-handler.ts';
import { createIntake } from '../../../../server/ingest/intake.ts';
import { hashEmail } from '../../../../server/sources/source-event.ts';
import { useDatabase } from '../../../support/database.ts';
import { seedCourse, type SeededCourse } from '../../../support/seeded-course.ts';

const database = useDatabase();
let connection: Awaited<ReturnType<typeof connectDatabase>>;
beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
afterAll(() => connection.close());

const now = () => new Date('2026-11-23T12:00:00Z');
const site = 'http://127.0.0.1:8080';
const live = JSON.parse(readFileSync('test/samples/xapi/live-batch.json', 'utf8')) as Record<string, unknown>[];
const course = gunzipSync(readFileSync('test/samples/xapi/course-EDU101-statements.ndjson.gz'))
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Record<string, unknown>);

let seeded: SeededCourse;
let feed: Awaited<ReturnType<typeof createFeed>>;
let intake = createIntake({ now, keptDays: 90, mergeEveryMs: 0 });
let app: express.Express;

beforeEach(async () => {
  // Feeds and courses of earlier tests stay: each test has a platform of its own.
  await Promise.all([RawEventModel.deleteMany({}), RollUpModel.deleteMany({}), StudentRecordModel.deleteMany({})]);
  seeded = await seedCourse({
    students: Array.from({ length: 40 }, (_, index) => String(index + 3)),
    staff: ['43', '44'],
  });
  feed = await createFeed({ platformId: seeded.platformId, kind: 'xapi', name: 'logstore' }, now());
  intake = createIntake({ now, keptDays: 90, mergeEveryMs: 0 });
  app = express();
  app.use(createFeedsRouter({ intake, now }));
  app.use(handleErrors(pino({ level: 'silent' })));
});

function send(body: unknown, { key = feed.key, secret = feed.secret } = {}) {
  return request(app)
    .post('/xapi/statements')
    .auth(key, secret)
    .set('X-Experience-API-Version', '1.0.3')
    .send(body as object);
}

async function counted(): Promise<number> {
  const rollUps = await RollUpModel.find({}).lean();
  return rollUps.flatMap(({ days }) => days.flatMap(({ counts }) => Object.values(counts))).reduce((a, b) => a + b, 0);
}

function statement(change: Record<string, unknown> = {}) {
  return {
    actor: { account: { homePage: site, name: '3' } },
    verb: { id: 'http://id.tincanapi.com/verb/viewed' },
    object: { id: `${site}/mod/page/view.php?id=3` },
    context: { contextActivities: { grouping: [{ id: `${site}/course/view.php?id=2` }] } },
    timestamp: '2026-11-20T10:00:00Z',
    ...change,
  };
}

describe('statements of Moodle', () => {
  it('takes a real batch in, answers 200 with an id for each, and counts a batch that is sent again once', async () => {
    const first = await send(live);
    expect(first.status).toBe(200);
    expect(first.body).toHaveLength(live.length);
    const total = await counted();
    expect(total).toBeGreaterThan(0);
    const again = await send(live);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(await counted()).toBe(total);
  });

  it('counts every student activity of a whole course, from several senders at once, in the week in which it happened', async () => {
    const shuffled = [...course].sort((a, b) => JSON.stringify(a.verb).localeCompare(JSON.stringify(b.verb)));
    const batches = Array.from({ length: Math.ceil(shuffled.length / 300) }, (_, i) =>
      shuffled.slice(i * 300, i * 300 + 300),
    );
    // Two senders, and every batch twice.
    const sendAll = async () => {
      for (const batch of batches) expect((await send(batch)).status).toBe(200);
    };
    await Promise.all([sendAll(), sendAll()]);
    const rollUps = await RollUpModel.find({ courseId: seeded.courseId }).lean();
    expect(new Set(rollUps.map(({ week }) => week)).size).toBeGreaterThanOrEqual(10);
    // Staff have views too, and none of them is kept.
    const bySub = new Map([...seeded.people].map(([sub, id]) => [id, sub]));
    expect(rollUps.every(({ personId }) => Number(bySub.get(String(personId))) < 43)).toBe(true);
    expect(await counted()).toBe(await RawEventModel.countDocuments({ kind: { $exists: true } }));
    await intake.flush();
    const stored = await FeedModel.findById(feed.feedId).lean();
    expect(stored?.received).toBe(course.length * 2);
    expect(stored?.dropped['verb-not-of-interest']).toBeGreaterThan(0);
    const freshness = await FreshnessModel.findOne({ courseId: seeded.courseId, source: 'xapi' }).lean();
    expect(freshness).toMatchObject({ speaksOf: ['presence'], okAt: now() });
    // Every statement that names the course is counted with it, and is in a figure or has its reason.
    const { read, stored: inFigures, dropped } = freshness!.counts;
    // The log of this course has one thing four times within a second, which counts once.
    expect(inFigures).toBe(((await counted()) + 3) * 2);
    expect(dropped['not-a-student']).toBeGreaterThan(0);
    expect(read).toBe(Object.values(dropped).reduce((sum, count) => sum + count, inFigures));
  });

  it('takes a time without an offset for UTC, wherever it runs, and a day that there is not for none', async () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'America/New_York';
    try {
      expect((await send(statement({ timestamp: '2026-11-20T03:00:00' }))).status).toBe(200);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
    expect((await RawEventModel.findOne({}).lean())?.at).toEqual(new Date('2026-11-20T03:00:00Z'));
    const impossible = await send(statement({ timestamp: '2026-02-31T10:00:00Z' }));
    expect(impossible.status).toBe(400);
    expect((impossible.body as { error: { message: string } }).error.message).toMatch(/timestamp must be an ISO 8601/);
  });

  const concept = 'https://w3id.org/xapi';
  const profile = 'https://xapi.edlm/profiles/edlm-lms/concepts';
  it.each([
    ['a lesson begun', 'http://activitystrea.ms/start', `${profile}/activity-types/lesson`, 'view'],
    ['a lesson begun again', `${profile}/verbs/restarted`, `${profile}/activity-types/lesson`, 'view'],
    ['a questionnaire gone on with', `${concept}/tla/verbs/resumed`, `${profile}/activity-types/questionnaire`, 'view'],
    ['a questionnaire left for later', `${concept}/tla/verbs/suspended`, `${profile}/activity-types/x`, 'view'],
    [
      'an enrolment that staff put on hold',
      `${concept}/tla/verbs/suspended`,
      `${concept}/activitytype/course`,
      undefined,
    ],
    [
      'an online class',
      'http://activitystrea.ms/schema/1.0/join',
      `${profile}/activity-types/virtual-classroom`,
      'view',
    ],
    ['a group joined by somebody’s hand', 'http://activitystrea.ms/join', `${profile}/activity-types/group`, undefined],
    [
      'a post put right',
      `${concept}/acrossx/verbs/edited`,
      'http://id.tincanapi.com/activitytype/forum-reply',
      'forum-post',
    ],
    ['a calendar entry put right', `${concept}/acrossx/verbs/edited`, `${profile}/activity-types/event`, undefined],
    [
      'a package failed',
      'http://adlnet.gov/expapi/verbs/failed',
      'http://adlnet.gov/expapi/activities/module',
      'completion',
    ],
  ])('knows what the log store says of %s', async (_name, verb, type, kind) => {
    const object = { id: `${site}/mod/x/view.php?id=3`, definition: { type } };
    expect((await send(statement({ verb: { id: verb }, object }))).status).toBe(200);
    expect((await RawEventModel.find({}).lean()).map((event) => event.kind)).toEqual(kind ? [kind] : []);
  });

  it('tells the sessions of one face-to-face activity apart by their day, and takes half of one for attended', async () => {
    const attended = (timestamp: string, completion = true) =>
      statement({
        verb: { id: 'http://adlnet.gov/expapi/verbs/attended' },
        object: { id: `${site}/mod/facetoface/view.php?id=9` },
        result: { completion },
        timestamp,
      });
    await send([
      attended('2026-11-13T10:00:00Z'),
      attended('2026-11-20T10:00:00Z', false),
      attended('2026-11-20T10:05:00Z'),
    ]);
    const record = await StudentRecordModel.findOne({ courseId: seeded.courseId }).lean();
    expect(record?.sessions?.map(({ wasAttended }) => wasAttended)).toEqual([true, true]);
  });

  it('keeps nobody waiting under a name that no roster could hold', async () => {
    const account = { homePage: site, name: 'x'.repeat(100_000) };
    expect((await send(statement({ actor: { account } }))).status).toBe(200);
    expect(await RawEventModel.countDocuments({})).toBe(0);
  });

  it('keeps no name and no text of a statement', async () => {
    await send(course.slice(0, 500));
    const kept = JSON.stringify(await RawEventModel.find({}).lean());
    const names = new Set(course.slice(0, 500).map(({ actor }) => (actor as { name: string }).name));
    for (const name of names) expect(kept).not.toContain(name);
  });

  it('lets activity of somebody who is in no roster wait, without a roll-up', async () => {
    const response = await send(statement({ actor: { account: { homePage: site, name: '9001' } } }));
    expect(response.status).toBe(200);
    expect(await RollUpModel.countDocuments({})).toBe(0);
    expect(await RawEventModel.findOne({}).lean()).toMatchObject({ waitsFor: 'sub:9001', kind: 'view' });
  });

  it('stores nothing of a course in which Waymark was never launched', async () => {
    const elsewhere = { contextActivities: { grouping: [{ id: `${site}/course/view.php?id=99` }] } };
    expect((await send(statement({ context: elsewhere }))).status).toBe(200);
    expect(await RawEventModel.countDocuments({})).toBe(0);
  });

  it('finds a person by mailbox and by the hash of it', async () => {
    await send(statement({ actor: { mbox: 'mailto:Person4@example.invalid' } }));
    expect(await RollUpModel.countDocuments({ personId: seeded.people.get('4') })).toBe(1);
    await send(statement({ actor: { mbox_sha1sum: hashEmail('person5@example.invalid').toUpperCase() } }));
    expect(await RollUpModel.countDocuments({ personId: seeded.people.get('5') })).toBe(1);
  });
});

describe('ids', () => {
  const id = '6690e6c9-3ef0-4ed3-8b37-7f3964730bee';

  it('accepts a repeat quietly and refuses other content under the same id', async () => {
    expect((await send(statement({ id }))).body).toEqual([id]);
    expect((await send(statement({ id }))).status).toBe(200);
    const conflict = await send(statement({ id, timestamp: '2026-11-20T11:00:00Z' }));
    expect(conflict.status).toBe(409);
    expect(await counted()).toBe(1);
  });

  it('takes one statement by PUT and answers 204', async () => {
    const put = (statementId: string, body: object) =>
      request(app)
        .put('/xapi/statements')
        .query({ statementId })
        .set('Authorization', `Bearer ${feed.bearerToken}`)
        .set('X-Experience-API-Version', '1.0.3')
        .send(body);
    expect((await put(id, statement())).status).toBe(204);
    expect((await put(id, statement())).status).toBe(204);
    expect((await put(id, statement({ verb: { id: 'http://adlnet.gov/expapi/verbs/answered' } }))).status).toBe(409);
    expect((await put('not-an-id', statement())).status).toBe(400);
    expect(await counted()).toBe(1);
  });

  it('refuses a batch that names an id twice, and stores nothing of it', async () => {
    const response = await send([statement({ id }), statement({ id, timestamp: '2026-11-20T11:00:00Z' })]);
    expect(response.status).toBe(400);
    expect(await RawEventModel.countDocuments({})).toBe(0);
  });
});

describe('what is refused, with its own words and without a trace', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 'end' : { 'http://example.org/x': nested(depth - 1) });
  it.each([
    ['a time in the future', statement({ timestamp: '2027-01-01T00:00:00Z' }), 400, /future/],
    ['a time of 1970', statement({ timestamp: '1970-01-01T00:00:01Z' }), 400, /before the year 2000/],
    [
      'an account of another platform',
      statement({ actor: { account: { homePage: 'https://other.example', name: '3' } } }),
      403,
      /another platform/,
    ],
    ['no verb', { ...statement(), verb: undefined }, 400, /verb is missing/],
    [
      'two identifiers',
      statement({ actor: { mbox: 'mailto:a@b.example', openid: 'https://a.example' } }),
      400,
      /one identifier/,
    ],
    ['an unknown property', statement({ colour: 'blue' }), 400, /does not know/],
    ['deep nesting', statement({ context: { extensions: nested(60) } }), 400, /deep/],
    ['a second statement that is wrong', [statement(), statement({ timestamp: 'yesterday' })], 400, /Statement 2/],
  ])('%s', async (_name, body, status, words) => {
    const response = await send(body);
    expect(response.status).toBe(status);
    expect(response.body.error.message).toMatch(words);
    expect(await RawEventModel.countDocuments({})).toBe(0);
    expect(await RollUpModel.countDocuments({})).toBe(0);
  });

  it('a body that is too large, or not JSON', async () => {
    const large = Array.from({ length: 2000 }, () => statement({ context: { platform: 'x'.repeat(6000) } }));
    expect((await send(large)).status).toBe(413);
    const broken = await request(app)
      .post('/xapi/statements')
      .auth(feed.key, feed.secret)
      .set('X-Experience-API-Version', '1.0.3')
      .set('Content-Type', 'application/json')
      .send('[{"actor":');
    expect(broken.status).toBe(400);
  });

  it('wrong, forged and withdrawn credentials, all in the same words', async () => {
    const other = await createFeed({ platformId: seeded.platformId, kind: 'xapi', name: 'other' }, now());
    const answers = [
      await send(statement(), { key: 'nobody', secret: feed.secret }),
      await send(statement(), { secret: other.secret }),
      await request(app).post('/xapi/statements').set('X-Experience-API-Version', '1.0.3').send(statement()),
    ];
    await FeedModel.updateOne({ _id: feed.feedId }, { $set: { isActive: false } });
    answers.push(await send(statement()));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(new Set(answers.map(({ body }) => body.error.message)).size).toBe(1);
  });

  it('a request without the version header', async () => {
    const response = await request(app).post('/xapi/statements').auth(feed.key, feed.secret).send(statement());
    expect(response.status).toBe(400);
    expect(response.body.error.message).toMatch(/X-Experience-API-Version/);
  });
});

describe('the endpoint', () => {
  it('says which versions it speaks, to anybody', async () => {
    const response = await request(app).get('/xapi/about');
    expect(response.status).toBe(200);
    expect(response.body.version).toContain('1.0.3');
    expect(response.headers['x-experience-api-version']).toBe('1.0.3');
  });

  it('does not give statements back', async () => {
    const response = await request(app)
      .get('/xapi/statements')
      .auth(feed.key, feed.secret)
      .set('X-Experience-API-Version', '1.0.3');
    expect(response.status).toBe(405);
  });
});

describe("Jisc's profiles", () => {
  const attended = (completion: boolean, id = 'l1') =>
    statement({
      verb: { id: 'http://adlnet.gov/expapi/verbs/attended' },
      object: {
        id: `http://attendance.example/${id}`,
        definition: {
          type: 'http://xapi.jisc.ac.uk/lecture',
          extensions: { 'http://xapi.jisc.ac.uk/starttime': '2026-11-20T10:00:00.000Z' },
        },
      },
      result: { completion },
      context: {
        extensions: { 'http://xapi.jisc.ac.uk/courseArea': { 'http://xapi.jisc.ac.uk/vle_mod_id': 'EDU101' } },
      },
    });

  it('reads attendance and absence into the register; an absence is no activity', async () => {
    expect((await send([attended(true), attended(false, 'l2')])).status).toBe(200);
    const record = await StudentRecordModel.findOne({ personId: seeded.people.get('3') }).lean();
    expect(record?.sessions?.map(({ wasAttended }) => wasAttended)).toEqual([true, false]);
    expect(await counted()).toBe(1);
    await send([attended(true), attended(false, 'l2')]);
    const again = await StudentRecordModel.findOne({ personId: seeded.people.get('3') }).lean();
    expect(again?.sessions).toHaveLength(2);
  });

  it('reads a watched recording', async () => {
    const watched = statement({
      verb: { id: 'https://w3id.org/xapi/video/verbs/played' },
      object: { id: 'https://capture.example/v/7', definition: { name: { en: 'Week 3 lecture' } } },
    });
    expect((await send(watched)).status).toBe(200);
    const record = await StudentRecordModel.findOne({ personId: seeded.people.get('3') }).lean();
    expect(record?.watched).toEqual([
      { recordingId: 'https://capture.example/v/7', at: Date.parse('2026-11-20T10:00:00Z') },
    ]);
  });
});
