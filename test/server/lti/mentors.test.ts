import { afterAll, beforeAll, expect, test } from 'vitest';
import { EnrolmentModel } from '../../../server/database/models/enrolment.ts';
import { PersonModel } from '../../../server/database/models/person.ts';
import { useDatabase } from '../../support/database.ts';
import { ltiClaim, membershipRole, startIssuerAndWaymark, type Send } from '../../support/issuer-and-waymark.ts';

/** A mentor is let in, told why there is nothing to see, and shown nobody: not even those whom the platform says they support. */

const database = useDatabase();
let started: Awaited<ReturnType<typeof startIssuerAndWaymark>>;
let send: Send;
let role: string;
let studentId: string;

beforeAll(async () => {
  started = await startIssuerAndWaymark(database.uri);
  await started.launchAs('3', [`${membershipRole}#Learner`]);
  studentId = (await PersonModel.findOne({ sub: '3' }).lean().orFail())._id.toHexString();
  const signedIn = await started.signInAs('77', [`${membershipRole}#Mentor`], {
    name: 'Maria Mentor',
    [`${ltiClaim}role_scope_mentor`]: ['3'],
  });
  send = signedIn.send;
  role = signedIn.session.role;
});
afterAll(() => started.close());

test('a mentor is let in as one, and is on no list of students', async () => {
  expect(role).toBe('mentor');
  expect(await EnrolmentModel.countDocuments({ role: 'student', isActive: true })).toBe(1);
});

test.each([
  '/actions',
  '/actions/export',
  '/actions/forms',
  '/admin/overview',
  '/answers',
  '/course/pauses',
  '/dashboard',
  '/dashboard/middle-range',
  '/discussions',
  '/flags',
  '/flags/closed',
  '/follow-ups',
  '/guidance',
  '/imports',
  '/journal',
  '/oversight',
  '/oversight/helped',
  '/rights',
  '/rights/download.html',
  '/rights/download.json',
  '/rights/support',
  '/rules',
  '/students',
  '/students/STUDENT',
  '/views',
])('a mentor reads nothing at %s', async (path) => {
  const answer = await send('GET', path.replace('STUDENT', studentId));
  expect([403, 404]).toContain(answer.status);
  expect(JSON.stringify(answer.body)).not.toMatch(/Amina|Ahmed|student01/);
});

test('how old the data is names nobody', async () => {
  expect(JSON.stringify((await send('GET', '/refresh')).body)).not.toMatch(/Amina|Ahmed|student01/);
});
