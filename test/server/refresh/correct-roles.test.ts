import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { EnrolmentModel } from '../../../server/database/models/enrolment.ts';
import { SnapshotModel } from '../../../server/database/models/snapshot.ts';
import { correctRoles } from '../../../server/refresh/correct-roles.ts';
import type { RosterMember } from '../../../server/domain/roster-member.ts';
import { storeRoster } from '../../../server/refresh/store-roster.ts';
import { useDatabase } from '../../support/database.ts';

const { uri } = useDatabase();
let database: { close(): Promise<void> };
beforeAll(async () => {
  database = await connectDatabase(uri);
});
afterAll(() => database.close());

const course = { _id: new mongoose.Types.ObjectId(), platformId: new mongoose.Types.ObjectId() };
// As Moodle's roster gives them: the non-editing teacher is a learner there.
const roster = ['Tutor', 'Marker', 'Student', 'Doctoral'].map((familyName, index): RosterMember => ({
  sub: String(index + 3),
  familyName,
  name: `A ${familyName}`,
  username: familyName.toLowerCase(),
  role: familyName === 'Tutor' ? 'tutor' : 'student',
  isActive: true,
}));
const moodleUser = (id: number, username: string, ...shortnames: string[]) => ({
  id,
  username,
  lastcourseaccess: null,
  groups: [],
  roles: shortnames.map((shortname) => ({ shortname })),
});
const users = [
  moodleUser(3, 'tutor', 'editingteacher'),
  moodleUser(4, 'marker', 'teacher'),
  moodleUser(5, 'student', 'student'),
  moodleUser(6, 'doctoral', 'teacher', 'student'),
];

async function rolesByName() {
  const enrolments = await EnrolmentModel.find({ courseId: course._id }).lean();
  return Object.fromEntries(enrolments.map(({ name, role }) => [name, role]));
}

test('a non-editing teacher whom the roster calls a learner is not a student, also after the next roster', async () => {
  await storeRoster(course, roster, new Date());
  expect(await rolesByName()).toMatchObject({ 'A Marker': 'student' });
  const { personId } = await EnrolmentModel.findOne({ courseId: course._id, name: 'A Marker' }).orFail().lean();
  const computed = { computedAt: new Date(), rulesetVersion: 1, week: 3, presence: { weeks: [] } };
  await SnapshotModel.create({ courseId: course._id, personId, ...computed });
  await correctRoles(course._id, users, { isSameSite: true });
  expect(await SnapshotModel.countDocuments({ courseId: course._id })).toBe(0);
  const corrected = { 'A Tutor': 'tutor', 'A Marker': 'assistant', 'A Student': 'student', 'A Doctoral': 'student' };
  expect(await rolesByName()).toEqual(corrected);
  await storeRoster(course, roster, new Date());
  expect(await rolesByName()).toEqual(corrected);
});

test('staff who looked at their course as a student, and launched so, are staff again', async () => {
  await EnrolmentModel.updateOne({ courseId: course._id, name: 'A Tutor' }, { role: 'student', roleFrom: 'launch' });
  await correctRoles(course._id, users, { isSameSite: true });
  expect(await rolesByName()).toMatchObject({ 'A Tutor': 'tutor' });
});

test('who no longer teaches but studies is a student again', async () => {
  const since = users.map((user) => (user.id === 4 ? moodleUser(4, 'marker', 'student') : user));
  await correctRoles(course._id, since, { isSameSite: true });
  expect(await rolesByName()).toMatchObject({ 'A Marker': 'student' });
});

test('a role of the site’s own making stays as the roster says', async () => {
  await correctRoles(course._id, [moodleUser(5, 'student', 'observer')], { isSameSite: true });
  expect(await rolesByName()).toMatchObject({ 'A Student': 'student' });
});
