import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../../../server/database/connect.ts';
import { challengeSeal, ChallengeModel } from '../../../../server/database/models/challenge.ts';
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
    .send({ rev: 1, to: 'accepted', answer: 'You are right, thank you.', correction: 'proposed' })
    .expect(200);
  const record = await StudentRecordModel.findOne({ personId: student.personId }).lean();
  expect(record?.corrections).toMatchObject([{ about: 'submission', assessmentId: 'a1', challengeId: id }]);
  await request(app)
    .post(`/api/answers/challenges/${id}`)
    .set(tutor.auth)
    .send({ rev: 2, to: 'declined', answer: 'No.' })
    .expect(409);
});
