import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectDatabase } from '../../../../server/database/connect.ts';
import { createFeed } from '../../../../server/database/models/feed.ts';
import { PlatformModel } from '../../../../server/database/models/platform.ts';
import { RawEventModel } from '../../../../server/database/models/raw-event.ts';
import { RollUpModel } from '../../../../server/database/models/roll-up.ts';
import { StudentRecordModel } from '../../../../server/database/models/student-record.ts';
import { useDatabase } from '../../../support/database.ts';
import { aStatement, feedSite, startFeed } from '../../../support/feed-app.ts';

const database = useDatabase();
let connection: Awaited<ReturnType<typeof connectDatabase>>;
let world: Awaited<ReturnType<typeof startFeed>>;
let sensor: Awaited<ReturnType<typeof createFeed>>;
/** A feed of another platform, which has its own site and its own people. */
let stranger: Awaited<ReturnType<typeof createFeed>>;
const id = randomUUID();
const caliperId = 'urn:uuid:3a648e68-f00d-4c08-aa59-8738e1884f2c';

const anEvent = (change: Record<string, unknown> = {}) => ({
  id: caliperId,
  type: 'NavigationEvent',
  actor: { id: `${feedSite}/user/profile.php?id=3`, type: 'Person' },
  action: 'NavigatedTo',
  object: { id: `${feedSite}/mod/page/view.php?id=3`, type: 'WebPage' },
  group: { id: `${feedSite}/course/view.php?id=2`, type: 'CourseOffering' },
  eventTime: '2026-11-20T10:00:00.000Z',
  ...change,
});
const envelope = (...data: unknown[]) => ({
  sensor: 'https://sensor.example',
  sendTime: '2026-11-20T10:00:01.000Z',
  dataVersion: 'http://purl.imsglobal.org/ctx/caliper/v1p2',
  data,
});
const nested = (depth: number): unknown => (depth === 0 ? 'end' : { 'http://example.org/x': nested(depth - 1) });

beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
afterAll(() => connection.close());
beforeEach(async () => {
  await Promise.all([RawEventModel.deleteMany({}), RollUpModel.deleteMany({}), StudentRecordModel.deleteMany({})]);
  world = await startFeed();
  sensor = await createFeed({ platformId: world.platformId, kind: 'caliper', name: 'sensor' }, world.now());
  const elsewhere = await startFeed();
  await PlatformModel.updateOne({ _id: elsewhere.platformId }, { $set: { issuer: 'https://elsewhere.example' } });
  stranger = elsewhere.feed;
  await world.send(aStatement({ id }));
  await caliper(envelope(anEvent()));
});

const xapi = (body: unknown, token = world.feed.bearerToken) =>
  request(world.app)
    .post('/xapi/statements')
    .set('Authorization', `Bearer ${token}`)
    .set('X-Experience-API-Version', '1.0.3')
    .send(body as object);
const caliper = (body: unknown, token = sensor.bearerToken) =>
  request(world.app)
    .post('/caliper/events')
    .set('Authorization', token)
    .send(body as object);
async function everything() {
  const [raw, rollUps, records] = await Promise.all([
    RawEventModel.find({}).sort({ _id: 1 }).lean(),
    RollUpModel.find({}).sort({ _id: 1 }).lean(),
    StudentRecordModel.find({}).sort({ _id: 1 }).lean(),
  ]);
  return JSON.stringify({ raw, rollUps, records });
}

/** A good one before it: all or nothing. */
const both = (bad: Record<string, unknown>) => [aStatement({ timestamp: '2026-11-19T10:00:00Z' }), aStatement(bad)];
const bothEvents = (bad: Record<string, unknown>) =>
  envelope(anEvent({ id: 'urn:uuid:good' }), anEvent({ id: 'urn:uuid:bad', ...bad }));
const big = 'x'.repeat(6000);

describe('what is refused has words of its own and leaves the data as it was', () => {
  it.each<[string, () => Promise<request.Response>, number, RegExp]>([
    ['a forged key', () => xapi(aStatement(), 'forged.key'), 401, /not known here/],
    ['a forged key of a sensor', () => caliper(envelope(anEvent()), 'forged.key'), 401, /not known here/],
    ['a sensor’s key at the other endpoint', () => xapi(aStatement(), sensor.bearerToken), 401, /not known here/],
    ['a feed’s key at the sensors’ endpoint', () => caliper(envelope(), world.feed.bearerToken), 401, /not known here/],
    [
      'another platform’s key',
      () => xapi(aStatement({ timestamp: '2026-11-18T10:00:00Z' }), stranger.bearerToken),
      403,
      /account of another platform/,
    ],
    [
      'a person of another platform',
      () => xapi(both({ actor: { account: { homePage: 'https://elsewhere.example', name: '3' } } })),
      403,
      /Statement 2 is about an account of another platform/,
    ],
    [
      'a person of another platform, from a sensor',
      () => caliper(bothEvents({ actor: 'https://elsewhere.example/user/profile.php?id=3' })),
      403,
      /Event 2 is about an account of another platform/,
    ],
    ['a time to come', () => xapi(both({ timestamp: '2026-11-23T13:00:01Z' })), 400, /future/],
    [
      'a time to come, from a sensor',
      () => caliper(bothEvents({ eventTime: '2027-01-01T00:00:00.000Z' })),
      400,
      /future/,
    ],
    ['a time of 1970', () => xapi(both({ timestamp: '1970-01-01T00:00:00Z' })), 400, /before the year 2000/],
    [
      'a time of 1970, from a sensor',
      () => caliper(bothEvents({ eventTime: '1970-01-01T00:00:00.000Z' })),
      400,
      /before the year 2000/,
    ],
    [
      'ten megabytes',
      () => xapi(Array.from({ length: 1_800 }, () => aStatement({ context: { platform: big } }))),
      413,
      /larger than Waymark accepts/,
    ],
    [
      'ten megabytes from a sensor',
      () => caliper(envelope(...Array.from({ length: 1_800 }, () => anEvent({ extensions: { big } })))),
      413,
      /larger than Waymark accepts/,
    ],
    ['too many statements', () => xapi(Array.from({ length: 2_001 }, () => ({}))), 400, /smaller batches/],
    ['deep nesting', () => xapi(both({ context: { extensions: nested(60) } })), 400, /nests too deeply/],
    ['very deep nesting', () => xapi(both({ context: { extensions: nested(2_000) } })), 400, /nests too deeply/],
    ['deep nesting from a sensor', () => caliper(bothEvents({ extensions: nested(60) })), 400, /nests too deeply/],
    ['a used id with other content', () => xapi(both({ id, timestamp: '2026-11-18T10:00:00Z' })), 409, /other content/],
    [
      'a used id with other content, from a sensor',
      () => caliper(bothEvents({ id: caliperId, eventTime: '2026-11-18T10:00:00.000Z' })),
      409,
      /other content/,
    ],
    [
      'one id twice in an envelope',
      () =>
        caliper(
          envelope(anEvent({ id: 'urn:uuid:n' }), anEvent({ id: 'urn:uuid:n', eventTime: '2026-11-18T10:00:00.000Z' })),
        ),
      409,
      /other content/,
    ],
    ['an envelope of another version', () => caliper({ ...envelope(), dataVersion: 'v0' }), 400, /needs another look/],
    ['an event without an actor', () => caliper(bothEvents({ actor: undefined })), 400, /Event 2 is not sound/],
  ])('%s', async (_name, send, status, words) => {
    const before = await everything();
    const response = await send();
    expect(response.status).toBe(status);
    expect((response.body as { error: { message: string } }).error.message).toMatch(words);
    expect(await everything()).toBe(before);
  });

  it('another platform’s key can’t reach people by their mailbox either', async () => {
    const before = await everything();
    const statement = aStatement({ actor: { mbox: 'mailto:person3@example.invalid' } });
    expect((await xapi(statement, stranger.bearerToken)).status).toBe(200);
    expect(await everything()).toBe(before);
  });
});
