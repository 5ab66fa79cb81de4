import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { RollUpModel } from '../../../server/database/models/roll-up.ts';
import { storeActivities } from '../../../server/database/store-activities.ts';
import { NotFound } from '../../../server/errors.ts';
import { importFile, takeBackImport } from '../../../server/ingest/import-file.ts';
import { rebuildCourse } from '../../../server/ingest/rebuild-course.ts';
import { useDatabase } from '../../support/database.ts';
import { aStatement, feedSite, startFeed } from '../../support/feed-app.ts';

const database = useDatabase();
const keptDays = 90;
let connection: Awaited<ReturnType<typeof connectDatabase>>;
let world: Awaited<ReturnType<typeof startFeed>>;
beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
afterAll(() => connection.close());
beforeEach(async () => {
  world = await startFeed({ keptDays });
});

const rebuild = () => rebuildCourse(world.courseId, { now: world.clock.now, keptDays });
/** The figures, without empty weeks and without what only writers use. */
const figures = async () =>
  (await world.rollUps()).flatMap(({ personId, week, days, objects }) =>
    days.length + objects.length === 0 ? [] : [{ personId: String(personId), week, days, objects }],
  );

/** Events, late and repeated ones, a voided one, somebody who appeared later, a file that was corrected, one taken back. */
async function fill() {
  const gone = randomUUID();
  await world.send([
    aStatement(),
    aStatement({ id: gone, timestamp: '2026-11-20T12:00:00Z' }),
    aStatement({ timestamp: '2026-11-21T09:00:00Z', object: { id: `${feedSite}/mod/forum/view.php?id=9` } }),
    aStatement({ actor: { account: { homePage: feedSite, name: '4' } }, timestamp: '2026-09-30T10:00:00Z' }),
    aStatement({ actor: { account: { homePage: feedSite, name: '900' } } }),
  ]);
  await world.send([aStatement(), aStatement({ timestamp: '2026-10-01T10:00:00Z' })]);
  await world.send({
    actor: { mbox: 'mailto:records@example.invalid' },
    verb: { id: 'http://adlnet.gov/expapi/verbs/voided' },
    object: { objectType: 'StatementRef', id: gone },
  });
  await world.appears('900');
  const bring = (rows: string) =>
    importFile(
      {
        courseId: world.courseId,
        kind: 'attendance',
        fileName: 'register.csv',
        bytes: Buffer.from(`Email,Date,Session,Status\n${rows}`),
      },
      { now: world.now, keptDays },
    );
  await bring(
    'person3@example.invalid,20/11/2026 10:00,A,Present\nperson4@example.invalid,20/11/2026 10:00,A,Absent\n',
  );
  await bring(
    'person3@example.invalid,20/11/2026 10:00,A,Absent\nperson4@example.invalid,20/11/2026 10:00,A,Present\n',
  );
  const { importId } = await bring('person4@example.invalid,19/11/2026 10:00,B,Present\n');
  await takeBackImport(world.courseId, importId, world.clock.now);
}

describe('rebuilding a course from the events that are kept', () => {
  it('changes nothing where everything is right', async () => {
    await fill();
    const before = await world.rollUps();
    expect(await rebuild()).toEqual({ students: 3, changed: 0 });
    expect(await world.rollUps()).toEqual(before);
  });

  it('gives the same figures where roll-ups were lost or damaged', async () => {
    await fill();
    const before = await figures();
    expect(before.length).toBeGreaterThanOrEqual(4);
    await RollUpModel.deleteMany({ courseId: world.courseId, week: '2026-W47' });
    const wrong = [{ day: '2026-09-30', source: 'xapi', counts: { view: 50 } }];
    await RollUpModel.updateMany({ courseId: world.courseId }, { $set: { days: wrong, objects: ['x'] } });
    expect((await rebuild()).changed).toBeGreaterThan(0);
    expect(await figures()).toEqual(before);
    // Senders that try again find everything counted.
    await world.send([aStatement(), aStatement({ timestamp: '2026-10-01T10:00:00Z' })]);
    expect(await figures()).toEqual(before);
    expect((await rebuild()).changed).toBe(0);
  });

  it('keeps what the platform’s services told of, and weeks whose events are gone', async () => {
    const personId = world.people.get('3')!;
    const own = { courseId: world.courseId, personId, timeZone: 'Europe/London' };
    await storeActivities([
      {
        ...own,
        activities: [
          { eventId: 'moodle:1', kind: 'submission', at: Date.parse('2026-11-20T10:00:00Z'), source: 'moodle' },
          { eventId: 'xapi:old', kind: 'view', at: Date.parse('2026-08-20T10:00:00Z'), source: 'xapi' },
        ],
      },
    ]);
    await fill();
    const before = await figures();
    expect((await rebuild()).changed).toBe(0);
    expect(await figures()).toEqual(before);
  });

  it('loses nothing and counts nothing twice while events go on coming', async () => {
    const statements = Array.from({ length: 60 }, (_, index) =>
      aStatement({ timestamp: new Date(Date.parse('2026-11-16T08:00:00Z') + index * 60_000).toISOString() }),
    );
    let isSending = true;
    const sending = (async () => {
      for (let start = 0; start < statements.length; start += 3) await world.send(statements.slice(start, start + 3));
      isSending = false;
    })();
    while (isSending) await rebuild();
    await sending;
    await world.send(statements);
    await rebuild();
    expect(await world.counted()).toBe(60);
  });

  it('knows no other course', async () => {
    await expect(rebuildCourse('5f0000000000000000000000', { now: new Date(), keptDays })).rejects.toThrow(NotFound);
  });
});
