import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectDatabase } from '../../../../server/database/connect.ts';
import { FeedModel } from '../../../../server/database/models/feed.ts';
import { RawEventModel } from '../../../../server/database/models/raw-event.ts';
import { StudentRecordModel } from '../../../../server/database/models/student-record.ts';
import { useDatabase } from '../../../support/database.ts';
import { aStatement, feedSite, startFeed } from '../../../support/feed-app.ts';

const database = useDatabase();
let connection: Awaited<ReturnType<typeof connectDatabase>>;
let world: Awaited<ReturnType<typeof startFeed>>;
beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
afterAll(() => connection.close());
beforeEach(async () => {
  world = await startFeed();
});

const voiding = (target: string, change: Record<string, unknown> = {}) => ({
  actor: { mbox: 'mailto:records@example.invalid' },
  verb: { id: 'http://adlnet.gov/expapi/verbs/voided' },
  object: { objectType: 'StatementRef', id: target },
  timestamp: '2026-11-21T10:00:00Z',
  ...change,
});
const rawOf = (id: string) => RawEventModel.findById(`${world.platformId}:${id}`).lean();

describe('a statement that voids another', () => {
  it('takes it out of the figures and leaves its id alone', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    await world.send([aStatement({ id: first }), aStatement({ id: second, timestamp: '2026-11-20T11:00:00Z' })]);
    expect((await world.send(voiding(first.toUpperCase()))).status).toBe(200);
    expect(await world.counted()).toBe(1);
    expect((await world.rollUps())[0]?.objects).toEqual(['3']);
    const raw = await rawOf(first);
    expect(raw?.isVoided).toBe(true);
    expect([raw?.kind, raw?.objectId]).toEqual([undefined, undefined]);
    // Sent again, the one changes nothing and the other does not bring it back.
    await world.send(voiding(first));
    expect((await world.send(aStatement({ id: first }))).status).toBe(200);
    expect((await world.send(aStatement({ id: first, timestamp: '2026-11-19T11:00:00Z' }))).status).toBe(409);
    expect(await world.counted()).toBe(1);
    const keeper = { account: { homePage: 'https://records.example', name: 'keeper' } };
    expect((await world.send(voiding(second, { actor: keeper }))).status).toBe(200);
    expect((await world.rollUps())[0]).toMatchObject({ days: [], objects: [] });
  });

  it('may come before it, or in the same batch, in any order', async () => {
    const [early, before, after] = [randomUUID(), randomUUID(), randomUUID()];
    await world.send(voiding(early));
    expect((await world.send(aStatement({ id: early }))).status).toBe(200);
    await world.send([voiding(before), aStatement({ id: before })]);
    await world.send([aStatement({ id: after, timestamp: '2026-11-20T11:00:00Z' }), voiding(after)]);
    expect(await world.counted()).toBe(0);
  });

  it('is counted where the event is held no more, which then stays in its week', async () => {
    const id = randomUUID();
    await world.send(aStatement({ id }));
    await RawEventModel.deleteMany({ expiresAt: { $gt: new Date() } });
    expect((await world.send(voiding(id))).status).toBe(200);
    expect(await world.counted()).toBe(1);
    await world.intake.stop();
    const feed = await FeedModel.findById(world.feed.feedId).lean();
    expect(feed?.dropped).toEqual({ 'voids-nothing-held': 1 });
  });

  it('counts nothing however the two race', async () => {
    const ids = Array.from({ length: 30 }, () => randomUUID());
    await Promise.all(
      ids.flatMap((id, index) => {
        const both = [() => world.send(aStatement({ id })), () => world.send(voiding(id))];
        return (index % 2 ? both : both.reverse()).map(async (send) => expect((await send()).status).toBe(200));
      }),
    );
    expect(await world.counted()).toBe(0);
  });

  it('works by the id that was given back where the sender chose none', async () => {
    const { body } = await world.send(aStatement());
    await world.send(voiding((body as string[])[0]!));
    await world.send(aStatement());
    expect(await world.counted()).toBe(0);
  });

  it('takes attendance back to what another statement says of the session', async () => {
    const attended = (id: string, completion: boolean) =>
      aStatement({
        id,
        verb: { id: 'http://adlnet.gov/expapi/verbs/attended' },
        object: { id: 'http://attendance.example/l1' },
        result: { completion },
      });
    const [first, second] = [randomUUID(), randomUUID()];
    await world.send(attended(first, true));
    await world.send(attended(second, false));
    const sessions = async () =>
      (await StudentRecordModel.findOne({ courseId: world.courseId }).lean())?.sessions?.map(
        ({ wasAttended }) => wasAttended,
      );
    expect(await sessions()).toEqual([false]);
    await world.send(voiding(second));
    expect(await sessions()).toEqual([true]);
    await world.send(voiding(first));
    expect(await sessions()).toEqual([]);
  });

  it('reaches activity that waits for its person', async () => {
    const id = randomUUID();
    await world.send(aStatement({ id, actor: { account: { homePage: feedSite, name: '900' } } }));
    await world.send(voiding(id));
    await world.appears('900');
    expect(await world.counted()).toBe(0);
  });

  it('does not reach another platform, nor a voiding', async () => {
    const [id, first] = [randomUUID(), randomUUID()];
    await world.send(aStatement({ id }));
    const elsewhere = await startFeed();
    await elsewhere.send(voiding(id));
    expect(await world.counted()).toBe(1);
    await world.send(voiding(id, { id: first }));
    await world.send(voiding(first));
    expect(await world.counted()).toBe(0);
    expect((await rawOf(first))?.isVoided).toBeUndefined();
  });
});

describe('statements with attachments', () => {
  const file = Buffer.from('%PDF-1.7 something that Waymark does not keep');
  const sha2 = createHash('sha256').update(file).digest('hex');
  const attachment = {
    usageType: 'http://adlnet.gov/expapi/attachments/certificate',
    display: { en: 'Certificate' },
    contentType: 'application/pdf',
    length: file.length,
    sha2,
  };
  const mixed = (
    statements: unknown,
    { hash = sha2, content = file, encoding = 'binary', end = '--frontier--' } = {},
  ) =>
    Buffer.concat([
      Buffer.from(
        [
          '--frontier',
          'Content-Type: application/json',
          '',
          JSON.stringify(statements),
          '--frontier',
          'Content-Type: application/pdf',
          `Content-Transfer-Encoding: ${encoding}`,
          `X-Experience-API-Hash: ${hash}`,
          '',
          '',
        ].join('\r\n'),
      ),
      content,
      Buffer.from(`\r\n${end}\r\n`),
    ]);
  const type = 'multipart/mixed; boundary="frontier"';

  it('are taken in, and what is attached is not kept', async () => {
    const response = await world.post(type).send(mixed([aStatement({ attachments: [attachment] })]));
    expect(response.status).toBe(200);
    expect(await world.counted()).toBe(1);
    const kept = JSON.stringify(await RawEventModel.find({ courseId: world.courseId }).lean());
    expect(kept).not.toContain(sha2);
    const linked = { ...attachment, fileUrl: 'https://files.example/certificate.pdf' };
    const later = aStatement({ timestamp: '2026-11-20T11:00:00Z', attachments: [linked] });
    expect((await world.send(later)).status).toBe(200);
    expect(await world.counted()).toBe(2);
  });

  it.each([
    ['no boundary', 'multipart/mixed', mixed(aStatement({ attachments: [attachment] })), /boundary/],
    ['a hash of something else', type, mixed(aStatement(), { content: Buffer.from('other') }), /not what its/],
    ['a hash that is none', type, mixed(aStatement(), { hash: 'abc' }), /SHA-2/],
    ['another encoding', type, mixed(aStatement(), { encoding: 'base64' }), /binary/],
    ['a body that breaks off', type, mixed(aStatement(), { end: '' }), /break off/],
    ['an attachment that nobody names', type, mixed(aStatement()), /no statement names/],
    ['statements that are no JSON', type, mixed(undefined), /not JSON/],
    ['one that was not sent', 'application/json', aStatement({ attachments: [attachment] }), /neither sent nor/],
    ['one without a type', type, mixed(aStatement({ attachments: [{ ...attachment, usageType: 7 }] })), /usageType/],
    ['another kind of body', 'text/plain', 'hello', /application\/json/],
  ])('are refused with %s, and nothing is stored', async (_name, contentType, body, words) => {
    const response = await world.post(contentType).send(body);
    expect(response.status).toBe(400);
    expect((response.body as { error: { message: string } }).error.message).toMatch(words);
    expect(await RawEventModel.countDocuments({ courseId: world.courseId })).toBe(0);
  });
});
