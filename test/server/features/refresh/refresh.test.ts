import express from 'express';
import mongoose from 'mongoose';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectDatabase } from '../../../../server/database/connect.ts';
import { createVault } from '../../../../server/database/vault.ts';
import { defaultRuleset } from '../../../../server/domain/rules.ts';
import type { Role } from '../../../../server/domain/vocabulary.ts';
import { createRefreshRouter } from '../../../../server/features/refresh/router.ts';
import { authenticate } from '../../../../server/http/authenticate.ts';
import { handleErrors } from '../../../../server/http/error-handler.ts';
import { createSessionTokens } from '../../../../server/http/session-token.ts';
import { useDatabase } from '../../../support/database.ts';
import { moodleClientForTests } from '../../../support/moodle-client.ts';
import { seedCourse, type SeededCourse } from '../../../support/seeded-course.ts';

const database = useDatabase();
const now = () => new Date('2026-11-23T12:00:00Z');
const log = pino({ level: 'silent' });
const tokens = createSessionTokens({ secret: 's'.repeat(40), issuer: 'http://localhost' });
let connection: Awaited<ReturnType<typeof connectDatabase>>;
let seeded: SeededCourse;
let app: express.Express;
let letRosterAnswer = () => {};

beforeAll(async () => {
  connection = await connectDatabase(database.uri);
  seeded = await seedCourse({ students: ['3'], staff: ['43'] });
  const rosterAnswers = new Promise<void>((resolve) => (letRosterAnswer = resolve));
  app = express();
  app.use(authenticate(tokens, now));
  app.use(
    createRefreshRouter({
      vault: createVault([{ id: 'k0', secret: new Uint8Array(32) }]),
      log,
      now,
      defaultRuleset: defaultRuleset(),
      readRoster: async () => {
        await rosterAnswers;
        throw new Error('the platform gave no roster');
      },
      createMoodleClient: moodleClientForTests,
    }),
  );
  app.use(handleErrors(log));
});
afterAll(() => connection.close());

async function as(role: Role, sub: string, courseId = seeded.courseId) {
  const { token } = await tokens.issue(
    {
      sessionId: new mongoose.Types.ObjectId().toHexString(),
      platformId: seeded.platformId,
      courseId,
      personId: seeded.people.get(sub)!,
      role,
    },
    now(),
  );
  return { Authorization: `Bearer ${token}` };
}

it('a tutor starts a refresh, sees how far it is, and what could not be read', async () => {
  const tutor = await as('tutor', '43');
  expect((await request(app).get('/refresh').set(tutor)).body).toMatchObject({ state: 'never', sources: [] });
  const started = await request(app).post('/refresh').set(tutor);
  expect(started.status).toBe(202);
  expect(started.body).toMatchObject({ state: 'running', step: 'roster' });
  // A second press joins the run that is under way.
  expect((await request(app).post('/refresh').set(tutor)).body.startedAt).toBe(started.body.startedAt);
  letRosterAnswer();
  await expect.poll(async () => (await request(app).get('/refresh').set(tutor)).body.state).toBe('done');
  const done = (await request(app).get('/refresh').set(tutor)).body;
  expect(done.problems).toEqual(['Roster: the platform gave no roster']);
  expect(done.sources).toEqual([expect.objectContaining({ source: 'roster', problem: 'the platform gave no roster' })]);
});

it('a student sees how fresh the data is, but not the reasons, and can start nothing', async () => {
  const student = await as('student', '3');
  const read = await request(app).get('/refresh').set(student);
  expect(read.body).toMatchObject({ state: 'done', problems: [] });
  expect(JSON.stringify(read.body)).not.toContain('the platform gave no roster');
  expect((await request(app).post('/refresh').set(student)).status).toBe(403);
});

it('another course shows nothing of this one', async () => {
  const other = await as('tutor', '43', new mongoose.Types.ObjectId().toHexString());
  expect((await request(app).get('/refresh').set(other)).body).toMatchObject({ state: 'never', sources: [] });
});
