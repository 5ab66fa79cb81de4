import request from 'supertest';
import { afterAll, expect, it } from 'vitest';
import { fairnessSchema, type ShownFairnessReport } from '../../../../server/contracts/fairness.ts';
import { ActionModel } from '../../../../server/database/models/action.ts';
import { EnrolmentModel } from '../../../../server/database/models/enrolment.ts';
import { createTutorRouters } from '../../../../server/tutor-routers.ts';
import { useDatabase } from '../../../support/database.ts';
import { dayMs, makeCourse, newHexId, startApp, type StaffedCourse } from '../../../support/staffed-course.ts';

const { uri } = useDatabase();
const { app, deps, close } = await startApp(uri, createTutorRouters);
afterAll(close);
const now = deps.now().getTime();
const read = (auth: { Authorization: string }) => request(app).get('/api/oversight/fairness').set(auth);

/** Thirty who were there from the start, of whom ten were flagged; twelve who joined in week 5, all of them flagged. */
async function fillCourse(course: StaffedCourse, byId: string): Promise<void> {
  for (let index = 0; index < 42; index++) {
    const isLate = index >= 30;
    const { personId } = await course.add('student', `Hidden ${index}`, {
      groups: [isLate ? 'Part-time' : 'Full time', `Lab ${index % 3}`],
    });
    const joinedAt = new Date(isLate ? '2026-10-28T09:00:00Z' : '2026-09-20T09:00:00Z');
    await EnrolmentModel.updateOne({ courseId: course.courseId, personId }, { joinedAt });
    if (!isLate && index < 4) await course.flag(personId, { openedDaysAgo: 40, state: 'resolved' });
    if (!isLate && index >= 10) continue;
    await course.flag(personId, { openedDaysAgo: 10 });
    if (index % 2 === 0)
      await ActionModel.create({
        courseId: course.courseId,
        personId,
        byId,
        category: 'supportive',
        channel: 'phone',
        initiator: 'staff',
        outcome: 'spoke',
        at: new Date(now - 8 * dayMs),
        recordedAt: new Date(now),
      });
  }
}

const groupsOf = (report: ShownFairnessReport | undefined, by: string) =>
  report?.dimensions.find((dimension) => dimension.by === by)?.groups;

it('shows a tutor and a lead how flags and contact fall on groups, and nobody’s name', async () => {
  const platformId = newHexId();
  const course = await makeCourse(deps, { platformId });
  const tutor = await course.add('tutor', 'Grace Hopper');
  await fillCourse(course, tutor.personId);
  const { body, text } = await read(tutor.auth).expect(200);
  const fairness = fairnessSchema.parse(body);
  expect(groupsOf(fairness.course, 'joined')).toMatchObject([
    { group: 'by week 1', people: 30, flagged: { estimate: 1 / 3 }, contacted: { estimate: 0.5 }, standsOut: true },
    { group: 'in week 4 or later', people: 12, flagged: { estimate: 1 }, contacted: { estimate: 0.5 } },
  ]);
  expect(groupsOf(fairness.course, 'mode of study')).toMatchObject([
    { group: 'full time', people: 30 },
    { group: 'part time', people: 12 },
  ]);
  // Four only had an earlier flag: neither they nor, by subtraction, the others are told about.
  expect(groupsOf(fairness.course, 'earlier flag')).toEqual([
    { group: 'an earlier flag', standsOut: false },
    { group: 'no earlier flag', standsOut: false },
  ]);
  expect(fairness.together).toBeUndefined();
  expect(text).not.toMatch(/Hidden|Hopper|Lab/);

  const lead = await course.add('lead', 'Engagement Lead');
  const overAll = fairnessSchema.parse((await read(lead.auth).expect(200)).body);
  expect(overAll.course).toBeUndefined();
  expect(overAll.together).toEqual(fairness.course);
});

it('leaves out what the platform does not give, and figures about few', async () => {
  const course = await makeCourse(deps);
  const tutor = await course.add('tutor', 'Grace Hopper');
  for (let index = 0; index < 7; index++) await course.add('student', `Hidden ${index}`);
  const { body } = await read(tutor.auth).expect(200);
  expect(fairnessSchema.parse(body).course?.dimensions).toEqual([
    { by: 'earlier flag', groups: [{ group: 'no earlier flag', standsOut: false }] },
    { by: 'joined', groups: [{ group: 'not known', standsOut: false }] },
  ]);
});

it('is not for anybody else, and tells a tutor of another course nothing of this one', async () => {
  const course = await makeCourse(deps);
  await fillCourse(course, (await course.add('tutor', 'Grace Hopper')).personId);
  await request(app).get('/api/oversight/fairness').expect(401);
  for (const role of ['student', 'assistant', 'mentor', 'administrator'] as const) {
    const person = await course.add(role, `Curious ${role}`);
    await read(person.auth).expect(403);
  }
  await read((await course.add('tutor', 'Not yet read', { hasReadGuidance: false })).auth).expect(403);
  const elsewhere = await (await makeCourse(deps)).add('tutor', 'Ada Lovelace');
  const { body } = await read(elsewhere.auth).expect(200);
  expect(body.course).toEqual({ courses: 1, dimensions: [] });
  expect(body.together).toBeUndefined();
  const otherPlatform = await (await makeCourse(deps)).add('lead', 'Another lead');
  expect((await read(otherPlatform.auth).expect(200)).body.together.dimensions).toEqual([]);
});
