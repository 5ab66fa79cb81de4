import mongoose from 'mongoose';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { journalReplySchema } from '../../../../server/contracts/reflections.ts';
import { listSharedReflections } from '../../../../server/database/models/reflection.ts';
import {
  makeLivedCourse,
  startStudentApp,
  type LivedCourse,
  type Member,
  type StudentApp,
} from '../../../support/student-course.ts';
import { useDatabase } from '../../../support/database.ts';

const database = useDatabase();
let waymark: StudentApp;
let course: LivedCourse;
let student: Member;
beforeAll(async () => {
  waymark = await startStudentApp(database.uri);
  course = await makeLivedCourse(waymark.deps);
  student = await course.add('student', 'Ada Student');
});
afterAll(() => waymark.close());

const write = (body: object) => request(waymark.app).post('/api/journal/entries').set(student.auth).send(body);
const change = (id: string, body: object) =>
  request(waymark.app).put(`/api/journal/entries/${id}`).set(student.auth).send(body);
const setGoal = (body: object) => request(waymark.app).put('/api/journal/goal').set(student.auth).send(body);
const shared = () =>
  listSharedReflections({ courseId: course.courseId, personId: student.personId }, waymark.deps.vault);

describe('the journal', () => {
  it('keeps an entry private, word for word, and asks the week’s question', async () => {
    const text = '<script>alert(1)</script>\r\nIt was *hard* & I liked it';
    const { body } = await write({ text, prompt: 'What went well?', isShared: false }).expect(201);
    expect(body.text).toBe('<script>alert(1)</script>\nIt was *hard* & I liked it');
    expect(body.sharedAt).toBeUndefined();
    const journal = await request(waymark.app).get('/api/journal').set(student.auth).expect(200);
    expect(() => journalReplySchema.parse(journal.body)).not.toThrow();
    expect(journal.body).toMatchObject({ week: '2026-W48', entries: [{ text: body.text, prompt: 'What went well?' }] });
    expect(journal.body.prompt).not.toContain('{');
    expect(await shared()).toEqual([]);
  });

  it('lies encrypted in the database', async () => {
    await write({ text: 'unmistakable-words', isShared: true }).expect(201);
    await setGoal({
      week: '2026-W46',
      kind: 'own-words',
      text: 'unmistakable-words',
      plan: 'unmistakable-words',
      rev: 0,
    });
    for (const { name } of await mongoose.connection.db!.listCollections().toArray()) {
      const documents = await mongoose.connection.db!.collection(name).find().toArray();
      expect([name, JSON.stringify(documents).includes('unmistakable-words')]).toEqual([name, false]);
    }
  });

  it('is shared, withdrawn and deleted as the student says', async () => {
    const before = await shared();
    const { body: entry } = await write({ text: 'For my tutor', isShared: true }).expect(201);
    expect((await shared()).map(({ text }) => text)).toContain('For my tutor');
    const { body: withdrawn } = await change(entry.id, { text: 'For my tutor', isShared: false, rev: 1 }).expect(200);
    expect(withdrawn).toMatchObject({ rev: 2 });
    expect(await shared()).toEqual(before);
    await request(waymark.app)
      .delete(`/api/journal/entries/${entry.id}`)
      .set(student.auth)
      .send({ rev: 2 })
      .expect(204);
    await change(entry.id, { text: 'Again', isShared: false, rev: 2 }).expect(404);
  });

  it('loses nothing when an older tab saves: the answer holds what is there now', async () => {
    const { body: entry } = await write({ text: 'First', isShared: false }).expect(201);
    await change(entry.id, { text: 'From the newer tab', isShared: false, rev: 1 }).expect(200);
    const stale = await change(entry.id, { text: 'From the older tab', isShared: false, rev: 1 }).expect(409);
    expect(stale.body.error).toMatchObject({ code: 'conflict', current: { text: 'From the newer tab', rev: 2 } });
    await request(waymark.app)
      .delete(`/api/journal/entries/${entry.id}`)
      .set(student.auth)
      .send({ rev: 1 })
      .expect(409);
    await change(entry.id, { text: 'Both together', isShared: false, rev: 2 }).expect(200);
  });

  it.each([
    ['nothing but spaces', { text: '  \n ', isShared: false }, 'text'],
    ['far too much', { text: 'x'.repeat(8001), isShared: false }, 'text'],
    ['a field that is not asked for', { text: 'x', isShared: false, personId: 'a'.repeat(24) }, 'personId'],
    ['no choice about sharing', { text: 'x' }, 'isShared'],
    ['a text that is a query', { text: { $ne: '' }, isShared: false }, 'text'],
  ])('refuses %s and names the field', async (_what, body, field) => {
    const { body: answer } = await write(body).expect(422);
    expect(Object.keys(answer.error.fields)).toEqual([field]);
  });
});

describe('a goal', () => {
  it('says how long it is when it is too long, and keeps nothing', async () => {
    const { body } = await setGoal({ week: '2026-W48', kind: 'own-words', text: 'g'.repeat(10_000), rev: 0 }).expect(
      422,
    );
    expect(body.error.fields.text).toBe(
      'This has 10,000 characters, and there is room for 300. Please shorten it a little.',
    );
  });

  it.each([
    [{ kind: 'active-days', rev: 0 }, 'target', 'Please say how many.'],
    [{ kind: 'active-days', target: 8, rev: 0 }, 'target', 'A week has seven days.'],
    [{ kind: 'active-days', target: 2.5, rev: 0 }, 'target', 'Please give a whole number.'],
    [{ kind: 'resources', target: 0, rev: 0 }, 'target', 'One is a good place to start.'],
    [{ kind: 'own-words', text: ' ', rev: 0 }, 'text', 'Please write your goal in a few words.'],
    [{ kind: 'active-days', target: 3, rev: 0, week: '2026-W49' }, 'week', 'A goal is set in its own week.'],
    [{ kind: 'active-days', target: 3, rev: 0, week: '2026-W60' }, 'week', 'Please choose a week of the calendar.'],
  ])('is refused in words: %j', async (goal, field, words) => {
    const { body } = await setGoal({ week: '2026-W48', ...goal }).expect(422);
    expect(body.error.fields[field]).toBe(words);
  });

  it('is one a week, changed by whoever saw it last, and looked back on in the student’s own eyes', async () => {
    const first = await setGoal({ week: '2026-W48', kind: 'active-days', target: 3, plan: 'Mondays', rev: 0 }).expect(
      200,
    );
    expect(first.body).toMatchObject({ kind: 'active-days', target: 3, plan: 'Mondays', rev: 1 });
    const stale = await setGoal({ week: '2026-W48', kind: 'own-words', text: 'Other tab', rev: 0 }).expect(409);
    expect(stale.body.error.current).toMatchObject({ target: 3, plan: 'Mondays', rev: 1 });
    const done = await setGoal({ week: '2026-W48', kind: 'active-days', target: 3, outcome: 'partly', rev: 1 }).expect(
      200,
    );
    expect(done.body).toMatchObject({ outcome: 'partly', rev: 2 });
    await request(waymark.app)
      .delete(`/api/journal/goal/${done.body.id}`)
      .set(student.auth)
      .send({ rev: 1 })
      .expect(409);
    await request(waymark.app)
      .delete(`/api/journal/goal/${done.body.id}`)
      .set(student.auth)
      .send({ rev: 2 })
      .expect(204);
  });

  it('is saved once when two tabs create it in the same moment', async () => {
    const goal = { week: '2026-W47', kind: 'own-words', text: 'Twice', rev: 0 };
    const answers = await Promise.all([setGoal(goal), setGoal(goal), setGoal(goal)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });
});
