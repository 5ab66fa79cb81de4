import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { FlagModel } from '../../../server/database/models/flag.ts';
import { CourseStateModel } from '../../../server/database/models/course-state.ts';
import { FreshnessModel } from '../../../server/database/models/freshness.ts';
import { SnapshotModel } from '../../../server/database/models/snapshot.ts';
import { defaultRuleset } from '../../../server/domain/rules.ts';
import { sayNotice } from '../../../server/features/flags/notice-words.ts';
import { loadPolicyPack } from '../../../server/policy/load-pack.ts';
import { recomputeCourse } from '../../../server/refresh/recompute-course.ts';
import { useDatabase } from '../../support/database.ts';
import { aStatement, feedSite, startFeed } from '../../support/feed-app.ts';

const database = useDatabase();
let connection: Awaited<ReturnType<typeof connectDatabase>>;
beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
afterAll(() => connection.close());

const dayMs = 86_400_000;
const firstMonday = Date.parse('2026-09-21T10:00:00Z');
const students = Array.from({ length: 12 }, (_, index) => String(index + 3));
/** Everybody looks at a page on this weekday; day 0 is the course's first Monday. */
const classOn = (day: number) =>
  students.map((name) =>
    aStatement({
      actor: { account: { homePage: feedSite, name } },
      timestamp: new Date(firstMonday + day * dayMs).toISOString(),
    }),
  );
const weekdays = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((day) => day % 7 < 5);

it('finds the days on which a feed fell silent, raises nothing from them, says so, and forgets them when events come late', async () => {
  const world = await startFeed({ students, at: '2026-11-02T18:00:00Z' });
  const compute = () =>
    recomputeCourse(world.courseId, {
      now: world.now,
      log: pino({ level: 'silent' }),
      defaultRuleset: defaultRuleset(),
    });
  const gaps = async () => {
    await world.intake.flush();
    await compute();
    return (await FreshnessModel.findOne({ courseId: world.courseId, source: 'xapi' }).lean())?.gaps;
  };
  // Five good weeks, then a fortnight and a half of silence, and one event that shows the feed to be back.
  for (const day of weekdays(0, 20)) await world.send(classOn(day));
  await world.send(classOn(42).slice(0, 1));
  expect(await gaps()).toEqual([{ from: '2026-10-10', to: '2026-11-01' }]);
  const snapshot = await SnapshotModel.findOne({
    courseId: world.courseId,
    personId: world.people.get('4'),
  }).lean();
  const relative = snapshot?.measurements.find(({ id }) => id === 'relative-activity');
  expect(relative).toMatchObject({ state: 'noData', reason: 'feed-gap' });
  expect(await FlagModel.countDocuments({ courseId: world.courseId })).toBe(0);
  const notices = (await CourseStateModel.findOne({ courseId: world.courseId }).lean())?.notices ?? [];
  expect(notices.map((notice) => sayNotice(notice, loadPolicyPack('jisc').words))).toContain(
    'Nothing was received from the VLE’s event feed from 10 October to 1 November. These days count for nobody, and raise no flag.',
  );

  // The sender catches up with all but one day.
  for (const day of weekdays(21, 41).filter((each) => each !== 30)) await world.send(classOn(day));
  expect(await gaps()).toEqual([{ from: '2026-10-21', to: '2026-10-21' }]);
  await world.send(classOn(30));
  expect(await gaps()).toEqual([]);
});

it('counts no day before the first event of a feed that was connected late', async () => {
  const world = await startFeed({ students, at: '2026-11-02T18:00:00Z' });
  for (const day of [39, 40, 42]) await world.send(classOn(day).slice(0, 7));
  await world.intake.flush();
  await recomputeCourse(world.courseId, {
    now: world.now,
    log: pino({ level: 'silent' }),
    defaultRuleset: defaultRuleset(),
  });
  const stored = await FreshnessModel.findOne({ courseId: world.courseId, source: 'xapi' }).lean();
  expect(stored?.gaps).toEqual([{ from: '2026-09-21', to: '2026-10-29' }]);
  // Five of twelve have not come by in the five days since.
  expect(await FlagModel.countDocuments({ courseId: world.courseId })).toBe(0);
});
