import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { CourseModel } from '../../../server/database/models/course.ts';
import { EnrolmentModel } from '../../../server/database/models/enrolment.ts';
import { PersonModel } from '../../../server/database/models/person.ts';
import { RawEventModel } from '../../../server/database/models/raw-event.ts';
import { RollUpModel } from '../../../server/database/models/roll-up.ts';
import { applyRetention } from '../../../server/database/retention.ts';
import { claimWaiting } from '../../../server/ingest/claim-waiting.ts';
import { createIntake } from '../../../server/ingest/intake.ts';
import { FeedModel } from '../../../server/database/models/feed.ts';
import { useDatabase } from '../../support/database.ts';
import { seedCourse } from '../../support/seeded-course.ts';
import { createFeed } from '../../../server/database/models/feed.ts';

const database = useDatabase();
let connection: Awaited<ReturnType<typeof connectDatabase>>;
beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
afterAll(() => connection.close());

/** Days ahead of the machine's own clock, so that the database's clock removes nothing meanwhile. */
const start = Date.now() + 1_000 * 86_400_000;
const clock = { now: new Date(start) };
const now = () => clock.now;
const onDay = (day: number) => (clock.now = new Date(start + day * 86_400_000));

async function twoEvents() {
  const seeded = await seedCourse({ students: ['3'] });
  const { feedId } = await createFeed({ platformId: seeded.platformId, kind: 'xapi', name: 'feed' }, now());
  const feed = (await FeedModel.findById(feedId).lean())!;
  const intake = createIntake({ now, keptDays: 60, unmatchedDays: 20, mergeEveryMs: 0 });
  const event = (sub: string) => {
    const at = now().getTime();
    const id = `${seeded.courseId}-${sub}`;
    return {
      id,
      at,
      person: { by: 'sub' as const, value: sub },
      course: { contextId: '2' },
      activity: { eventId: `xapi:${id}`, kind: 'view' as const, at, source: 'xapi' as const },
    };
  };
  await intake.receive(feed, [event('3'), event('900')]);
  await intake.stop();
  const courseId = seeded.courseId;
  const kept = async () => {
    await applyRetention({ now: now(), courseDays: 100_000 });
    return (await RawEventModel.find({ courseId }).lean()).map(({ waitsFor }) => waitsFor ?? 'known').sort();
  };
  return { ...seeded, kept };
}

it('raw events go after the pack’s period, those of nobody known after theirs, and what was counted stays', async () => {
  onDay(0);
  const { courseId, kept } = await twoEvents();
  onDay(19.9);
  expect(await kept()).toEqual(['known', 'sub:900']);
  onDay(20);
  expect(await kept()).toEqual(['known']);
  onDay(59.9);
  expect(await kept()).toEqual(['known']);
  onDay(60);
  expect(await kept()).toEqual([]);
  expect(await RollUpModel.countDocuments({ courseId })).toBe(1);
});

it('whoever appears in time is found, and their events are then kept like any other', async () => {
  onDay(0);
  const { courseId, platformId, kept } = await twoEvents();
  onDay(10);
  const person = await PersonModel.create({ platformId, sub: '900' });
  await EnrolmentModel.create({
    courseId,
    personId: person._id,
    role: 'student',
    roleFrom: 'roster',
    name: 'Late',
    sortName: 'late',
  });
  expect(await claimWaiting({ courseId, platformId, timeZone: 'Europe/London' })).toEqual({ claimed: 1 });
  onDay(59.9);
  expect(await kept()).toEqual(['known', 'known']);
  onDay(60);
  expect(await kept()).toEqual([]);
  expect(await RollUpModel.countDocuments({ courseId })).toBe(2);
});

it('a course goes whole after its period, with people who are nowhere else', async () => {
  const gone = await seedCourse({ students: ['3', '4'] });
  const stays = await seedCourse({ students: ['5'] });
  const shared = gone.people.get('4')!;
  await EnrolmentModel.create({
    courseId: stays.courseId,
    personId: shared,
    role: 'student',
    roleFrom: 'roster',
    name: 'Person 4',
    sortName: 'person 4',
  });
  await CourseModel.updateOne({ _id: gone.courseId }, { $set: { 'calendar.lastDay': '2020-01-31' } });
  const on = (day: string) => applyRetention({ now: new Date(`${day}T12:00:00Z`), courseDays: 10 });
  expect(await on('2020-02-10')).toMatchObject({ courses: 0 });
  expect(await on('2020-02-11')).toMatchObject({ courses: 1, people: 1 });
  expect(await EnrolmentModel.countDocuments({ courseId: gone.courseId })).toBe(0);
  expect(await PersonModel.countDocuments({ _id: shared })).toBe(1);
  expect(await CourseModel.countDocuments({ _id: stays.courseId })).toBe(1);
});
