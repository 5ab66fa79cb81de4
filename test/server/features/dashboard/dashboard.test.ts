import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardReplySchema, type DashboardReply } from '../../../../server/contracts/dashboard.ts';
import { ChallengeModel } from '../../../../server/database/models/challenge.ts';
import { FlagModel } from '../../../../server/database/models/flag.ts';
import { FreshnessModel } from '../../../../server/database/models/freshness.ts';
import { SupportRequestModel } from '../../../../server/database/models/support-request.ts';
import type { ChallengeState, RequestState } from '../../../../server/domain/vocabulary.ts';
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

async function look(who: Member): Promise<DashboardReply> {
  const { body } = await request(waymark.app).get('/api/dashboard').set(who.auth).expect(200);
  return dashboardReplySchema.parse(body);
}
const middleRange = async (who: Member) =>
  (await request(waymark.app).get('/api/dashboard/middle-range').set(who.auth).expect(200)).body;

beforeAll(async () => {
  waymark = await startStudentApp(database.uri);
  course = await makeLivedCourse(waymark.deps);
  student = await course.add('student', 'Ada Student');
  // Three active days in each of the weeks before, one so far in this one (25 November is a Wednesday).
  await course.wasActive(
    student.personId,
    [1, 4, 6, 9, 10, 12, 16, 25, 27, 30, 31, 33, 38, 40, 44, 45, 47, 50, 52, 54, 57, 60],
  );
  await course.has(student.personId, {
    submissions: [
      { assessmentId: 'cw1', submittedAt: noonOf(41) },
      { assessmentId: 'quiz1', submittedAt: noonOf(25) },
      { assessmentId: 'cw3', extendedTo: noonOf(-8) },
    ],
    completions: [],
    pauses: [{ id: 'p1', kind: 'authorised-absence', from: '2026-10-19', to: '2026-10-20', by: 'x', at: 1 }],
    corrections: [{ about: 'active-day', day: '2026-11-24' }],
  });
  await course.compute();
});
afterAll(() => waymark.close());

describe('the student’s view', () => {
  it('tells the week, what was done in it, and the student’s own usual', async () => {
    const { view, week } = await look(student);
    expect(week).toBe('2026-W48');
    expect(view.course).toMatchObject({ state: 'running', week: 9, teachingWeeks: 12, today: '2026-11-25' });
    expect(view.weeks.find(({ when }) => when === 'now')).toMatchObject({ number: 9, activeDays: 1, resources: 1 });
    expect(view.weeks.find(({ vacation }) => vacation)).toMatchObject({ vacation: 'Reading week', activeDays: 0 });
    expect(view.usual).toEqual({ activeDays: 3, weeks: 6 });
    expect(view.presence).toEqual({ asOf: waymark.clock.now.getTime() - 3_600_000 });
  });

  it('tells what is due, handed in, late, extended and not seen', async () => {
    const { view } = await look(student);
    expect(view.work.map(({ id, state, isExtended }) => [id, state, isExtended])).toEqual([
      ['cw1', 'handed-in', false],
      ['quiz1', 'handed-in-late', false],
      ['cw2', 'not-seen', false],
      ['cw3', 'to-come', true],
      ['exam', 'to-come', false],
    ]);
    expect(view.work.find(({ id }) => id === 'cw3')?.dueAt).toBe(noonOf(-8));
  });

  it('explains every figure that staff see, with the student’s own numbers', async () => {
    const { view } = await look(student);
    const work = view.indicators.find(({ indicator }) => indicator === 'submissions')!;
    expect(work).toMatchObject({ result: '1', formula: '3 due − 2 handed in = 1' });
    expect(work.rules[0]).toMatchObject({ applies: true, holds: true });
    const texts = JSON.stringify(view);
    expect(texts).not.toMatch(/\{\w+\}/);
  });

  it('tells of a flag what staff see of it: who took it where, and with which reason', async () => {
    const tutor = await course.add('tutor', 'Tia Tutor');
    const at = noonOf(0);
    const step = { at, by: tutor.personId, from: 'open', to: 'dismissed', reason: 'known-circumstances' } as const;
    await FlagModel.updateOne(
      { courseId: course.courseId, personId: student.personId, kind: 'support' },
      { $set: { state: 'dismissed', history: [step] } },
    );
    const { view } = await look(student);
    expect(view.flags).toMatchObject([
      { isClosed: true, history: [{ at, by: 'Tia Tutor', to: 'dismissed', reason: 'known-circumstances' }] },
    ]);
  });

  it('tells of pauses and corrections that count', async () => {
    const { view } = await look(student);
    expect(view.pauses).toEqual([
      { from: '2026-10-19', to: '2026-10-20', kind: 'authorised-absence', label: 'Authorised absence' },
    ]);
    expect(view.corrections).toEqual(['Counted as an active day: 24 November']);
  });

  it('keeps a suggestion put aside until it is brought back', async () => {
    const [first] = (await look(student)).suggestions;
    const choose = (isDismissed: boolean) =>
      request(waymark.app).put('/api/dashboard/suggestion').set(student.auth).send({ id: first!.id, isDismissed });
    await choose(true).expect(204);
    expect((await look(student)).suggestions.map(({ id }) => id)).not.toContain(first!.id);
    await choose(false).expect(204);
    expect((await look(student)).suggestions[0]?.id).toBe(first!.id);
  });
});

describe('a course in which most people have the same open', () => {
  it('tells whoever has it open that it speaks of the course and flags nobody, and nobody else', async () => {
    const crowded = await makeLivedCourse(waymark.deps, 'Crowded course');
    const everything = ['cw1', 'quiz1', 'cw2'].map((assessmentId) => ({ assessmentId, submittedAt: noonOf(41) }));
    const done = await crowded.add('student', 'Dora Done');
    const others = [];
    for (let index = 0; index < 6; index++) others.push(await crowded.add('student', `Olu Other${index}`));
    for (const { personId } of [done, ...others]) await crowded.wasActive(personId, [1, 4, 6, 9]);
    await crowded.has(done.personId, { submissions: everything });
    for (const { personId } of others) await crowded.has(personId, { submissions: [] });
    await crowded.compute();
    const notesOf = async (who: Member) =>
      (await look(who)).view.indicators.flatMap(({ indicator, flagsNobody }) =>
        flagsNobody ? [[indicator, flagsNobody]] : [],
      );
    expect(await notesOf(others[0]!)).toEqual([
      ['submissions', expect.stringContaining('says more about the module than about you')],
    ]);
    expect(await notesOf(done)).toEqual([]);
  });
});

describe('a student of whom nothing is known yet', () => {
  it('is shown the term and no zeros that mean nothing', async () => {
    const newcomer = await course.add('student', 'Ned Newcomer');
    const { view, suggestions } = await look(newcomer);
    expect(view.usual).toBeUndefined();
    expect(view.indicators.every(({ noData }) => noData)).toBe(true);
    expect(view.work.every(({ state }) => state === 'unknown')).toBe(true);
    expect(suggestions.length).toBeGreaterThan(0);
  });

  it('is told when the data could not be read, and no day of the silence counts as quiet', async () => {
    const silent = await makeLivedCourse(waymark.deps, 'Silent course');
    const someone = await silent.add('student', 'Sil Student');
    await silent.wasActive(someone.personId, [20, 21, 22]);
    await silent.has(someone.personId, { submissions: [{ assessmentId: 'cw1', submittedAt: noonOf(41) }] });
    await FreshnessModel.updateOne(
      { courseId: silent.courseId },
      { $set: { okAt: new Date(noonOf(10)), failedBecause: 'The platform did not answer.' } },
    );
    await silent.compute();
    const { view } = await look(someone);
    expect(view.presence.missing).toBe('source-failed');
    expect(view.sources).toMatchObject([{ source: 'moodle', state: 'failing' }]);
    expect(view.weeks.find(({ when }) => when === 'now')).toMatchObject({ unseenDays: 3 });
    expect(view.flags).toEqual([]);
    // What came due since the last reading may have been handed in; nobody can say.
    expect(view.work.map(({ id, state }) => [id, state])).toEqual([
      ['cw1', 'handed-in'],
      ['quiz1', 'not-seen'],
      ['cw2', 'not-read'],
      ['cw3', 'to-come'],
      ['exam', 'to-come'],
    ]);
  });
});

describe('the comparison with the course', () => {
  it('is off until it is switched on', async () => {
    expect((await look(student)).showsMiddleRange).toBe(false);
    await request(waymark.app)
      .put('/api/dashboard/comparison')
      .set(student.auth)
      .send({ showsMiddleRange: true })
      .expect(204);
    expect((await look(student)).showsMiddleRange).toBe(true);
  });

  it('is not shown with fewer than eight others, and is the middle half with eight', async () => {
    const small = await makeLivedCourse(waymark.deps, 'Small course');
    const members = [];
    for (let index = 0; index < 8; index++) {
      const member = await small.add('student', `Student ${index}`);
      await small.wasActive(member.personId, [3, 4, 5, 6, 7, 8, 9].slice(0, index));
      members.push(member);
    }
    await small.compute();
    expect(await middleRange(members[0]!)).toEqual({ minimumGroup: 8 });
    const last = await small.add('student', 'Student 8');
    await small.wasActive(last.personId, []);
    waymark.clock.now = new Date(waymark.clock.now.getTime() + 1000);
    await small.compute();
    const { weeks } = (await middleRange(last)) as { weeks: { week: string; from: number; to: number }[] };
    expect(weeks.find(({ week }) => week === '2026-W47')).toEqual({ week: '2026-W47', from: 1, to: 5 });
    waymark.clock.now = new Date(waymark.clock.now.getTime() - 1000);
  });
});

describe('what the student asked', () => {
  const day = 86_400_000;
  const ago = (days: number) => new Date(Date.UTC(2026, 10, 25, 15) - days * day);
  const requestThat = (state: RequestState, more: object = {}) => ({
    channel: 'meeting',
    state,
    askedAt: ago(20),
    updatedAt: ago(20),
    ...more,
  });
  const reply = { sealedReply: 'v1.test.a.b', answeredAt: ago(3) };

  it.each([
    ['not read yet', requestThat('asked'), 1],
    ['read', requestThat('seen'), 1],
    ['answered three days ago', requestThat('seen', reply), 1],
    ['answered a month ago', requestThat('seen', { ...reply, answeredAt: ago(30) }), 0],
    ['to be talked about tomorrow', requestThat('arranged', { meetingAt: ago(-1) }), 1],
    ['talked about two days ago', requestThat('arranged', { meetingAt: ago(2) }), 0],
    ['done, with a last word', requestThat('done', reply), 1],
    ['done', requestThat('done', { answeredAt: ago(3) }), 0],
    ['taken back', requestThat('withdrawn'), 0],
  ])('stands on their week where it concerns them now: a request %s', async (_name, stored, shown) => {
    const asking = await course.add('student', 'Asking Student');
    await SupportRequestModel.create({ ...stored, courseId: course.courseId, personId: asking.personId });
    expect((await look(asking)).asked.requests).toHaveLength(shown);
    expect((await look(student)).asked.requests).toEqual([]);
  });

  it.each<[ChallengeState, number | undefined, number]>([
    ['raised', undefined, 1],
    ['looking', undefined, 1],
    ['declined', 14, 1],
    ['accepted', 15, 0],
    ['withdrawn', undefined, 0],
  ])('and so does something that is not right: %s, answered %s days ago', async (state, answered, shown) => {
    const asking = await course.add('student', 'Asking Student');
    await ChallengeModel.create({
      courseId: course.courseId,
      personId: asking.personId,
      topic: 'other',
      sealedText: 'v1.test.a.b',
      state,
      raisedAt: ago(20),
      updatedAt: ago(20),
      ...(answered !== undefined && { answeredAt: ago(answered) }),
    });
    expect((await look(asking)).asked.challenges).toHaveLength(shown);
  });
});
