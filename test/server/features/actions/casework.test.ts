import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActionModel } from '../../../../server/database/models/action.ts';
import { AuditModel } from '../../../../server/database/models/audit.ts';
import { DiscussionModel } from '../../../../server/database/models/discussion.ts';
import { EnrolmentModel } from '../../../../server/database/models/enrolment.ts';
import { FlagModel } from '../../../../server/database/models/flag.ts';
import { StudentRecordModel } from '../../../../server/database/models/student-record.ts';
import { createTutorRouters } from '../../../../server/tutor-routers.ts';
import { useDatabase } from '../../../support/database.ts';
import { readCsv } from '../../../support/read-csv.ts';
import { dayMs, makeCourse, startApp, type StaffedCourse, type TestPerson } from '../../../support/staffed-course.ts';

const { uri } = useDatabase();
const { app, deps, close } = await startApp(uri, createTutorRouters);
afterAll(close);

let course: StaffedCourse;
let tutor: TestPerson;
let colleague: TestPerson;
let count = 0;
const now = deps.now().getTime();

beforeAll(async () => {
  course = await makeCourse(deps);
  tutor = await course.add('tutor', 'Grace Hopper');
  colleague = await course.add('tutor', 'Ada Lovelace');
});

const newStudent = () => course.add('student', `Student ${(count += 1)}`, { email: 'someone@example.ac.uk' });
const spoke = {
  category: 'supportive',
  channel: 'phone',
  initiator: 'staff',
  outcome: 'spoke',
  at: now - 60_000,
  summary: 'Talked about time for the module.',
  steps: 'Visit the drop-in on Tuesday.',
};
const elsewhere = { discussedElsewhere: { withWhom: 'Ada, by phone', agreed: 'A friendly call first.' } };

function record(body: object, who = tutor) {
  return request(app).post('/api/actions').set(who.auth).send(body);
}

describe('recording', () => {
  it('keeps the texts sealed, moves the flag along, and leaves an audit row', async () => {
    const student = await newStudent();
    const flagId = await course.flag(student.personId);
    const { body } = await record({ personIds: [student.personId], ...spoke, ...elsewhere }).expect(201);
    expect(body.actions[0]).toMatchObject({ by: 'Grace Hopper', steps: spoke.steps, summary: spoke.summary });
    const stored = await ActionModel.findById(body.actions[0].id).lean();
    expect(JSON.stringify(stored)).not.toContain('drop-in');
    expect(stored?.flagIds.map(String)).toEqual([flagId]);
    expect((await FlagModel.findById(flagId).lean())?.state).toBe('acting');
    expect(await AuditModel.countDocuments({ deed: 'recorded-action', subjectId: student.personId })).toBe(1);
    expect((await DiscussionModel.findOne({ personId: student.personId }).lean())?.decision).toBe('contact');
  });

  it.each([
    ['category', { category: '' }],
    ['channel', { channel: 'carrier-pigeon' }],
    ['at', { at: now + dayMs }],
    ['followUp.dueAt', { followUp: { dueAt: now - dayMs } }],
    ['initiator', { initiator: 'machine' }],
    ['summary', { summary: 'x'.repeat(8001) }],
  ])('names the field %s that needs another look and stores nothing', async (field, wrong) => {
    const student = await newStudent();
    const { body } = await record({ personIds: [student.personId], ...spoke, ...wrong }).expect(422);
    expect(Object.keys(body.error.fields)).toContain(field);
    expect(await ActionModel.countDocuments({ personId: student.personId })).toBe(0);
  });

  it('asks for a word with a colleague before contact about a flag', async () => {
    const student = await newStudent();
    await course.flag(student.personId);
    const { body } = await record({ personIds: [student.personId], ...spoke }).expect(422);
    expect(body.error.fields.discussedElsewhere).toContain('colleague');
    const { body: started } = await request(app)
      .post('/api/discussions')
      .set(tutor.auth)
      .send({ personId: student.personId, inviteIds: [colleague.personId], considered: 'Quiet since reading week.' })
      .expect(201);
    await record({ personIds: [student.personId], ...spoke }).expect(422);
    await request(app)
      .post(`/api/discussions/${started.id}/decision`)
      .set(colleague.auth)
      .send({ rev: 0, decision: 'contact', because: 'A short call will do.' })
      .expect(200);
    await record({ personIds: [student.personId], ...spoke }).expect(201);
  });

  it('needs no discussion for “no action”, or where the student began it', async () => {
    const student = await newStudent();
    await course.flag(student.personId);
    await record({ personIds: [student.personId], ...spoke, outcome: 'no-action' }).expect(201);
    await record({ personIds: [student.personId], ...spoke, initiator: 'student' }).expect(201);
  });

  it('records one message to many at once, or none of it', async () => {
    const students = [await newStudent(), await newStudent(), await newStudent()];
    for (const { personId } of students) await course.flag(personId);
    const other = await (await makeCourse(deps)).add('student', 'Foreign Student');
    const personIds = students.map(({ personId }) => personId);
    await record({ personIds: [...personIds, other.personId], ...spoke, ...elsewhere }).expect(404);
    expect(await ActionModel.countDocuments({ personId: { $in: personIds } })).toBe(0);
    const { body } = await record({ personIds, ...spoke, ...elsewhere }).expect(201);
    expect(body).toMatchObject({ flagsMoved: 3 });
    expect(body.actions.every(({ isOneOfMany }: { isOneOfMany: boolean }) => isOneOfMany)).toBe(true);
  });
});

describe('correcting', () => {
  it('keeps the earlier text, and tells the second of two tutors', async () => {
    const student = await newStudent();
    const { body } = await record({ personIds: [student.personId], ...spoke }).expect(201);
    const { id } = body.actions[0];
    const put = (who: TestPerson, steps: string) =>
      request(app)
        .put(`/api/actions/${id}`)
        .set(who.auth)
        .send({ rev: 0, ...spoke, steps });
    const { body: corrected } = await put(tutor, 'Visit on Wednesday.').expect(200);
    expect(corrected.earlier).toHaveLength(1);
    expect(corrected.earlier[0]).toMatchObject({ steps: spoke.steps, replacedBy: 'Grace Hopper' });
    const { body: conflict } = await put(colleague, 'Something else.').expect(409);
    expect(conflict.error.current).toMatchObject({ rev: 1, steps: 'Visit on Wednesday.' });
    expect((await ActionModel.findById(id).lean())?.corrections).toHaveLength(1);
  });
});

describe('follow-ups', () => {
  it('come due, are handed over, moved and done', async () => {
    const student = await newStudent();
    const { body } = await record({
      personIds: [student.personId],
      ...spoke,
      followUp: { dueAt: now + 7 * dayMs },
    }).expect(201);
    const { id } = body.actions[0];
    const change = (rev: number, what: object, who = tutor) =>
      request(app)
        .post(`/api/actions/${id}/follow-up`)
        .set(who.auth)
        .send({ rev, ...what });
    await change(0, { moveTo: now - dayMs }).expect(422);
    await change(0, {}).expect(422);
    await change(0, { handTo: student.personId }).expect(422);
    const { body: handed } = await change(0, { handTo: colleague.personId }).expect(200);
    expect(handed.followUp).toMatchObject({ owner: 'Ada Lovelace', isPending: true });
    expect(handed.followUp.handedOver[0]).toMatchObject({ from: 'Grace Hopper', to: 'Ada Lovelace' });
    const listed = await request(app).get('/api/follow-ups').set(colleague.auth).expect(200);
    expect(listed.body.actions.some((action: { id: string }) => action.id === id)).toBe(true);
    await change(1, { done: true }, colleague).expect(200);
    const after = await request(app).get('/api/follow-ups').set(colleague.auth).expect(200);
    expect(after.body.actions.some((action: { id: string }) => action.id === id)).toBe(false);
  });
});

describe('the student’s page', () => {
  it('gathers attempts into one thread and shows the route to a person only after sustained silence', async () => {
    const student = await newStudent();
    const attempt = (channel: string, daysAgo: number) =>
      record({
        personIds: [student.personId],
        ...spoke,
        channel,
        outcome: 'no-reply',
        at: now - daysAgo * dayMs,
      }).expect(201);
    const readPage = async () =>
      (await request(app).get(`/api/students/${student.personId}`).set(tutor.auth).expect(200)).body;
    await attempt('university-email', 25);
    await attempt('university-email', 15);
    expect(await readPage()).toMatchObject({ thread: { attempts: 2, channels: ['university-email'] } });
    expect((await readPage()).sustainedSilence).toBeUndefined();
    await attempt('phone', 3);
    expect((await readPage()).sustainedSilence).toBeUndefined();
    await attempt('personal-email', 2);
    expect((await readPage()).sustainedSilence.title).toContain('fitness to study');
    await record({ personIds: [student.personId], ...spoke, initiator: 'student', at: now }).expect(201);
    expect((await readPage()).thread).toBeUndefined();
  });

  it('shows no figures and no flags of a student who opted out, and writes down who looked', async () => {
    const student = await course.add('student', 'Quiet Choice', { hasOptedOut: true });
    await course.flag(student.personId);
    const { body } = await request(app).get(`/api/students/${student.personId}`).set(tutor.auth).expect(200);
    expect(body.view).toBeUndefined();
    expect(body.flags).toEqual([]);
    expect(body.optedOutAt).toBeDefined();
    expect(await AuditModel.countDocuments({ deed: 'viewed-student', subjectId: student.personId })).toBe(1);
  });

  it('shows evidence, what is not known, history and where a flag may go', async () => {
    const student = await newStudent();
    await course.flag(student.personId);
    const { body } = await request(app).get(`/api/students/${student.personId}`).set(tutor.auth).expect(200);
    const [flag] = body.flags;
    expect(flag.evidence.reasons[0]).toMatchObject({ found: '17 days', strength: 'strong' });
    expect(flag.evidence.notKnown[0].because).toBe('nothing that could measure it is connected');
    expect(flag.next.map(({ to }: { to: string }) => to)).toContain('dismissed');
    expect(body.view.course.title).toBe('Introduction to Programming');
    expect(JSON.stringify(body)).not.toMatch(/\{(course|platform|tutor)\}/);
  });
});

describe('known circumstances', () => {
  it('are kept as days and a kind, with no room for the reason, and close a flag in a word', async () => {
    const student = await course.add('student', 'Has Reasons');
    const path = `/api/students/${student.personId}/pauses`;
    const pause = { from: '2026-11-02', to: '2026-11-08', kind: 'authorised-absence' };
    const told = { ...pause, note: 'what happened at home' };
    await request(app).post(path).set(tutor.auth).send(told).expect(422);
    await request(app).post(path).set(tutor.auth).send(pause).expect(200);
    const record = await StudentRecordModel.findOne({ personId: student.personId }).lean().orFail();
    expect(Object.keys(record.pauses[0]!).sort()).toEqual(['at', 'by', 'from', 'id', 'kind', 'to']);
    const flagId = await course.flag(student.personId);
    const closed = { rev: 0, to: 'dismissed', reason: 'known-circumstances' };
    await request(app).post(`/api/flags/${flagId}/state`).set(tutor.auth).send(closed).expect(200);
  });
});

describe('discussions', () => {
  it('keep both views of two colleagues, and refuse a decision over an unread one', async () => {
    const student = await newStudent();
    const flagId = await course.flag(student.personId);
    const { body } = await request(app)
      .post('/api/discussions')
      .set(tutor.auth)
      .send({ personId: student.personId, flagId, inviteIds: [colleague.personId], considered: 'What do you think?' })
      .expect(201);
    expect((await FlagModel.findById(flagId).lean())?.state).toBe('discussing');
    const reply = (who: TestPerson, text: string) =>
      request(app).post(`/api/discussions/${body.id}/replies`).set(who.auth).send({ text }).expect(200);
    await Promise.all([reply(tutor, 'One view.'), reply(colleague, 'Another view.')]);
    const { body: listed } = await request(app).get('/api/discussions').set(colleague.auth).expect(200);
    expect(listed.discussions.find(({ id }: { id: string }) => id === body.id).replies).toHaveLength(2);
    const decide = (rev: number) =>
      request(app)
        .post(`/api/discussions/${body.id}/decision`)
        .set(tutor.auth)
        .send({ rev, decision: 'no-action', because: 'Known placement.' });
    await decide(0).expect(409);
    await decide(2).expect(200);
    await request(app).post(`/api/discussions/${body.id}/replies`).set(tutor.auth).send({ text: 'Late' }).expect(409);
  });
});

describe('joint programmes', () => {
  it('keep the alert to the home school and its answer', async () => {
    const student = await newStudent();
    const { body } = await request(app)
      .post('/api/alerts')
      .set(tutor.auth)
      .send({ personId: student.personId, school: 'Maths', contact: 'Programme lead', need: 'Please get in touch.' })
      .expect(201);
    await request(app)
      .post(`/api/alerts/${body.id}/answer`)
      .set(tutor.auth)
      .send({ rev: 0, answer: 'Done.' })
      .expect(200);
    await request(app)
      .post(`/api/alerts/${body.id}/answer`)
      .set(tutor.auth)
      .send({ rev: 0, answer: 'Me too.' })
      .expect(409);
    const page = await request(app).get(`/api/students/${student.personId}`).set(tutor.auth).expect(200);
    expect(page.body.alerts[0]).toMatchObject({ answer: 'Done.', school: 'Maths' });
    const log = await request(app).get('/api/actions').set(tutor.auth).expect(200);
    expect(log.body.alerts[0]).toMatchObject({ studentName: student.name, answer: 'Done.' });
  });

  it('offer whom to tell from the institution’s list, and take no school that is on neither list nor line', async () => {
    const student = await newStudent();
    const { body: forms } = await request(app).get('/api/actions/forms').set(tutor.auth).expect(200);
    const [school] = forms.schools;
    const send = (to: object) =>
      request(app)
        .post('/api/alerts')
        .set(tutor.auth)
        .send({ personId: student.personId, need: 'Please get in touch.', ...to });
    const { body } = await send({ schoolId: school.id }).expect(201);
    expect(body).toMatchObject({ school: school.name, contact: school.contact });
    expect((await send({ schoolId: 'unheard-of' }).expect(422)).body.error.fields).toHaveProperty('schoolId');
    expect((await send({}).expect(422)).body.error.fields).toMatchObject({ school: 'Name the school.' });
    expect((await send({ school: 'Maths' }).expect(422)).body.error.fields).toHaveProperty('contact');
  });
});

describe('drafts', () => {
  it('carry the name as text, even where it is markup, and never an empty placeholder', async () => {
    const student = await course.add('student', '<img src=x onerror=alert(1)>', { email: 'x@example.ac.uk' });
    await course.flag(student.personId);
    const { body: forms } = await request(app).get('/api/actions/forms').set(tutor.auth).expect(200);
    for (const message of forms.messages) {
      const { body } = await request(app)
        .post('/api/drafts')
        .set(tutor.auth)
        .send({ personId: student.personId, messageId: message.id })
        .expect(200);
      expect(body.body).toContain('<img src=x onerror=alert(1)>');
      expect(body.body + body.subject).not.toMatch(/\{\w+\}/);
      const check = await request(app).post('/api/drafts/check').set(tutor.auth).send({ text: body.body }).expect(200);
      expect(check.body.remarks).toEqual([]);
    }
  });

  it('say what was noticed as one would say it: no percentages, nobody else, two things at the most', async () => {
    const student = await course.add('student', 'Quiet Student');
    await course.flag(student.personId, {
      reasons: [
        { indicator: 'relative-activity', value: 0.1, strength: 'supporting' },
        { indicator: 'completion', value: 0.25, strength: 'supporting' },
        { indicator: 'submissions', value: 3, strength: 'supporting' },
        { indicator: 'recency', value: 24, strength: 'strong' },
      ],
    });
    const { body } = await request(app)
      .post('/api/drafts')
      .set(tutor.auth)
      .send({ personId: student.personId, messageId: 'checking-in' })
      .expect(200);
    expect(body.body).toContain(
      'I have not seen you in QMplus for about 3 weeks, and some of the activities in QMplus are not ticked off yet.',
    );
    expect(body.body).not.toContain('%');
  });

  it('to many go to the addresses of those who did not opt out, each of them audited', async () => {
    const [one, other] = [await newStudent(), await newStudent()];
    const silent = await course.add('student', 'Opted Out', { hasOptedOut: true, email: 'out@example.ac.uk' });
    const unknown = await course.add('student', 'No Address');
    const personIds = [one, other, silent, unknown].map(({ personId }) => personId);
    const ask = (body: object) => request(app).post('/api/drafts/addresses').set(tutor.auth).send(body);
    const { body } = await ask({ personIds }).expect(200);
    expect(body).toEqual({
      addresses: ['someone@example.ac.uk', 'someone@example.ac.uk'],
      optedOut: 1,
      withoutAddress: 1,
    });
    const audited = (subjectId: string) => AuditModel.countDocuments({ deed: 'took-address', subjectId });
    expect([await audited(one.personId), await audited(silent.personId)]).toEqual([1, 0]);
    const stranger = await (await makeCourse(deps)).add('student', 'Of another course');
    await ask({ personIds: [one.personId, stranger.personId] }).expect(404);
    await ask({ personIds: [] }).expect(422);
  });

  it('are checked for words that discourage', async () => {
    const text = 'You are falling behind. You must reply immediately.';
    const { body } = await request(app).post('/api/drafts/check').set(tutor.auth).send({ text }).expect(200);
    expect(body.remarks.map(({ kind }: { kind: string }) => kind)).toContain('discouraging');
  });
});

describe('the log', () => {
  it('comes in pages without repeating, and downloads without staff notes', async () => {
    const busy = await makeCourse(deps);
    const writer = await busy.add('tutor', 'Busy Tutor');
    const students = await Promise.all(Array.from({ length: 60 }, (_, index) => busy.add('student', `S ${index}`)));
    await request(app)
      .post('/api/actions')
      .set(writer.auth)
      .send({ personIds: students.map(({ personId }) => personId), ...spoke })
      .expect(201);
    const first = (await request(app).get('/api/actions').set(writer.auth).expect(200)).body;
    const second = (await request(app).get(`/api/actions?before=${first.next}`).set(writer.auth).expect(200)).body;
    const ids = [...first.actions, ...second.actions].map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(60);
    const { text } = await request(app).get('/api/actions/export').set(writer.auth).expect(200);
    expect(text).toContain('drop-in');
    expect(text).not.toContain('time for the module');
  });

  it('says which flags an entry was about, unless the student has opted out of contact based on analytics since', async () => {
    const [staying, leaving] = [await newStudent(), await newStudent()];
    for (const { personId } of [staying, leaving]) {
      await course.flag(personId);
      await record({ personIds: [personId], ...spoke, ...elsewhere }).expect(201);
    }
    await EnrolmentModel.updateOne({ personId: leaving.personId }, { $set: { optedOutAt: deps.now() } });
    const log = (await request(app).get('/api/actions').set(tutor.auth).expect(200)).body;
    const textsOf = (personId: string) =>
      log.actions.find((action: { personId: string }) => action.personId === personId).flagTexts;
    expect(textsOf(staying.personId)).toEqual(['Not seen for 17 days']);
    expect(textsOf(leaving.personId)).toEqual([]);
    const { text } = await request(app).get('/api/actions/export').set(tutor.auth).expect(200);
    const rowOf = (name: string) => readCsv(text).find(({ Student }) => Student === name);
    expect(rowOf(staying.name)).toMatchObject({
      Date: '2026-11-23',
      Category: 'Supportive',
      Channel: 'Phone call',
      'Who began it': 'Staff',
      'The flag said': 'Not seen for 17 days',
      'How it stands': 'We spoke',
    });
    expect(rowOf(leaving.name)).toMatchObject({ 'The flag said': '' });
  });
});
