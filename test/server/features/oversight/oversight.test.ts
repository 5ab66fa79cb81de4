import request from 'supertest';
import { afterAll, expect, it } from 'vitest';
import { ActionModel } from '../../../../server/database/models/action.ts';
import { EnrolmentModel } from '../../../../server/database/models/enrolment.ts';
import { FreshnessModel } from '../../../../server/database/models/freshness.ts';
import { RollUpModel } from '../../../../server/database/models/roll-up.ts';
import { isoWeekOf } from '../../../../server/domain/days.ts';
import { createTutorRouters } from '../../../../server/tutor-routers.ts';
import { useDatabase } from '../../../support/database.ts';
import { dayMs, makeCourse, newHexId, startApp } from '../../../support/staffed-course.ts';

const { uri } = useDatabase();
const { app, deps, close } = await startApp(uri, createTutorRouters);
afterAll(close);
const now = deps.now().getTime();

it('shows a lead waiting times and follow-ups by course and school, and nobody’s name', async () => {
  const platformId = newHexId();
  const large = await makeCourse(deps, { platformId, title: 'Large', label: 'ECS401' });
  const small = await makeCourse(deps, { platformId, title: 'Small', label: 'XQZ402' });
  const elsewhere = await makeCourse(deps, { title: 'Another platform' });
  const lead = await large.add('lead', 'Engagement Lead');
  const students = await Promise.all(Array.from({ length: 12 }, (_, index) => large.add('student', `Hidden ${index}`)));
  await small.add('student', 'Hidden Alone');
  for (const { personId } of students.slice(0, 3)) await large.flag(personId, { openedDaysAgo: 10 });
  await ActionModel.create({
    courseId: large.courseId,
    personId: students[0]!.personId,
    byId: lead.personId,
    category: 'supportive',
    channel: 'phone',
    initiator: 'staff',
    outcome: 'spoke',
    at: new Date(now - 8 * dayMs),
    recordedAt: new Date(now),
  });
  const { body, text } = await request(app).get('/api/oversight').set(lead.auth).expect(200);
  expect(text).not.toContain('Hidden');
  expect(body.courses.map(({ title }: { title: string }) => title)).toEqual(['Large', 'Small']);
  expect(body.courses[0].figures).toMatchObject({ waiting: 3, medianDaysWaiting: 10, flags: 3 });
  expect(body.courses[0].figures.contactedWithinWeek).toBeCloseTo(1 / 3);
  expect(body.courses[1].figures).toBeUndefined();
  expect(body.schools).toMatchObject([
    { title: 'School of Electronic Engineering and Computer Science', courses: 1, students: 12 },
    { title: '', courses: 1 },
  ]);
  expect(text).not.toContain(elsewhere.courseId);
  const student = await large.add('student', 'Curious');
  await request(app).get('/api/oversight').set(student.auth).expect(403);
  await request(app).get('/api/oversight/helped').set(lead.auth).expect(403);
});

it('compares what followed with students who had no action yet, and takes what was not seen for unknown', async () => {
  const course = await makeCourse(deps);
  const tutor = await course.add('tutor', 'Grace Hopper');
  const { courseId } = course;
  const rollUps = [];
  for (let index = 0; index < 26; index++) {
    const { personId } = await course.add('student', `Student ${index}`);
    await course.flag(personId, { openedDaysAgo: 30 });
    const hasAction = index < 12;
    // 24 October is the day of the flags, 26 October that of the actions; the last two are never heard of.
    const dates = ['2026-10-20', ...(hasAction ? ['2026-10-27', '2026-10-29', '2026-11-03'] : ['2026-10-28'])];
    if (index % 3 === 0) dates.push('2026-11-05');
    if (index >= 24) continue;
    for (const day of dates)
      rollUps.push({
        courseId,
        personId,
        week: isoWeekOf(day),
        days: [{ day, source: 'xapi' as const, counts: { view: 1 } }],
      });
    if (hasAction)
      await ActionModel.create({
        courseId,
        personId,
        byId: tutor.personId,
        category: 'supportive',
        channel: 'phone',
        initiator: 'staff',
        outcome: 'spoke',
        at: new Date(now - 28 * dayMs),
        recordedAt: new Date(now),
      });
  }
  const byWeek = new Map<string, (typeof rollUps)[number]>();
  for (const rollUp of rollUps) {
    const key = `${rollUp.personId} ${rollUp.week}`;
    const known = byWeek.get(key);
    if (known) known.days.push(...rollUp.days);
    else byWeek.set(key, rollUp);
  }
  await RollUpModel.insertMany([...byWeek.values()]);
  const read = async () => (await request(app).get('/api/oversight/helped').set(tutor.auth).expect(200)).body.course;
  expect((await read()).all).toEqual({ group: 'all', suppressed: 'group-too-small' });

  await FreshnessModel.create({ courseId, source: 'xapi', speaksOf: ['presence'], okAt: new Date(now) });
  const known = await read();
  expect(known.all).toMatchObject({ withAction: 12, without: 12 });
  expect(known.all.difference.estimate).toBeCloseTo(2);
  expect(known.all.difference.low).toBeLessThan(2);
  expect(known.byChannel).toMatchObject([{ group: 'Phone call', withAction: 12 }]);

  await FreshnessModel.updateOne({ courseId }, { $set: { gaps: [{ from: '2026-10-26', to: '2026-11-05' }] } });
  expect((await read()).all).toEqual({ group: 'all', suppressed: 'group-too-small' });
});

it('shows a tutor what helped, without figures about small groups, over the courses they teach', async () => {
  const course = await makeCourse(deps);
  const tutor = await course.add('tutor', 'Grace Hopper');
  for (let index = 0; index < 4; index++) {
    const { personId } = await course.add('student', `Student ${index}`);
    await course.flag(personId, { openedDaysAgo: 30 });
  }
  const { body } = await request(app).get('/api/oversight/helped').set(tutor.auth).expect(200);
  expect(body.course.all).toEqual({ group: 'all', suppressed: 'group-too-small' });
  expect(body.caution).toContain('before and after would mislead');
  expect(body.together).toBeUndefined();
});

it('adds up the courses that somebody teaches, and no others', async () => {
  const own = await makeCourse(deps);
  const second = await makeCourse(deps, { platformId: own.platformId });
  const elsewhere = await makeCourse(deps, { platformId: own.platformId });
  const tutor = await own.add('tutor', 'Grace Hopper');
  for (const [{ courseId }, role] of [
    [second, 'tutor'],
    [elsewhere, 'student'],
  ] as const)
    await EnrolmentModel.create({
      courseId,
      personId: tutor.personId,
      role,
      roleFrom: 'roster',
      name: tutor.name,
      sortName: tutor.name,
    });
  const { body } = await request(app).get('/api/oversight/helped').set(tutor.auth).expect(200);
  expect(body.together).toMatchObject({ courses: 2, evaluation: { all: { suppressed: 'group-too-small' } } });
});
