import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RulesetModel } from '../../../../server/database/models/ruleset.ts';
import { createTutorRouters } from '../../../../server/tutor-routers.ts';
import { useDatabase } from '../../../support/database.ts';
import { makeCourse, startApp, type StaffedCourse, type TestPerson } from '../../../support/staffed-course.ts';

const { uri } = useDatabase();
const { app, deps, close } = await startApp(uri, createTutorRouters);
afterAll(close);

let course: StaffedCourse;
let tutor: TestPerson;
const rule = { indicator: 'recency', comparison: '>=', threshold: 10, fromWeek: 2, strength: 'strong' };

beforeAll(async () => {
  course = await makeCourse(deps);
  tutor = await course.add('tutor', 'Grace Hopper');
  await course.add('student', 'Quiet Student');
});

it('starts from the institution’s rules and keeps every version', async () => {
  const { body } = await request(app).get('/api/rules').set(tutor.auth).expect(200);
  expect(body).toMatchObject({ version: 1, isDefault: true, maySetRules: true });
  const { body: saved } = await request(app)
    .put('/api/rules')
    .set(tutor.auth)
    .send({ version: 1, rules: [rule] })
    .expect(200);
  expect(saved).toMatchObject({ version: 2, isDefault: false });
  expect(saved.versions[0].rules[0]).toContain('10 days');
  const { body: back } = await request(app)
    .put('/api/rules')
    .set(tutor.auth)
    .send({ version: 2, rules: saved.defaults })
    .expect(200);
  expect(back).toMatchObject({ version: 3, isDefault: true });
  expect(back.versions).toHaveLength(2);
});

it('names the field of a threshold that makes no sense, and stores nothing', async () => {
  const before = await RulesetModel.countDocuments({ courseId: course.courseId });
  const { body } = await request(app)
    .put('/api/rules')
    .set(tutor.auth)
    .send({ version: 3, rules: [{ ...rule, threshold: 4000 }] })
    .expect(422);
  expect(body.error.fields['rules.0.threshold']).toContain('from 3 to 60');
  expect(await RulesetModel.countDocuments({ courseId: course.courseId })).toBe(before);
});

it('tells the second of two tutors, and shows what the first saved', async () => {
  const other = await course.add('tutor', 'Ada Lovelace');
  const answers = await Promise.all(
    [tutor, other].map((who) =>
      request(app)
        .put('/api/rules')
        .set(who.auth)
        .send({ version: 3, rules: [rule] }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(answers.find(({ status }) => status === 409)?.body.error.current.version).toBe(4);
});

it('shows, before saving, what proposed rules would have flagged in each past week', async () => {
  const { body } = await request(app)
    .post('/api/rules/preview')
    .set(tutor.auth)
    .send({ rules: [rule] })
    .expect(200);
  expect(body.weeks.map(({ week }: { week: number }) => week)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(await RulesetModel.countDocuments({ courseId: course.courseId, version: 5 })).toBe(0);
});
