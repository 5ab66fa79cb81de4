import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RefreshReply } from '../../../server/contracts/refresh.ts';
import { EnrolmentModel } from '../../../server/database/models/enrolment.ts';
import { PersonModel } from '../../../server/database/models/person.ts';
import { RefreshRunModel } from '../../../server/database/models/refresh-run.ts';
import { useDatabase } from '../../support/database.ts';
import { ltiClaim, membershipRole, startIssuerAndWaymark, type Send } from '../../support/issuer-and-waymark.ts';

/** Launches and rosters name the same people, and not always alike: one rule says how they are called in a course. */

const database = useDatabase();
let vle: Awaited<ReturnType<typeof startIssuerAndWaymark>>;
let members: Record<string, unknown>[] = [];
let lastCourse = 100;
let courseClaim: Record<string, unknown>;
let tutor: Send;

const noNames = { name: undefined, given_name: undefined, family_name: undefined, email: undefined };
const learner = [`${membershipRole}#Learner`];
const student = (user_id: string, names: object) => ({ user_id, status: 'Active', roles: ['Learner'], ...names });
const zoe = { name: 'Zoë de Vries', given_name: 'Zoë', family_name: 'de Vries', email: 'zoe@example.invalid' };

beforeAll(async () => {
  vle = await startIssuerAndWaymark(database.uri);
  const json = (response: ServerResponse, body: object) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  vle.issuer.routes.set('/token', (_request, response) =>
    json(response, { access_token: 'token', token_type: 'bearer', expires_in: 3600 }),
  );
  vle.issuer.routes.set('/memberships', (_request, response) => json(response, { id: 'x', members }));
});
afterAll(() => vle.close());

beforeEach(async () => {
  lastCourse += 1;
  courseClaim = { [`${ltiClaim}context`]: { id: String(lastCourse), title: 'A course' } };
  members = [student('7', zoe), { user_id: '9', roles: ['Instructor'], name: 'Tutor' }];
  ({ send: tutor } = await vle.signInAs('9', [`${membershipRole}#Instructor`], courseClaim));
  const { body } = await tutor('GET', '/guidance');
  await tutor('POST', '/guidance/acknowledge', { version: (body as { version: number }).version });
  await expect.poll(isRead, { timeout: 10_000 }).toBe(true);
});

// The state before is `done`, too, until the new reading has begun.
const isRead = async () => {
  const { state, finishedAt = 0 } = (await tutor('GET', '/refresh')).body as RefreshReply;
  return !['never', 'running'].includes(state) && finishedAt > Date.now() - 60_000;
};

async function readRosterAgain() {
  // A reading of the last minute would be answer enough.
  await RefreshRunModel.updateMany({}, { $set: { finishedAt: new Date(Date.now() - 120_000) } });
  await tutor('POST', '/refresh', {});
  await expect.poll(isRead, { timeout: 10_000 }).toBe(true);
}

const listed = async () => {
  const { body } = await tutor('GET', '/students');
  return (body as { students: { name: string }[] }).students.map(({ name }) => name);
};

test('the roster’s name stands, whatever a launch calls the same person, and whether it names them at all', async () => {
  expect(await listed()).toEqual(['Zoë de Vries']);
  const before = await EnrolmentModel.find({}).lean();
  await vle.launchAs('7', learner, { ...courseClaim, name: 'DE VRIES, Zoë' });
  expect(await listed()).toEqual(['Zoë de Vries']);
  await vle.launchAs('7', learner, { ...courseClaim, ...noNames });
  expect(await listed()).toEqual(['Zoë de Vries']);
  await readRosterAgain();
  expect(await EnrolmentModel.find({}).lean()).toEqual(before);
});

test('a launch names whom the roster does not, and the next reading leaves that name', async () => {
  members = [student('8', {}), { user_id: '9', roles: ['Instructor'] }];
  await readRosterAgain();
  expect(await listed()).toEqual(['Student 8']);
  await vle.launchAs('8', learner, { ...courseClaim, ...zoe });
  await readRosterAgain();
  expect(await listed()).toEqual(['Zoë de Vries']);
});

test('a name that the roster withholds from now on is forgotten, unless another course’s roster still gives it', async () => {
  members = [student('7', noNames), members[1]!];
  await readRosterAgain();
  expect(await listed()).toEqual(['Student 7']);
  // Both earlier tests' courses name this person.
  expect(await PersonModel.findOne({ sub: '7' }).lean()).toMatchObject({ name: zoe.name });
  await EnrolmentModel.deleteMany({ name: zoe.name });
  members = [student('7', zoe), members[1]!];
  await readRosterAgain();
  expect(await listed()).toEqual(['Zoë de Vries']);
  members = [student('7', noNames), members[1]!];
  await readRosterAgain();
  expect(await listed()).toEqual(['Student 7']);
  const person = await PersonModel.findOne({ sub: '7' }).lean().orFail();
  for (const withheld of ['name', 'givenName', 'familyName', 'email', 'emailSha1']) {
    expect(person).not.toHaveProperty(withheld);
  }
});

test('where a launch alone gave the name, a later launch without it says that it is withheld now', async () => {
  members = [student('6', {}), { user_id: '9', roles: ['Instructor'] }];
  await vle.launchAs('6', learner, { ...courseClaim, ...zoe });
  expect(await listed()).toContain('Zoë de Vries');
  await vle.launchAs('6', learner, { ...courseClaim, ...noNames });
  expect(await listed()).toContain('Student 6');
  expect(await PersonModel.findOne({ sub: '6' }).lean()).not.toHaveProperty('name');
});
