import request from 'supertest';
import { afterAll, expect, it } from 'vitest';
import { GuidanceAcknowledgementModel } from '../../../../server/database/models/guidance-acknowledgement.ts';
import { createFlagsRouter } from '../../../../server/features/flags/router.ts';
import { createGuidanceRouter } from '../../../../server/features/guidance/router.ts';
import { useDatabase } from '../../../support/database.ts';
import { dayMs, makeCourse, startApp } from '../../../support/staffed-course.ts';

const { uri } = useDatabase();
const { app, deps, close } = await startApp(uri, (given) => [createFlagsRouter(given), createGuidanceRouter(given)]);
afterAll(close);
const course = await makeCourse(deps);

it('keeps the list closed until this year’s guidance is acknowledged', async () => {
  const tutor = await course.add('tutor', 'New Tutor', { hasReadGuidance: false });
  const refused = await request(app).get('/api/flags').set(tutor.auth).expect(403);
  expect(refused.body.error.message).toContain('guidance');

  const { body } = await request(app).get('/api/guidance').set(tutor.auth).expect(200);
  expect(body.acknowledgedAt).toBeUndefined();
  expect(body.points.join(' ')).not.toMatch(/\{\w+\}/);
  await request(app)
    .post('/api/guidance/acknowledge')
    .set(tutor.auth)
    .send({ version: body.version })
    .expect(200)
    .expect(({ body: after }) => expect(after.acknowledgedAt).toBe(deps.now().getTime()));
  await request(app).get('/api/flags').set(tutor.auth).expect(200);
});

it('asks again after a year', async () => {
  const tutor = await course.add('tutor', 'Old Tutor');
  await GuidanceAcknowledgementModel.updateOne(
    { personId: tutor.personId },
    { $set: { at: new Date(deps.now().getTime() - 366 * dayMs) } },
  );
  await request(app).get('/api/flags').set(tutor.auth).expect(403);
});

it('does not take an acknowledgement of another wording', async () => {
  const tutor = await course.add('tutor', 'Slow Reader', { hasReadGuidance: false });
  await request(app).post('/api/guidance/acknowledge').set(tutor.auth).send({ version: 'older' }).expect(409);
  await request(app).get('/api/flags').set(tutor.auth).expect(403);
});

it('is for staff who may see individuals', async () => {
  for (const role of ['student', 'assistant', 'lead', 'administrator', 'mentor'] as const) {
    const person = await course.add(role, role);
    await request(app).get('/api/guidance').set(person.auth).expect(403);
  }
});

it('has the way in a crisis, and the limits of confidentiality and of the role, for every note that is written', async () => {
  const tutor = await course.add('tutor', 'Writing Tutor');
  const { body } = await request(app).get('/api/guidance').set(tutor.auth).expect(200);
  expect(body.crisis.contacts.map(({ phone }: { phone?: string }) => phone)).toContain('999');
  for (const text of [body.crisis.forStaff, body.confidentiality, body.roleLimits, body.support.name]) {
    expect(text).toMatch(/\w+/);
    expect(text).not.toMatch(/\{\w+\}/);
  }
});
