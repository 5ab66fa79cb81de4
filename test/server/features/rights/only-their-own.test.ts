import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
let others: Record<string, Member>;
const ids = { entry: '', goal: '', request: '', challenge: '' };

beforeAll(async () => {
  waymark = await startStudentApp(database.uri);
  course = await makeLivedCourse(waymark.deps);
  const elsewhere = await makeLivedCourse(waymark.deps, 'Another course');
  student = await course.add('student', 'Ada Student');
  others = {
    'another student': await course.add('student', 'Ben Student'),
    'a student of another course': await elsewhere.add('student', 'Cem Student'),
    'a tutor of the course': await course.add('tutor', 'Tia Tutor'),
    'a tutor of another course': await elsewhere.add('tutor', 'Tom Tutor'),
    'an administrator': await course.add('administrator', 'Ann Administrator'),
    'an engagement lead': await course.add('lead', 'Lea Lead'),
    'a mentor': await course.add('mentor', 'Moe Mentor'),
  };
  const api = request(waymark.app);
  const entry = await api
    .post('/api/journal/entries')
    .set(student.auth)
    .send({ text: 'A secret of Ada', isShared: false })
    .expect(201);
  const goal = await api
    .put('/api/journal/goal')
    .set(student.auth)
    .send({ week: '2026-W48', kind: 'own-words', text: 'A secret goal of Ada', rev: 0 })
    .expect(200);
  const asked = await api
    .post('/api/rights/support')
    .set(student.auth)
    .send({ channel: 'meeting', about: 'A secret question of Ada' })
    .expect(201);
  const challenge = await api
    .post('/api/rights/challenges')
    .set(student.auth)
    .send({ topic: 'other', text: 'A secret correction of Ada' })
    .expect(201);
  Object.assign(ids, {
    entry: entry.body.id,
    goal: goal.body.id,
    request: asked.body.id,
    challenge: challenge.body.id,
  });
});
afterAll(() => waymark.close());

const own: [method: 'get' | 'put' | 'post', path: string, body?: object][] = [
  ['get', '/api/dashboard'],
  ['get', '/api/dashboard/middle-range'],
  ['put', '/api/dashboard/comparison', { showsMiddleRange: true }],
  ['put', '/api/dashboard/suggestion', { id: 'one-question', isDismissed: true }],
  ['get', '/api/journal'],
  ['put', '/api/journal/goal', { week: '2026-W48', kind: 'own-words', text: 'x', rev: 0 }],
  ['post', '/api/journal/entries', { text: 'x', isShared: false }],
  ['get', '/api/rights'],
  ['put', '/api/rights/contact', { isOptedOut: false }],
  ['get', '/api/rights/support'],
  ['post', '/api/rights/support', { channel: 'meeting' }],
  ['post', '/api/rights/challenges', { topic: 'other', text: 'x' }],
  ['get', '/api/rights/download.json'],
  ['get', '/api/rights/download.html'],
];
const byId: readonly (readonly ['put' | 'post' | 'delete', () => string, object])[] = [
  ['put', () => `/api/journal/entries/${ids.entry}`, { text: 'x', isShared: true, rev: 1 }],
  ['delete', () => `/api/journal/entries/${ids.entry}`, { rev: 1 }],
  ['delete', () => `/api/journal/goal/${ids.goal}`, { rev: 1 }],
  ['post', () => `/api/rights/support/${ids.request}/withdraw`, { rev: 1 }],
  ['post', () => `/api/rights/challenges/${ids.challenge}/withdraw`, { rev: 1 }],
];

describe('a student’s own pages', () => {
  it.each(own)('asks for a session: %s %s', async (method, path, body) => {
    await request(waymark.app)[method](path).send(body).expect(401);
  });
  it.each(byId)('asks for a session for a record: %s %#', async (method, path, body) => {
    await request(waymark.app)[method](path()).send(body).expect(401);
  });

  it.each(['a tutor of the course', 'a tutor of another course', 'an administrator', 'an engagement lead', 'a mentor'])(
    'shows nothing to %s',
    async (who) => {
      for (const [method, path, body] of own) {
        const answer = await request(waymark.app)[method](path).set(others[who]!.auth).send(body);
        expect([path, answer.status]).toEqual([path, 403]);
        expect(answer.text).not.toContain('secret');
      }
      for (const [method, path, body] of byId) {
        const answer = await request(waymark.app)[method](path()).set(others[who]!.auth).send(body);
        expect([path(), answer.status]).toEqual([path(), 403]);
      }
    },
  );

  it.each(['another student', 'a student of another course'])(
    'shows and changes nothing of Ada for %s',
    async (who) => {
      for (const [method, path, body] of own) {
        const answer = await request(waymark.app)[method](path).set(others[who]!.auth).send(body);
        expect(answer.status).toBeLessThan(300);
        expect(answer.text).not.toContain('secret');
        expect(answer.text).not.toContain('Ada');
      }
      for (const [method, path, body] of byId) {
        const answer = await request(waymark.app)[method](path()).set(others[who]!.auth).send(body);
        expect([path(), answer.status]).toEqual([path(), 404]);
        expect(answer.text).not.toContain('secret');
      }
      const mine = await request(waymark.app).get('/api/journal').set(student.auth).expect(200);
      expect(mine.body.entries).toMatchObject([{ text: 'A secret of Ada', rev: 1 }]);
      expect(mine.body.goals).toMatchObject([{ text: 'A secret goal of Ada', rev: 1 }]);
    },
  );

  it.each(['000000000000000000000000', 'x', '../rights', '%00'])('has no record %s', async (id) => {
    await request(waymark.app)
      .put(`/api/journal/entries/${encodeURIComponent(id)}`)
      .set(student.auth)
      .send({ text: 'x', isShared: false, rev: 1 })
      .expect(404);
    await request(waymark.app)
      .post(`/api/rights/support/${encodeURIComponent(id)}/withdraw`)
      .set(student.auth)
      .send({ rev: 1 })
      .expect(404);
  });

  it('writes nothing that anybody typed to the log', () => {
    expect(waymark.logged.join('')).not.toContain('secret');
  });
});
