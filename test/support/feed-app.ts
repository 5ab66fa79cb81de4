import express from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { createFeed, type FeedKind } from '../../server/database/models/feed.ts';
import { EnrolmentModel } from '../../server/database/models/enrolment.ts';
import { PersonModel } from '../../server/database/models/person.ts';
import { RollUpModel } from '../../server/database/models/roll-up.ts';
import { createFeedsRouter } from '../../server/features/feeds/router.ts';
import { handleErrors } from '../../server/http/error-handler.ts';
import { claimWaiting } from '../../server/ingest/claim-waiting.ts';
import { createIntake } from '../../server/ingest/intake.ts';
import { seedCourse } from './seeded-course.ts';

export const feedSite = 'http://127.0.0.1:8080';

/** A course whose clock can be moved, and one feed with its endpoint. What is sent is rolled up before the answer. */
export async function startFeed({
  students = ['3', '4'],
  kind = 'xapi',
  at = '2026-11-23T12:00:00Z',
  keptDays = 90,
}: {
  students?: readonly string[];
  kind?: FeedKind;
  at?: string;
  keptDays?: number;
} = {}) {
  const clock = { now: new Date(at) };
  const now = () => clock.now;
  const seeded = await seedCourse({ students });
  const feed = await createFeed({ platformId: seeded.platformId, kind, name: 'feed' }, now());
  const intake = createIntake({ now, keptDays, mergeEveryMs: 0 });
  const app = express();
  app.use(createFeedsRouter({ intake, now }));
  app.use(handleErrors(pino({ level: 'silent' })));
  const post = (type = 'application/json') =>
    request(app)
      .post('/xapi/statements')
      .set('Authorization', `Bearer ${feed.bearerToken}`)
      .set('X-Experience-API-Version', '1.0.3')
      .set('Content-Type', type);
  return {
    ...seeded,
    clock,
    now,
    feed,
    intake,
    app,
    post,
    send: (statements: unknown) => post().send(statements as object),
    rollUps: () =>
      RollUpModel.find({ courseId: seeded.courseId }).sort({ personId: 1, week: 1 }).batchSize(10_000).lean(),
    /** Somebody comes into the course late, and what was sent about them before is claimed. */
    async appears(sub: string): Promise<void> {
      const { courseId, platformId } = seeded;
      const { _id: personId } = await PersonModel.create({ platformId, sub });
      const known = { roleFrom: 'roster', name: 'Late', sortName: 'late' } as const;
      await EnrolmentModel.create({ courseId, personId, role: 'student', ...known });
      await claimWaiting({ courseId, platformId, timeZone: 'Europe/London' });
    },
    /** How many events the roll-ups of the course count. */
    async counted(): Promise<number> {
      const rollUps = await RollUpModel.find({ courseId: seeded.courseId }).lean();
      const counts = rollUps.flatMap(({ days }) => days.flatMap((day) => Object.values(day.counts)));
      return counts.reduce((a, b) => a + b, 0);
    },
  };
}

/** A page looked at by student 3, as Moodle's log store says it. */
export function aStatement(change: Record<string, unknown> = {}) {
  return {
    actor: { account: { homePage: feedSite, name: '3' } },
    verb: { id: 'http://id.tincanapi.com/verb/viewed' },
    object: { id: `${feedSite}/mod/page/view.php?id=3` },
    context: { contextActivities: { grouping: [{ id: `${feedSite}/course/view.php?id=2` }] } },
    timestamp: '2026-11-20T10:00:00Z',
    ...change,
  };
}
