import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../../../server/database/connect.ts';
import { challengeSeal, ChallengeModel } from '../../../../server/database/models/challenge.ts';
import { FreshnessModel } from '../../../../server/database/models/freshness.ts';
import { StudentRecordModel } from '../../../../server/database/models/student-record.ts';
import { SupportRequestModel } from '../../../../server/database/models/support-request.ts';
import { createTutorRouters } from '../../../../server/tutor-routers.ts';
import { useDatabase } from '../../../support/database.ts';
import { dayMs, makeCourse, startApp, type StaffedCourse, type TestPerson } from '../../../support/staffed-course.ts';

const { uri } = useDatabase();
const { app, deps, close } = await startApp(uri, createTutorRouters);
afterAll(close);
const now = deps.now();

let course: StaffedCourse;
let tutor: TestPerson;
let student: TestPerson;

beforeAll(async () => {
  course = await makeCourse(deps);
  tutor = await course.add('tutor', 'Grace Hopper');
  student = await course.add('student', 'Asking Student');
});

it('answers a request, keeps the words sealed, and says what happened to it', async () => {
  const { _id } = await SupportRequestModel.create({
    courseId: course.courseId,
    personId: student.personId,
    channel: 'meeting',
    state: 'asked',
    askedAt: now,
    updatedAt: now,
  });
  const answer = (body: object) =>
    request(app)
      .post(`/api/answers/requests/${String(_id)}`)
      .set(tutor.auth)
      .send(body);
  await answer({ rev: 1, to: 'arranged' }).expect(422);
  await answer({ rev: 1, to: 'arranged', meetingAt: now.getTime() - 1 }).expect(422);
  const { body } = await answer({
    rev: 1,
    to: 'arranged',
    meetingAt: now.getTime() + dayMs,
    reply: 'Gladly, see you in room 4.',
  }).expect(200);
  expect(body).toMatchObject({ state: 'arranged', answeredBy: 'Grace Hopper', reply: 'Gladly, see you in room 4.' });
  const stored = await SupportRequestModel.findById(_id).lean();
  expect(JSON.stringify(stored)).not.toContain('room 4');
  expect(stored?.history.at(-1)?.state).toBe('arranged');
  await answer({ rev: 1, to: 'done' }).expect(409);
});

it('says so when the student has withdrawn meanwhile', async () => {
  const { _id } = await SupportRequestModel.create({
    courseId: course.courseId,
    personId: student.personId,
    channel: 'meeting',
    state: 'withdrawn',
    askedAt: now,
    updatedAt: now,
    rev: 2,
  });
  const { body } = await request(app)
    .post(`/api/answers/requests/${String(_id)}`)
    .set(tutor.auth)
    .send({ rev: 1, to: 'seen' })
    .expect(409);
  expect(body.error.message).toContain('withdrawn');
});

it('takes an accepted correction into the record, so that it counts from the next computation', async () => {
  const id = newId();
  await ChallengeModel.create({
    _id: id,
    courseId: course.courseId,
    personId: student.personId,
    topic: 'submission',
    sealedText: deps.vault.seal('I handed it in on paper.', challengeSeal(id, 'text')),
    proposed: { about: 'submission', assessmentId: 'a1', submittedAt: now.getTime() - 11 * dayMs },
    state: 'raised',
    raisedAt: now,
    updatedAt: now,
  });
  const { body: listed } = await request(app).get('/api/answers').set(tutor.auth).expect(200);
  expect(listed.challenges[0].proposed).toContain('Coursework 1');
  await request(app)
    .post(`/api/answers/challenges/${id}`)
    .set(tutor.auth)
    .send({ rev: 1, to: 'accepted', answer: 'You are right, thank you.', correction: { about: 'proposed' } })
    .expect(200);
  const record = await StudentRecordModel.findOne({ personId: student.personId }).lean();
  expect(record?.corrections).toMatchObject([{ about: 'submission', assessmentId: 'a1', challengeId: id }]);
  await request(app)
    .post(`/api/answers/challenges/${id}`)
    .set(tutor.auth)
    .send({ rev: 2, to: 'declined', answer: 'No.' })
    .expect(409);
});

it('settles a challenge with another correction of staff’s own, which counts in the next computation', async () => {
  const { courseId } = course;
  const { personId, name } = await course.add('student', 'Corrected Student');
  await FreshnessModel.updateOne(
    { courseId, source: 'moodle' },
    { $set: { okAt: now, triedAt: now, speaksOf: ['submissions'] } },
    { upsert: true },
  );
  const handIn = (who: string, submissions: object[]) =>
    StudentRecordModel.create({ courseId, personId: who, submissions, pauses: [], corrections: [] });
  await handIn(personId, []);
  for (const classmate of ['Ann', 'Ben', 'Cy', 'Di'])
    await handIn((await course.add('student', classmate)).personId, [
      { assessmentId: 'a1', submittedAt: now.getTime() - 12 * dayMs },
    ]);
  // Saving rules computes the course again, as a correction does.
  const strong = { indicator: 'submissions', comparison: '>=', threshold: 1, fromWeek: 1, strength: 'strong' };
  await request(app)
    .put('/api/rules')
    .set(tutor.auth)
    .send({ version: 1, rules: [strong] })
    .expect(200);
  const listed = async () =>
    (await request(app).get('/api/flags').set(tutor.auth).expect(200)).body.rows.find(
      (row: { name: string }) => row.name === name,
    );
  expect((await listed()).flags[0].reasons).toContain('submissions');

  const id = newId();
  await ChallengeModel.create({
    _id: id,
    courseId,
    personId,
    topic: 'submission',
    sealedText: deps.vault.seal('I gave it to my adviser.', challengeSeal(id, 'text')),
    state: 'raised',
    raisedAt: now,
    updatedAt: now,
  });
  const { body: choices } = await request(app).get(`/api/answers/challenges/${id}/choices`).set(tutor.auth).expect(200);
  expect(choices).toMatchObject({ assessments: [{ id: 'a1', title: 'Coursework 1' }], sessions: [] });
  const settle = (correction: unknown) =>
    request(app)
      .post(`/api/answers/challenges/${id}`)
      .set(tutor.auth)
      .send({ rev: 1, to: 'accepted', answer: 'That is right, I have found it.', correction });
  for (const [correction, field] of [
    [{ about: 'proposed' }, 'correction'],
    [{}, 'correction.about'],
    [{ about: 'submission', assessmentId: '', submittedAt: 1 }, 'correction.assessmentId'],
    [{ about: 'submission', assessmentId: 'a1' }, 'correction.submittedAt'],
    [{ about: 'excused', assessmentId: 'unheard-of' }, 'correction.assessmentId'],
    [{ about: 'submission', assessmentId: 'a1', submittedAt: now.getTime() + dayMs }, 'correction.submittedAt'],
    [{ about: 'active-day', day: '2027-01-01' }, 'correction.day'],
    [{ about: 'attendance', sessionId: 'none' }, 'correction.sessionId'],
  ] as const) {
    const { body } = await settle(correction).expect(422);
    expect(Object.keys(body.error.fields)).toEqual([field]);
  }
  expect((await ChallengeModel.findById(id).lean())?.state).toBe('raised');
  const { body } = await settle({
    about: 'submission',
    assessmentId: 'a1',
    submittedAt: Date.parse('2026-11-11T12:00:00Z'),
  }).expect(200);
  expect(body).toMatchObject({ state: 'accepted', settledWith: '“Coursework 1” was handed in on 11 November.' });

  const { body: page } = await request(app).get(`/api/students/${personId}`).set(tutor.auth).expect(200);
  expect(page.flags[0].hasCleared || page.flags[0].state === 'resolved').toBe(true);
});

it('refuses a challenge with reasons, and says so at the field where they are missing', async () => {
  const id = newId();
  await ChallengeModel.create({
    _id: id,
    courseId: course.courseId,
    personId: student.personId,
    topic: 'flag',
    sealedText: deps.vault.seal('This is not so.', challengeSeal(id, 'text')),
    state: 'raised',
    raisedAt: now,
    updatedAt: now,
  });
  const refuse = (body: object) =>
    request(app)
      .post(`/api/answers/challenges/${id}`)
      .set(tutor.auth)
      .send({ rev: 1, to: 'declined', ...body });
  expect((await refuse({ answer: ' ' }).expect(422)).body.error.fields.answer).toBeTruthy();
  const { body } = await refuse({ answer: 'The register of that day was checked twice.' }).expect(200);
  expect(body).toMatchObject({ state: 'declined', answer: 'The register of that day was checked twice.' });
});
