import request from 'supertest';
import { afterAll, expect, it } from 'vitest';
import { ActionModel } from '../../../../server/database/models/action.ts';
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
  const small = await makeCourse(deps, { platformId, title: 'Small', label: 'ECS402' });
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
  expect(body.schools).toMatchObject([{ title: 'ECS', courses: 2, students: 13 }]);
  expect(text).not.toContain(elsewhere.courseId);
  const student = await large.add('student', 'Curious');
  await request(app).get('/api/oversight').set(student.auth).expect(403);
  await request(app).get('/api/oversight/helped').set(lead.auth).expect(403);
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
