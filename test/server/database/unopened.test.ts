import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unopenedText } from '../../../server/contracts/unopened-text.ts';
import { tellUnopened } from '../../../server/database/tell-unopened.ts';
import { createVault } from '../../../server/database/vault.ts';
import { createDashboardRouter } from '../../../server/features/dashboard/router.ts';
import { createReflectionsRouter } from '../../../server/features/reflections/router.ts';
import { createRightsRouter } from '../../../server/features/rights/router.ts';
import { createTutorRouters } from '../../../server/tutor-routers.ts';
import { useDatabase } from '../../support/database.ts';
import { makeCourse, startApp, type TestPerson } from '../../support/staffed-course.ts';

/** What becomes of pages and downloads when the key of what people wrote is gone. */

const { uri } = useDatabase();
const { app, deps, close } = await startApp(uri, (each) => [
  ...createTutorRouters(each),
  createDashboardRouter(each),
  createReflectionsRouter(each),
  createRightsRouter(each),
]);
afterAll(close);

const secret = 'Words of mine';
let tutor: TestPerson;
let student: TestPerson;
/** Everything sealed, before and after its key was lost. */
const sealed = new Map<string, string>();

async function ask(who: TestPerson, method: 'get' | 'post' | 'put' | 'delete', path: string, body?: object) {
  const response = await request(app)[method](path).set(who.auth).send(body);
  expect([path, response.status, response.text]).toEqual([path, expect.toSatisfy(isFine), expect.anything()]);
  return response;
}
const isFine = (status: number) => status >= 200 && status < 300;

beforeAll(async () => {
  const course = await makeCourse(deps);
  tutor = await course.add('tutor', 'Grace Hopper');
  const colleague = await course.add('tutor', 'Ada Lovelace');
  student = await course.add('student', 'Lost Student');
  const { week } = (await ask(student, 'get', '/api/journal')).body;
  await ask(student, 'put', '/api/journal/goal', { week, kind: 'own-words', text: secret, plan: secret, rev: 0 });
  await ask(student, 'post', '/api/journal/entries', { text: secret, isShared: true });
  const when = { when: secret, about: secret };
  const { id } = (await ask(student, 'post', '/api/rights/support', { channel: 'meeting', ...when })).body;
  await ask(tutor, 'post', `/api/answers/requests/${id}`, { rev: 1, to: 'seen', reply: secret });
  const raised = await ask(student, 'post', '/api/rights/challenges', { topic: 'other', text: secret });
  await ask(tutor, 'post', `/api/answers/challenges/${raised.body.id}`, { rev: 1, to: 'declined', answer: secret });
  const { personId } = student;
  const spoke = { category: 'supportive', channel: 'phone', initiator: 'student', outcome: 'spoke' };
  const words = { at: deps.now().getTime() - 60_000, summary: secret, steps: secret };
  const recorded = await ask(tutor, 'post', '/api/actions', { personIds: [personId], ...spoke, ...words });
  await ask(tutor, 'put', `/api/actions/${recorded.body.actions[0].id}`, { rev: 0, ...spoke, ...words });
  const started = await ask(tutor, 'post', '/api/discussions', {
    personId,
    inviteIds: [colleague.personId],
    considered: secret,
  });
  await ask(colleague, 'post', `/api/discussions/${started.body.id}/replies`, { text: secret });
  await ask(colleague, 'post', `/api/discussions/${started.body.id}/decision`, {
    rev: 1,
    decision: 'wait',
    because: secret,
  });
  const alert = await ask(tutor, 'post', '/api/alerts', { personId, school: 'Law', contact: 'Office', need: secret });
  await ask(tutor, 'post', `/api/alerts/${alert.body.id}/answer`, { rev: 0, answer: secret });
  // What is still open stands on pages of its own.
  await ask(student, 'post', '/api/rights/support', { channel: 'meeting', ...when });
  await ask(tutor, 'post', '/api/discussions', { personId, inviteIds: [colleague.personId], considered: secret });
  await loseTheKey();
});

/** Puts in the place of every sealed text one that was sealed with a key that nobody has any more. */
async function loseTheKey(): Promise<void> {
  const lost = createVault([{ id: 'test', secret: randomBytes(32) }]);
  for (const { name } of await mongoose.connection.listCollections()) {
    const collection = mongoose.connection.collection(name);
    for await (const record of collection.find({})) {
      const text = JSON.stringify(record).replaceAll(/v1\.test\.[\w.-]+/g, () => lost.seal('Gone', 'elsewhere'));
      if (text === JSON.stringify(record)) continue;
      for (const [field, value] of Object.entries(JSON.parse(text) as object)) {
        if (!/v1\.test/.test(JSON.stringify(value))) continue;
        const shown = typeof value === 'string' ? value : withTexts(record[field], value);
        await collection.updateOne({ _id: record._id }, { $set: { [field]: shown } });
        sealed.set(`${name} ${String(record._id)} ${field}`, JSON.stringify(shown));
      }
    }
  }
}

/** A list as it is stored, ids and dates kept, with the sealed texts of another. */
function withTexts(stored: unknown, lost: unknown): unknown {
  if (typeof lost === 'string' && lost.startsWith('v1.test')) return lost;
  if (Array.isArray(stored)) return stored.map((each, place) => withTexts(each, (lost as unknown[])[place]));
  if (typeof stored !== 'object' || stored === null || stored instanceof Date || '_bsontype' in stored) return stored;
  return Object.fromEntries(
    Object.entries(stored).map(([field, each]) => [field, withTexts(each, (lost as Record<string, unknown>)[field])]),
  );
}

const theirs = ['/api/dashboard', '/api/journal', '/api/rights/support', '/api/rights', '/api/rights/download.json'];

describe('a text that no key opens', () => {
  it('was sealed in every way there is', () => {
    const fields = [...sealed.keys()].map((key) => key.replace(/ \w+ /, ' '));
    expect(new Set(fields).size).toBe(16);
  });

  it.each([...theirs, '/api/rights/download.html'])('takes nothing else of the student’s %s with it', async (path) => {
    const { text } = await ask(student, 'get', path);
    expect(text).toContain(unopenedText);
    expect(text).not.toContain(secret);
  });

  it.each(['/api/students/STUDENT', '/api/actions', '/api/actions/export', '/api/answers', '/api/discussions'])(
    'takes nothing else of the staff’s %s with it',
    async (path) => {
      const { text } = await ask(tutor, 'get', path.replace('STUDENT', student.personId));
      expect(text).toContain(unopenedText);
      expect(text).not.toContain(secret);
    },
  );

  it('is still there, for the day its key comes back, after its page was used', async () => {
    const { goals, entries, week } = (await ask(student, 'get', '/api/journal')).body;
    const { text, plan, kind, rev } = goals[0];
    await ask(student, 'put', '/api/journal/goal', { week, kind, text, plan, outcome: 'partly', rev });
    const entry = entries[0];
    const withdrawn = { text: entry.text, isShared: false, rev: entry.rev };
    const { body } = await ask(student, 'put', `/api/journal/entries/${entry.id}`, withdrawn);
    expect(body).not.toHaveProperty('sharedAt');
    const action = (await ask(tutor, 'get', '/api/actions')).body.actions[0];
    const { category, channel, initiator, at, summary, steps } = action;
    const body2 = { rev: action.rev, category, channel, initiator, at, summary, steps, outcome: 'referred' };
    await ask(tutor, 'put', `/api/actions/${action.id}`, body2);
    for (const [place, stored] of sealed) {
      const [name, id, field] = place.split(' ') as [string, string, string];
      if (field === 'corrections') continue;
      const record = await mongoose.connection.collection(name).findOne({ _id: new mongoose.Types.ObjectId(id) });
      expect([place, JSON.stringify(record?.[field])]).toEqual([place, stored]);
    }
  });

  it('gives way to what somebody writes in its place', async () => {
    const { entries } = (await ask(student, 'get', '/api/journal')).body;
    const { id, rev } = entries[0];
    const { body } = await ask(student, 'put', `/api/journal/entries/${id}`, { text: 'Anew', isShared: false, rev });
    expect(body.text).toBe('Anew');
    expect((await ask(student, 'get', '/api/journal')).body.entries[0].text).toBe('Anew');
  });
});

it('the log says how many texts no key opens, and nothing of them', async () => {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const key = { id: 'k1', secret: randomBytes(32) };
  const vault = createVault([key], { onUnopened: tellUnopened(log) });
  const elsewhere = createVault([{ ...key, secret: randomBytes(32) }]);
  expect(vault.read(vault.seal('Kept', 'goal:1:text'), 'goal:1:text')).toBe('Kept');
  for (const place of ['goal:1:text', 'goal:2:text', 'goal:3:text'])
    expect(vault.read(elsewhere.seal('Gone', place), place)).toBe(unopenedText);
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 50, count: 3 });
  expect(lines[0]).not.toMatch(/Gone|goal|v1\./);
});
