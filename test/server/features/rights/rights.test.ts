import mongoose from 'mongoose';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rightsReplySchema, supportReplySchema } from '../../../../server/contracts/rights.ts';
import { ActionModel } from '../../../../server/database/models/action.ts';
import { AlertModel } from '../../../../server/database/models/alert.ts';
import { audit } from '../../../../server/database/models/audit.ts';
import { newId } from '../../../../server/database/connect.ts';
import { ChallengeModel } from '../../../../server/database/models/challenge.ts';
import { DiscussionModel } from '../../../../server/database/models/discussion.ts';
import { EnrolmentModel } from '../../../../server/database/models/enrolment.ts';
import { SupportRequestModel } from '../../../../server/database/models/support-request.ts';
import { useDatabase } from '../../../support/database.ts';
import {
  makeLivedCourse,
  noonOf,
  startStudentApp,
  type LivedCourse,
  type Member,
  type StudentApp,
} from '../../../support/student-course.ts';

const database = useDatabase();
let waymark: StudentApp;
let course: LivedCourse;
let student: Member;
let tutor: Member;
beforeAll(async () => {
  waymark = await startStudentApp(database.uri);
  course = await makeLivedCourse(waymark.deps);
  student = await course.add('student', 'Ada Student');
  tutor = await course.add('tutor', 'Tia Tutor');
  await course.wasActive(student.personId, [1, 9, 10]);
  await course.has(student.personId, {
    submissions: [{ assessmentId: 'cw1', submittedAt: noonOf(41) }],
    completions: [{ itemId: 'page0', completedAt: noonOf(50) }],
    pauses: [{ id: 'p', kind: 'authorised-absence', from: '2026-10-12', to: '2026-10-13', by: 'x', at: 1 }],
  });
  await course.compute();
});
afterAll(() => waymark.close());

const get = (path: string) => request(waymark.app).get(path).set(student.auth);
const post = (path: string, body: object) => request(waymark.app).post(path).set(student.auth).send(body);
const put = (path: string, body: object) => request(waymark.app).put(path).set(student.auth).send(body);

describe('asking for a conversation', () => {
  it('offers the people, the ways and the services there are', async () => {
    const { body } = await get('/api/rights/support').expect(200);
    const support = supportReplySchema.parse(body);
    expect(support.staff).toEqual([{ id: tutor.personId, name: 'Tia Tutor', role: 'tutor' }]);
    expect(support.channels.map(({ label }) => label)).toContain('Message in QMplus');
    expect(support.services[0]?.fits).toContain('submissions');
  });

  it('is followed until it is answered', async () => {
    const { body: asked } = await post('/api/rights/support', {
      withPersonId: tutor.personId,
      channel: 'meeting',
      topic: 'coursework',
      when: 'Tuesday after two',
      about: 'The second coursework',
    }).expect(201);
    expect(asked).toMatchObject({ with: 'Tia Tutor', state: 'asked', rev: 1 });
    await SupportRequestModel.updateOne(
      { _id: asked.id },
      {
        $set: { state: 'seen', answeredById: tutor.personId },
        $push: { history: { state: 'seen', at: waymark.deps.now(), byId: tutor.personId } },
        $inc: { rev: 1 },
      },
    );
    const { body } = await get('/api/rights/support');
    expect(body.requests[0]).toMatchObject({
      state: 'seen',
      answeredBy: 'Tia Tutor',
      history: [{ state: 'asked' }, { state: 'seen' }],
    });
    const stale = await post(`/api/rights/support/${asked.id}/withdraw`, { rev: 1 }).expect(409);
    expect(stale.body.error.current).toMatchObject({ state: 'seen', rev: 2 });
    const { body: withdrawn } = await post(`/api/rights/support/${asked.id}/withdraw`, { rev: 2 }).expect(200);
    expect(withdrawn).toMatchObject({ state: 'withdrawn', rev: 3 });
  });

  it.each([
    [{ channel: 'pigeon' }, 'channel'],
    [{ channel: 'colleague' }, 'channel'],
    [{ channel: 'meeting', withPersonId: 'f'.repeat(24) }, 'withPersonId'],
    [{ channel: 'meeting', topic: 'gossip' }, 'topic'],
    [{ channel: 'meeting', about: 'x'.repeat(2001) }, 'about'],
  ])('refuses %j and names the field', async (body, field) => {
    const { body: answer } = await post('/api/rights/support', body).expect(422);
    expect(Object.keys(answer.error.fields)).toEqual([field]);
  });

  it('does not let requests pile up unseen', async () => {
    const other = await course.add('student', 'Ola Student');
    const ask = () => request(waymark.app).post('/api/rights/support').set(other.auth).send({ channel: 'phone' });
    for (let index = 0; index < 5; index++) await ask().expect(201);
    await ask().expect(422);
  });
});

describe('saying that something is not right', () => {
  it('names what it is about and proposes what staff can accept as it stands', async () => {
    const { body } = await post('/api/rights/challenges', {
      topic: 'submission',
      subject: 'cw2',
      text: 'I handed it in on paper.',
      proposed: { about: 'submission', assessmentId: 'cw2', submittedOn: '2026-11-15' },
    }).expect(201);
    expect(body).toMatchObject({ label: 'Coursework 2: a small game', state: 'raised' });
    const stored = await ChallengeModel.findById(body.id).lean();
    expect(stored?.proposed).toEqual({ about: 'submission', assessmentId: 'cw2', submittedAt: noonOf(10) });
    await ChallengeModel.updateOne({ _id: body.id }, { $set: { state: 'looking' }, $inc: { rev: 1 } });
    await post(`/api/rights/challenges/${body.id}/withdraw`, { rev: 1 }).expect(409);
    await post(`/api/rights/challenges/${body.id}/withdraw`, { rev: 2 }).expect(200);
  });

  it.each([
    [{ topic: 'indicator', subject: 'recency', text: ' ' }, 'text'],
    [{ topic: 'indicator', subject: 'shoe-size', text: 'x' }, 'subject'],
    [{ topic: 'submission', subject: 'nothing', text: 'x' }, 'subject'],
    [{ topic: 'other', text: 'x', proposed: { about: 'active-day', day: '2026-11-26' } }, 'proposed.day'],
    [{ topic: 'other', text: 'x', proposed: { about: 'active-day', day: '2026-02-31' } }, 'proposed.day'],
    [{ topic: 'other', text: 'x', proposed: { about: 'excused', assessmentId: 'zzz' } }, 'proposed.assessmentId'],
  ])('refuses %j and names the field', async (body, field) => {
    const { body: answer } = await post('/api/rights/challenges', body).expect(422);
    expect(Object.keys(answer.error.fields)).toEqual([field]);
  });
});

describe('before anything is said about anybody', () => {
  it('tells what is expected here, which measures are used, what contact looks like and who makes it', async () => {
    const newcomer = await course.add('student', 'Nobody Flagged');
    const { body } = await request(waymark.app).get('/api/rights').set(newcomer.auth).expect(200);
    const { expectations, complaints } = rightsReplySchema.parse(body);
    expect(expectations.points.length).toBeGreaterThan(1);
    const { intro, whoMakesContact, whatContactLooksLike, yourPart } = expectations;
    for (const text of [intro, whoMakesContact, whatContactLooksLike, yourPart]) {
      expect(text.split(' ').length).toBeGreaterThan(5);
      expect(text).not.toMatch(/\{\w+\}/);
    }
    expect(expectations.staff.map(({ name }) => name)).toContain('Tia Tutor');
    // The informal way to complain comes first.
    expect(complaints.length).toBeGreaterThan(1);
    expect(complaints[0]!.name).toMatch(/first$/);
    const { body: view } = await request(waymark.app).get('/api/dashboard').set(newcomer.auth).expect(200);
    expect(JSON.stringify(view)).toMatch(/howItIsWorkedOut|formula/);
  });
});

describe('about me', () => {
  it('tells who looked, when, and as what; lists included', async () => {
    const actor = {
      platformId: course.platformId,
      courseId: course.courseId,
      personId: tutor.personId,
      role: 'tutor' as const,
      sessionId: 's',
    };
    await audit(actor, 'viewed-student', { subjectId: student.personId, at: new Date(noonOf(2)), keptDays: 365 });
    await audit(actor, 'viewed-list', { at: new Date(noonOf(1)), keptDays: 365 });
    const { body } = await get('/api/rights').expect(200);
    const rights = rightsReplySchema.parse(body);
    expect(rights.looks.map(({ by, deed, at }) => [by, deed, at])).toEqual([
      ['Tia Tutor', 'opened the list of the whole module', noonOf(1)],
      ['Tia Tutor', 'opened your page', noonOf(2)],
    ]);
    expect(rights.complaints[0]?.name).toContain('school');
    expect(JSON.stringify(rights)).not.toMatch(/\{\w+\}/);
  });

  it('lets the student opt out of contact and back in', async () => {
    const { body: out } = await put('/api/rights/contact', { isOptedOut: true }).expect(200);
    expect(out.since).toBe(waymark.clock.now.getTime());
    expect((await EnrolmentModel.findOne({ personId: student.personId }).lean())?.optedOutAt).toBeInstanceOf(Date);
    const { body: back } = await put('/api/rights/contact', { isOptedOut: false }).expect(200);
    expect(back.since).toBeUndefined();
  });
});

describe('taking everything along', () => {
  const words = 'Only <b>mine</b> & nobody’s';

  it('holds whatever any collection holds about the student', async () => {
    await post('/api/journal/entries', { text: words, isShared: false }).expect(201);
    await put('/api/journal/goal', { week: '2026-W48', kind: 'active-days', target: 4, rev: 0 }).expect(200);
    const actor = {
      platformId: course.platformId,
      courseId: course.courseId,
      personId: tutor.personId,
      sessionId: 's',
    };
    await audit({ ...actor, role: 'tutor' }, 'viewed-list', { at: new Date(noonOf(1)), keptDays: 365 });
    const response = await get('/api/rights/download.json').expect(200);
    expect(response.headers['content-disposition']).toBe('attachment; filename=waymark.json');
    const everything = JSON.parse(response.text) as Record<string, unknown>;
    expect(everything['reflections']).toMatchObject([{ text: words }]);
    expect(everything['you']).toMatchObject({ name: 'Ada Student' });
    expect(everything['record']).toMatchObject({ submissions: [{ assessmentId: 'cw1' }] });
    expect(everything['whoLooked']).toContainEqual(
      expect.objectContaining({ deed: 'downloaded everything held about you' }),
    );
    // Who opened the list of the whole course has looked at everybody on it.
    expect(everything['whoLooked']).toContainEqual(
      expect.objectContaining({ deed: 'opened the list of the whole module' }),
    );
    expect(everything['names']).toMatchObject({ cw1: 'Coursework 1: first programs' });
    expect(response.text).not.toContain('Tom');

    // A new collection about a person must be put into the download, or here with the reason why not.
    const covered: Record<string, string> = {
      Audit: 'whoLooked',
      Challenge: 'challenges',
      Enrolment: 'enrolment',
      Goal: 'goals',
      Person: 'you',
      Reflection: 'reflections',
      RollUp: 'activity',
      StudentChoices: 'choices',
      StudentRecord: 'record',
      SupportRequest: 'supportRequests',
      Snapshot: 'view',
      Flag: 'view',
      Action: 'view',
      Discussion: 'staffNotes',
      Alert: 'staffNotes',
    };
    const left: Record<string, string> = {
      Session: 'ends within hours and says nothing but that a launch took place',
      GuidanceAcknowledgement: 'staff only',
      SavedView: 'staff only',
    };
    for (const { modelName, schema } of Object.values(mongoose.models)) {
      if (!schema.path('personId') && !schema.path('subjectId')) continue;
      expect([modelName, modelName in left || covered[modelName]! in everything]).toEqual([modelName, true]);
    }
  });

  it('holds what staff wrote in their own words, earlier wordings too, and nobody else’s', async () => {
    const { vault } = waymark.deps;
    const { courseId } = course;
    const at = new Date(noonOf(3));
    const other = await course.add('student', 'Otto Student');
    for (const [personId, whose] of [
      [student.personId, 'Ada'],
      [other.personId, 'Otto'],
    ] as const) {
      const [action, discussion, alert] = [newId(), newId(), newId()];
      const entry = { category: 'supportive', channel: 'phone', initiator: 'staff', outcome: 'spoke', at } as const;
      await ActionModel.create({
        _id: action,
        courseId,
        personId,
        byId: tutor.personId,
        recordedAt: at,
        ...entry,
        sealedSummary: vault.seal(`Note of ${whose} <i>now</i>`, `action:${action}:summary`),
        corrections: [
          {
            ...entry,
            sealedSummary: vault.seal(`Note of ${whose} before`, `action:${action}:summary`),
            replacedAt: at,
            replacedById: tutor.personId,
          },
        ],
      });
      await DiscussionModel.create({
        _id: discussion,
        courseId,
        personId,
        startedById: tutor.personId,
        startedAt: at,
        sealedConsidered: vault.seal(`Considered for ${whose}`, `discussion:${discussion}:considered`),
        replies: [
          { byId: tutor.personId, at, sealedText: vault.seal(`Reply on ${whose}`, `discussion:${discussion}:reply`) },
        ],
        isOpen: false,
        decision: 'wait',
        sealedBecause: vault.seal(`Because of ${whose}`, `discussion:${discussion}:because`),
        decidedById: tutor.personId,
        decidedAt: at,
      });
      await AlertModel.create({
        _id: alert,
        courseId,
        personId,
        school: 'School of Law',
        contact: 'the office',
        sealedNeed: vault.seal(`Need of ${whose}`, `alert:${alert}:need`),
        sentById: tutor.personId,
        sentAt: at,
        sealedAnswer: vault.seal(`Answer on ${whose}`, `alert:${alert}:answer`),
        answerById: tutor.personId,
        answeredAt: at,
      });
    }
    const json = (await get('/api/rights/download.json').expect(200)).text;
    const html = (await get('/api/rights/download.html').expect(200)).text;
    for (const written of ['before', 'Considered for', 'Reply on', 'Because of', 'Need of', 'Answer on']) {
      for (const text of [json, html]) expect(text).toMatch(new RegExp(`${written} Ada|Ada ${written}`));
    }
    expect(json).toContain('Note of Ada <i>now</i>');
    expect(html).toContain('Note of Ada &#60;i&#62;now');
    expect(json + html).not.toContain('Otto');
    // The pages keep to what was agreed, with whom and when.
    const page = (await get('/api/dashboard').expect(200)).text;
    expect(page).not.toMatch(/Note of|Considered for|Reply on|Because of|Need of|Answer on/);
  });

  it('can be read as a page, with everything that was typed as plain letters', async () => {
    const { text, headers } = await get('/api/rights/download.html').expect(200);
    expect(headers['content-type']).toContain('text/html');
    expect(text).toContain('Only &#60;b&#62;mine&#60;/b&#62; &#38; nobody’s');
    expect(text).not.toMatch(/<script|<b>|undefined|NaN|Invalid Date|\[object/);
    expect(text).toContain('Coursework 2: a small game');
    for (const part of ['Authorised absence', 'Notes for session 1', 'not shown', 'not seen'])
      expect(text).toContain(part);
    // What is inside is said at the top, and every link leads to a part of the page.
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(10);
    for (const id of links) expect(text).toContain(`<section id="${id}">`);
  });
});
