import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTutorRouters } from '../../../../server/tutor-routers.ts';
import { useDatabase } from '../../../support/database.ts';
import {
  makeCourse,
  newHexId,
  startApp,
  type StaffedCourse,
  type TestPerson,
} from '../../../support/staffed-course.ts';

const { uri } = useDatabase();
const { app, deps, close } = await startApp(uri, createTutorRouters);
afterAll(close);

let course: StaffedCourse;
let student: TestPerson;
let flagId: string;
let actionId: string;
const people: Record<string, TestPerson> = {};

beforeAll(async () => {
  course = await makeCourse(deps);
  student = await course.add('student', 'Sam Secret');
  flagId = await course.flag(student.personId);
  for (const role of ['tutor', 'assistant', 'lead', 'administrator', 'mentor'] as const)
    people[role] = await course.add(role, `The ${role}`);
  people['student'] = await course.add('student', 'Another Student');
  people['the student'] = student;
  people['a tutor elsewhere'] = await (await makeCourse(deps)).add('tutor', 'Tutor Elsewhere');
  const { body } = await request(app)
    .post('/api/actions')
    .set(people['tutor']!.auth)
    .send({
      personIds: [student.personId],
      category: 'supportive',
      channel: 'phone',
      initiator: 'student',
      outcome: 'spoke',
      at: deps.now().getTime(),
      summary: 'A private note.',
    });
  actionId = body.actions[0].id;
});

const lists = [
  '/api/flags',
  '/api/flags/closed',
  '/api/students',
  '/api/actions',
  '/api/actions/forms',
  '/api/actions/export',
  '/api/follow-ups',
  '/api/discussions',
  '/api/answers',
  '/api/rules',
  '/api/views',
  '/api/course/pauses',
];

describe.each(lists)('GET %s', (path) => {
  it('opens to a tutor of the course', async () => {
    await request(app).get(path).set(people['tutor']!.auth).expect(200);
  });
  it('is closed to nobody known', async () => {
    await request(app).get(path).expect(401);
    await request(app).get(path).set('Authorization', 'Bearer forged').expect(401);
  });
  it.each(['assistant', 'lead', 'administrator', 'mentor', 'student', 'the student'])(
    'is closed to %s',
    async (who) => {
      const { text } = await request(app).get(path).set(people[who]!.auth).expect(403);
      expect(text).not.toContain('Sam');
    },
  );
  it('shows a tutor of another course nothing of this one', async () => {
    const { text } = await request(app).get(path).set(people['a tutor elsewhere']!.auth).expect(200);
    expect(text).not.toContain('Sam');
    expect(text).not.toContain(student.personId);
  });
});

describe('one student', () => {
  it('opens to their tutor only; elsewhere they do not exist', async () => {
    const path = `/api/students/${student.personId}`;
    await request(app).get(path).set(people['tutor']!.auth).expect(200);
    await request(app).get(path).expect(401);
    for (const who of ['assistant', 'lead', 'administrator', 'mentor', 'student', 'the student'])
      await request(app).get(path).set(people[who]!.auth).expect(403);
    const missing = await request(app).get(`/api/students/${newHexId()}`).set(people['tutor']!.auth).expect(404);
    const foreign = await request(app).get(path).set(people['a tutor elsewhere']!.auth).expect(404);
    expect(foreign.body).toEqual(missing.body);
    await request(app).get('/api/students/not-an-id').set(people['tutor']!.auth).expect(404);
  });
});

describe('changing anything', () => {
  const attempts = (): [string, 'post' | 'put' | 'delete', string, object][] => {
    const action = { category: 'supportive', channel: 'phone', initiator: 'student', outcome: 'spoke', at: 1 };
    return [
      ['a flag', 'post', `/api/flags/${flagId}/state`, { rev: 0, to: 'discussing' }],
      [
        'a pause',
        'post',
        `/api/students/${student.personId}/pauses`,
        { from: '2026-11-01', to: '2026-11-02', kind: 'other' },
      ],
      ['an action', 'post', '/api/actions', { personIds: [student.personId], ...action }],
      ['a correction', 'put', `/api/actions/${actionId}`, { rev: 0, ...action }],
      ['a draft', 'post', '/api/drafts', { personId: student.personId, messageId: 'checking-in' }],
      ['an alert', 'post', '/api/alerts', { personId: student.personId, school: 'x', contact: 'y', need: 'z' }],
    ];
  };
  it('is refused to everybody else, and finds nothing from another course', async () => {
    for (const [what, method, path, body] of attempts()) {
      const send = () => request(app)[method](path).send(body);
      expect((await send()).status, what).toBe(401);
      for (const who of ['assistant', 'lead', 'administrator', 'mentor', 'student', 'the student'])
        expect((await send().set(people[who]!.auth)).status, `${what} by ${who}`).toBe(403);
      expect((await send().set(people['a tutor elsewhere']!.auth)).status, `${what} from elsewhere`).toBe(404);
    }
  });
});

describe('an assistant', () => {
  it('sees individuals where the pack allows it, but does not set rules', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waymark-pack-'));
    const pack = join(folder, 'pack.json');
    await writeFile(pack, JSON.stringify({ extends: 'qmul', access: { mayAssistantsSeeIndividuals: true } }));
    const open = await startApp(uri, createTutorRouters, { pack });
    await rm(folder, { recursive: true });
    const assistant = await (await makeCourse(open.deps)).add('assistant', 'Allowed Assistant');
    await request(open.app).get('/api/flags').set(assistant.auth).expect(200);
    await request(open.app).put('/api/rules').set(assistant.auth).send({ version: 1, rules: [] }).expect(403);
  });
});
