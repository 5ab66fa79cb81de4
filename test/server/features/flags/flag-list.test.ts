import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActionModel } from '../../../../server/database/models/action.ts';
import { AuditModel } from '../../../../server/database/models/audit.ts';
import { CourseModel } from '../../../../server/database/models/course.ts';
import { EnrolmentModel } from '../../../../server/database/models/enrolment.ts';
import { FlagModel, storeFlags } from '../../../../server/database/models/flag.ts';
import { SnapshotModel } from '../../../../server/database/models/snapshot.ts';
import { SupportRequestModel } from '../../../../server/database/models/support-request.ts';
import { createFlagsRouter } from '../../../../server/features/flags/router.ts';
import { useDatabase } from '../../../support/database.ts';
import { readCsv } from '../../../support/read-csv.ts';
import {
  dayMs,
  makeCourse,
  makeFlag,
  startApp,
  type StaffedCourse,
  type TestPerson,
} from '../../../support/staffed-course.ts';

const { uri } = useDatabase();
const { app, deps, close } = await startApp(uri, (given) => [createFlagsRouter(given)]);
afterAll(close);

let course: StaffedCourse;
let tutor: TestPerson;
const students: Record<string, TestPerson> = {};

beforeAll(async () => {
  course = await makeCourse(deps);
  tutor = await course.add('tutor', 'Grace Hopper');
  for (const name of ['Ann Early', 'Ben Strong', 'Cy Longest', 'Di Asks', 'Eve OptedOut', 'Fay Stretch', 'Gus Quiet'])
    students[name] = await course.add('student', name, {
      hasOptedOut: name.startsWith('Eve'),
      groups: name.startsWith('Ben') ? ['Lab 2'] : ['Lab 1'],
    });
  const supporting = [
    { indicator: 'submissions', value: 1, strength: 'supporting' },
    { indicator: 'completion', value: 0.25, strength: 'supporting' },
  ] as const;
  await course.flag(students['Ann Early']!.personId, { openedDaysAgo: 2, reasons: supporting });
  await course.flag(students['Ben Strong']!.personId, { openedDaysAgo: 1 });
  await course.flag(students['Cy Longest']!.personId, { openedDaysAgo: 20, reasons: supporting });
  await course.flag(students['Eve OptedOut']!.personId, { openedDaysAgo: 30 });
  await course.flag(students['Fay Stretch']!.personId, { kind: 'stretch' });
  await course.flag(students['Gus Quiet']!.personId, { state: 'resolved' });
  await ask(students['Di Asks']!);
});

function ask(student: TestPerson, { courseId } = course) {
  return SupportRequestModel.create({
    courseId,
    personId: student.personId,
    channel: 'meeting',
    state: 'asked',
    askedAt: new Date(deps.now().getTime() - dayMs),
    updatedAt: deps.now(),
  });
}

async function readList(who: TestPerson) {
  return (await request(app).get('/api/flags').set(who.auth).expect(200)).body;
}

describe('the list', () => {
  it('puts whoever asked first, then strong reasons, then the longest waiting', async () => {
    const list = await readList(tutor);
    const names = list.rows.map(({ name }: { name: string }) => name);
    expect(names.filter((name: string) => name !== 'Fay Stretch')).toEqual([
      'Di Asks',
      'Ben Strong',
      'Cy Longest',
      'Ann Early',
    ]);
  });

  it('puts those whom somebody is in contact with last, until a follow-up is due', async () => {
    const shared = await makeCourse(deps);
    const reader = await shared.add('tutor', 'Reader');
    const dueIn = { 'In Hand': 6, 'Due Today': 0.2, 'Not Yet': undefined };
    for (const [name, days] of Object.entries(dueIn)) {
      const { personId } = await shared.add('student', name);
      const isTakenUp = days !== undefined;
      await shared.flag(personId, { openedDaysAgo: isTakenUp ? 20 : 1, state: isTakenUp ? 'acting' : 'open' });
      if (!isTakenUp) continue;
      await ActionModel.create({
        courseId: shared.courseId,
        personId,
        byId: reader.personId,
        category: 'supportive',
        channel: 'phone',
        initiator: 'staff',
        outcome: 'spoke',
        at: new Date(deps.now().getTime() - dayMs),
        recordedAt: deps.now(),
        followUp: {
          dueAt: new Date(deps.now().getTime() + days * dayMs),
          ownerId: reader.personId,
          isPending: true,
          handedOver: [],
        },
      });
    }
    const { rows } = await readList(reader);
    expect(rows.map(({ name }: { name: string }) => name)).toEqual(['Due Today', 'Not Yet', 'In Hand']);
  });

  it('says why in words, with how long it has waited, and names groups', async () => {
    const list = await readList(tutor);
    const cy = list.rows.find(({ name }: { name: string }) => name === 'Cy Longest');
    expect(cy.flags[0].texts).toEqual([
      '1 piece of coursework not seen yet',
      '25\u00A0% of expected activities completed',
    ]);
    expect(deps.now().getTime() - cy.waitingSince).toBe(20 * dayMs);
    expect(cy.groups.map((place: number) => list.groups[place])).toEqual(['Lab 1']);
  });

  it('counts those who opted out and lists none of them, until they ask themselves', async () => {
    const before = await readList(tutor);
    expect(before.optedOut).toBe(1);
    expect(JSON.stringify(before)).not.toContain('Eve OptedOut');
    const asked = await ask(students['Eve OptedOut']!);
    const eve = (await readList(tutor)).rows.find(({ name }: { name: string }) => name === 'Eve OptedOut');
    expect(eve.flags).toEqual([]);
    expect(eve.askedAt).toBeDefined();
    await SupportRequestModel.updateOne(
      { _id: asked._id, courseId: course.courseId },
      { $set: { state: 'withdrawn' } },
    );
    expect(JSON.stringify(await readList(tutor))).not.toContain('Eve OptedOut');
  });

  it('names work that was not seen apart from work of which nobody knows, and neither of whoever opted out', async () => {
    const shared = await makeCourse(deps);
    const reader = await shared.add('tutor', 'Reader');
    const [missing, unread, uncomputed, out] = [
      await shared.add('student', 'Missing'),
      await shared.add('student', 'Unread'),
      await shared.add('student', 'Not Computed Yet'),
      await shared.add('student', 'Opted Out', { hasOptedOut: true }),
    ];
    const works = [
      { id: 'a2', title: 'Essay 2', kind: 'assignment' as const, dueAt: deps.now().getTime() - 3 * dayMs },
      { id: 'a1', title: 'Essay 1', kind: 'assignment' as const, dueAt: deps.now().getTime() - 10 * dayMs },
      { id: 'a3', title: 'Handed in by all', kind: 'assignment' as const, dueAt: deps.now().getTime() - dayMs },
    ];
    await CourseModel.updateOne({ _id: shared.courseId }, { $set: { assessments: works } });
    for (const { personId } of [missing, unread, uncomputed]) await shared.flag(personId);
    await ask(out, shared);
    const snapshot = { courseId: shared.courseId, computedAt: deps.now(), rulesetVersion: 1, week: 9, presence: {} };
    const workOf = [
      { personId: missing.personId, work: { notSeen: ['a1', 'a2'], notKnown: [] } },
      { personId: unread.personId, work: { notSeen: [], notKnown: ['a1'] } },
      { personId: out.personId, work: { notSeen: ['a3'], notKnown: [] } },
    ];
    await SnapshotModel.create(workOf.map((own) => ({ ...snapshot, ...own })));

    const list = await readList(reader);
    expect(list.works).toEqual([
      { id: 'a1', label: 'Essay 1, due 13 November' },
      { id: 'a2', label: 'Essay 2, due 20 November' },
    ]);
    const workIn = (name: string) => {
      const { notSeen, notKnown } = list.rows.find((row: { name: string }) => row.name === name);
      return { notSeen, notKnown };
    };
    expect(workIn('Missing')).toEqual({ notSeen: [0, 1] });
    expect(workIn('Unread')).toEqual({ notKnown: [0] });
    expect(workIn('Not Computed Yet')).toEqual({ notKnown: [0, 1] });
    expect(workIn('Opted Out')).toEqual({});

    // One student read again keeps the places that the others' rows name.
    const { courseId } = shared;
    await SnapshotModel.updateOne(
      { courseId, personId: unread.personId },
      { $set: { work: { notSeen: ['a3'], notKnown: [] } } },
    );
    await EnrolmentModel.updateOne({ courseId, personId: unread.personId }, { $set: { name: 'Read Now' } });
    const again = await readList(reader);
    expect(again.works.map(({ id }: { id: string }) => id)).toEqual(['a1', 'a2', 'a3']);
    expect(again.rows.find(({ name }: { name: string }) => name === 'Read Now').notSeen).toEqual([2]);
  });

  it('marks as mine what I acted on last, and shows the last contact and what is due', async () => {
    await ActionModel.create({
      courseId: course.courseId,
      personId: students['Ben Strong']!.personId,
      byId: tutor.personId,
      category: 'supportive',
      channel: 'phone',
      initiator: 'staff',
      outcome: 'no-reply',
      at: deps.now(),
      recordedAt: deps.now(),
      followUp: {
        dueAt: new Date(deps.now().getTime() + dayMs),
        ownerId: tutor.personId,
        isPending: true,
        handedOver: [],
      },
    });
    const list = await readList(tutor);
    const ben = list.rows.find(({ name }: { name: string }) => name === 'Ben Strong');
    expect(ben).toMatchObject({ last: { channel: 'phone', outcome: 'no-reply' } });
    expect(ben.followUpAt).toBe(deps.now().getTime() + dayMs);
    expect(list.mine).toEqual([ben.personId]);
  });

  it('keeps closed flags in a view of their own', async () => {
    const closed = (await request(app).get('/api/flags/closed').set(tutor.auth).expect(200)).body;
    expect(closed.rows.map(({ name }: { name: string }) => name)).toEqual(['Gus Quiet']);
  });

  it('leaves an audit row before it is shown', async () => {
    await AuditModel.deleteMany({});
    await readList(tutor);
    expect(await AuditModel.countDocuments({ deed: 'viewed-list', actorId: tutor.personId })).toBe(1);
  });
});

describe('the list that is kept between readings', () => {
  it('shows at once what anybody wrote: an opt-out, a change of a flag, an action by a colleague', async () => {
    const fresh = await makeCourse(deps);
    const reader = await fresh.add('tutor', 'Reader');
    const writer = await fresh.add('tutor', 'Writer');
    const student = await fresh.add('student', 'Followed Student');
    const flagId = await fresh.flag(student.personId);
    expect((await readList(reader)).rows[0].flags[0].state).toBe('open');
    const change = (rev: number, body: object) =>
      request(app)
        .post(`/api/flags/${flagId}/state`)
        .set(writer.auth)
        .send({ rev, ...body })
        .expect(200);
    await change(0, { to: 'discussing' });
    expect((await readList(reader)).rows[0].flags[0].state).toBe('discussing');
    await EnrolmentModel.updateOne(
      { courseId: fresh.courseId, personId: student.personId },
      { $set: { optedOutAt: deps.now() } },
    );
    expect(await readList(reader)).toMatchObject({ rows: [], optedOut: 1 });
  });

  it('takes in what was written about one student and leaves the others as they were', async () => {
    const fresh = await makeCourse(deps);
    const reader = await fresh.add('tutor', 'Reader');
    const quiet = await fresh.add('student', 'Quiet Student', { groups: ['Lab 1'] });
    await fresh.flag(quiet.personId, { openedDaysAgo: 9 });
    const names = async () => (await readList(reader)).rows.map(({ name }: { name: string }) => name);
    expect(await names()).toEqual(['Quiet Student']);
    const late = await fresh.add('student', 'Late Student', { groups: ['Lab 2'] });
    expect((await readList(reader)).students).toBe(2);
    await fresh.flag(late.personId, { openedDaysAgo: 2 });
    const list = await readList(reader);
    expect(list.rows.map(({ groups }: { groups: number[] }) => groups.map((place) => list.groups[place]))).toEqual([
      ['Lab 1'],
      ['Lab 2'],
    ]);
    await EnrolmentModel.updateOne(
      { courseId: fresh.courseId, personId: quiet.personId },
      { $set: { isActive: false } },
    );
    expect(await names()).toEqual(['Late Student']);
    expect((await readList(reader)).students).toBe(1);
  });

  it('notices more writes than it remembers, and flags that a computation raised by the dozen', async () => {
    const fresh = await makeCourse(deps);
    const reader = await fresh.add('tutor', 'Reader');
    await readList(reader);
    const people = [];
    for (let index = 0; index < 40; index++) people.push(await fresh.add('student', `Student ${index}`));
    await storeFlags(
      fresh.courseId,
      people.map(({ personId }) => ({ flag: makeFlag(personId, deps.now().getTime()), rev: undefined })),
    );
    expect((await readList(reader)).rows).toHaveLength(40);
  });

  it('is not sent again to a reader who has it, and is the same text compressed and plain', async () => {
    const fresh = await makeCourse(deps);
    const reader = await fresh.add('tutor', 'Reader');
    const student = await fresh.add('student', 'Zoë “Quoted” Ångström');
    await fresh.flag(student.personId);
    const ask = (headers: object) =>
      request(app)
        .get('/api/flags')
        .set({ ...reader.auth, ...headers });
    const plain = await ask({ 'Accept-Encoding': 'identity' }).expect(200);
    expect(plain.headers['content-encoding']).toBeUndefined();
    const packed = await ask({ 'Accept-Encoding': 'gzip' }).expect(200);
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.body).toEqual(plain.body);
    expect(packed.body.rows[0].name).toBe(student.name);

    const tag = packed.headers['etag']!;
    const same = await ask({ 'If-None-Match': tag, 'Cache-Control': 'no-cache' }).expect(304);
    expect(same.text).toBe('');
    const other = await fresh.add('tutor', 'Other Reader');
    await request(app).get('/api/flags').set(other.auth).set('If-None-Match', tag).expect(200);
    await fresh.flag(student.personId, { kind: 'stretch' });
    await ask({ 'If-None-Match': tag }).expect(200);
  });
});

describe('the download', () => {
  it('is safe to open in a spreadsheet, holds the asked rows only, and is audited for each student', async () => {
    const evil = await course.add('student', '=HYPERLINK("https://x.test","y")');
    await course.flag(evil.personId);
    await AuditModel.deleteMany({});
    const { text, headers } = await request(app)
      .post('/api/flags/export')
      .set(tutor.auth)
      .send({ personIds: [evil.personId, students['Ben Strong']!.personId] })
      .expect(200);
    expect(headers['content-type']).toContain('text/csv');
    const lines = text.trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(text).toContain(`"'=HYPERLINK(""https://x.test"",""y"")"`);
    expect(await AuditModel.countDocuments({ deed: 'exported-list', subjectId: evil.personId })).toBe(1);
  });
});

describe('what the download says', () => {
  const readRows = async (reader: TestPerson, body: object) =>
    readCsv((await request(app).post('/api/flags/export').set(reader.auth).send(body).expect(200)).text);

  it('is what the page says, in words, with dates of the course that a spreadsheet takes for dates', async () => {
    const summer = await makeCourse(deps);
    await CourseModel.updateOne({ _id: summer.courseId }, { 'calendar.timeZone': 'Europe/Helsinki' });
    const reader = await summer.add('tutor', 'Reader');
    const [asking, flagged] = [await summer.add('student', 'Asking'), await summer.add('student', 'Flagged')];
    await ask(asking, summer);
    await summer.flag(flagged.personId, { openedDaysAgo: 9, state: 'acting' });
    await ActionModel.create({
      courseId: summer.courseId,
      personId: flagged.personId,
      byId: reader.personId,
      category: 'supportive',
      channel: 'phone',
      initiator: 'staff',
      outcome: 'agreed-steps',
      // Half past midnight in Helsinki.
      at: new Date('2026-11-19T22:30:00Z'),
      recordedAt: deps.now(),
    });
    const rows = await readRows(reader, {});
    expect(rows).toMatchObject([
      { Name: 'Asking', List: 'Support', State: 'Open', Why: 'Asked for a conversation' },
      {
        Name: 'Flagged',
        List: 'Support',
        Why: 'Not seen for 17 days',
        State: 'In contact',
        'Waiting since': '2026-11-14',
        'Days waiting': '9',
        'Last contact': '2026-11-20',
        'How it stands': 'Agreed next steps',
      },
    ]);
  });

  it('is of the closed flags where these are on the page', async () => {
    const [row, ...others] = await readRows(tutor, {
      which: 'closed',
      personIds: [students['Gus Quiet']!.personId],
    });
    expect(row).toMatchObject({ Name: 'Gus Quiet', State: 'Settled', Raised: '2026-11-20' });
    expect(others).toEqual([]);
  });
});

describe('a download in the middle of a computation', () => {
  it('holds every row whole, and each student once', async () => {
    const busy = await makeCourse(deps);
    const reader = await busy.add('tutor', 'Reader');
    const people = await Promise.all(Array.from({ length: 30 }, (_, index) => busy.add('student', `Student ${index}`)));
    const flags = people.map(({ personId }) => ({ flag: makeFlag(personId, deps.now().getTime()), rev: undefined }));
    const download = () => request(app).post('/api/flags/export').set(reader.auth).send({}).expect(200);
    const [, ...files] = await Promise.all([storeFlags(busy.courseId, flags), download(), download(), download()]);
    for (const { text } of [...files, await download()]) {
      // The reader refuses a row with a cell too few or too many.
      const rows = readCsv(text);
      expect(new Set(rows.map(({ Name }) => Name)).size).toBe(rows.length);
    }
    expect((await download()).text.trim().split('\r\n')).toHaveLength(31);
  });
});

describe('changing a flag', () => {
  it('takes it along and keeps by whom', async () => {
    const student = await course.add('student', 'Hal Changes');
    const id = await course.flag(student.personId);
    const { body } = await request(app)
      .post(`/api/flags/${id}/state`)
      .set(tutor.auth)
      .send({ rev: 0, to: 'dismissed', reason: 'known-circumstances' })
      .expect(200);
    expect(body).toMatchObject({ state: 'dismissed', rev: 1 });
    const stored = await FlagModel.findById(id).lean();
    expect(stored?.history.at(-1)).toMatchObject({ by: tutor.personId, reason: 'known-circumstances' });
  });

  it('asks for a reason where closing it needs one', async () => {
    const student = await course.add('student', 'Ida Reason');
    const id = await course.flag(student.personId);
    const { body } = await request(app)
      .post(`/api/flags/${id}/state`)
      .set(tutor.auth)
      .send({ rev: 0, to: 'resolved' })
      .expect(422);
    expect(body.error.fields.reason).toBeTruthy();
  });

  it('says so when new data settled it while the page was open, and hands over how it stands', async () => {
    const student = await course.add('student', 'Jo Settled');
    const id = await course.flag(student.personId);
    await FlagModel.updateOne(
      { _id: id },
      {
        $set: { state: 'resolved', rev: 1 },
        $push: { history: { at: 1, by: 'data', from: 'open', to: 'resolved', reason: 'engaging-again' } },
      },
    );
    const { body } = await request(app)
      .post(`/api/flags/${id}/state`)
      .set(tutor.auth)
      .send({ rev: 0, to: 'discussing' })
      .expect(409);
    expect(body.error.message).toContain('New data settled this flag');
    expect(body.error.current).toMatchObject({ id, state: 'resolved', rev: 1 });
  });

  it('lets one of two tutors win who press at the same moment', async () => {
    const student = await course.add('student', 'Kim Race');
    const other = await course.add('tutor', 'Ada Lovelace');
    const id = await course.flag(student.personId);
    const answers = await Promise.all(
      [tutor, other].map((who) =>
        request(app).post(`/api/flags/${id}/state`).set(who.auth).send({ rev: 0, to: 'discussing' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await FlagModel.findById(id).lean())?.history).toHaveLength(2);
  });
});

describe('saved views', () => {
  it('are kept, replaced by name, and one’s own only', async () => {
    const other = await course.add('tutor', 'Alan Turing');
    await request(app)
      .put('/api/views')
      .set(tutor.auth)
      .send({ name: 'Mine', filters: { mine: 'yes' } })
      .expect(200);
    const { body } = await request(app)
      .put('/api/views')
      .set(tutor.auth)
      .send({ name: 'Mine', filters: { mine: 'yes', state: 'open', notSeen: 'a1' } })
      .expect(200);
    expect(body.views).toMatchObject([{ name: 'Mine', filters: { mine: 'yes', state: 'open', notSeen: 'a1' } }]);
    expect((await request(app).get('/api/views').set(other.auth)).body.views).toEqual([]);
    await request(app).delete(`/api/views/${body.views[0].id}`).set(other.auth).expect(404);
    await request(app)
      .put('/api/views')
      .set(tutor.auth)
      .send({ name: 'x', filters: { search: 'Ann' } })
      .expect(422);
    await request(app).delete(`/api/views/${body.views[0].id}`).set(tutor.auth).expect(200);
  });
});
