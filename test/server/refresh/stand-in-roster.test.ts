import type mongoose from 'mongoose';
import { beforeEach, expect, it } from 'vitest';
import { CourseModel } from '../../../server/database/models/course.ts';
import { EnrolmentModel } from '../../../server/database/models/enrolment.ts';
import { PersonModel } from '../../../server/database/models/person.ts';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { refreshCourse } from '../../../server/refresh/refresh-course.ts';
import { moodleUsers, useMoodleCourse } from '../../support/moodle-course.ts';

const its = useMoodleCourse();
const noRoster = () => Promise.reject(new Error('The platform has not offered its roster to Waymark.'));
const isStudent = ({ roles }: (typeof moodleUsers)[number]) => roles.some(({ shortname }) => shortname === 'student');
const enrolments = () => EnrolmentModel.find({ courseId: its.seeded.courseId, isActive: true }).lean();
const subsOf = async (people: { personId: mongoose.Types.ObjectId }[]) =>
  (await PersonModel.find({ _id: { $in: people.map(({ personId }) => personId) } }).lean()).map(({ sub }) => sub);
const launch = (sub: string, attributes: object) =>
  PersonModel.updateOne({ platformId: its.seeded.platformId, sub }, { $set: attributes }, { upsert: true }).then(
    async () => {
      const personId = await its.personOf(sub);
      const rest = { name: 'X', sortName: 'x', role: 'student', roleFrom: 'launch', isActive: true, groups: [] };
      await EnrolmentModel.updateOne({ courseId: its.seeded.courseId, personId }, { $set: rest }, { upsert: true });
    },
  );

beforeEach(async () => {
  await CourseModel.updateOne({ _id: its.seeded.courseId }, { $unset: { membershipsUrl: 1 } });
  its.deps = { ...its.deps, readRoster: noRoster };
});

it('without a roster of the platform, Moodle’s own participants are the course, by the id it launches with', async () => {
  const [amina] = moodleUsers;
  await launch('3', { name: amina!.fullname, sourcedId: amina!.idnumber });
  const result = await refreshCourse(its.seeded.courseId, its.deps);
  expect(result).toMatchObject({ state: 'done', problems: [] });
  const found = await enrolments();
  const students = found.filter(({ role }) => role === 'student');
  expect((await subsOf(students)).sort()).toEqual(
    moodleUsers
      .filter(isStudent)
      .map(({ id }) => String(id))
      .sort(),
  );
  expect(found.filter(({ role }) => role === 'tutor').length).toBeGreaterThan(0);
  expect(await its.measurementOf('31', 'submissions')).toMatchObject({ state: 'measured' });
  expect((await its.freshnessOf('roster'))?.notes.join()).toMatch(/own list of participants stands in/);
});

it('suspended people are left out where Moodle tells them apart, and told to be in where it does not', async () => {
  its.moodle.answer('core_enrol_get_enrolled_users', (params) => {
    const isActiveOnly = params['options[0][name]'] === 'onlyactive';
    return { json: moodleUsers.filter(({ id }) => !isActiveOnly || id !== 31) };
  });
  await refreshCourse(its.seeded.courseId, its.deps);
  expect(await subsOf(await enrolments())).not.toContain('31');
  its.moodle.answer('core_enrol_get_enrolled_users', (params) =>
    params['options[0][name]'] === 'onlyactive'
      ? { json: { exception: 'x', errorcode: 'nopermissions', message: '' } }
      : { json: moodleUsers },
  );
  await refreshCourse(its.seeded.courseId, its.deps);
  expect(await subsOf(await enrolments())).toContain('31');
  expect((await its.freshnessOf('roster'))?.notes.join()).toMatch(/Suspended participants/);
});

it('where an id is somebody else’s, only those who launched and are proven by another attribute are taken', async () => {
  const [amina, other] = moodleUsers.filter(isStudent);
  // Sent as another person's user id: this platform's `sub` is not Moodle's user id.
  await launch(String(other!.id), { name: amina!.fullname, sourcedId: amina!.idnumber });
  const result = await refreshCourse(its.seeded.courseId, its.deps);
  expect(result).toMatchObject({ state: 'done' });
  expect(await subsOf(await enrolments())).toEqual([String(other!.id)]);
  expect((await its.factsOf(String(other!.id))).lastAccessAt).toBe(1_795_426_347_000);
});

it('another site’s participants are nobody here', async () => {
  await PlatformModel.updateOne({ _id: its.seeded.platformId }, { $set: { issuer: 'https://other.example' } });
  const result = await refreshCourse(its.seeded.courseId, its.deps);
  expect(result).toMatchObject({ problems: [expect.stringMatching(/Roster: .*matched with certainty/)] });
  expect(await enrolments()).toHaveLength(0);
  expect(await its.freshnessOf('roster')).toMatchObject({
    failedBecause: expect.stringMatching(/not offered/) as string,
  });
});

it('a site that withholds names at launch is not asked for them another way', async () => {
  await launch('3', { sourcedId: moodleUsers[0]!.idnumber });
  await refreshCourse(its.seeded.courseId, its.deps);
  const names = (await PersonModel.find({ platformId: its.seeded.platformId }).lean()).map(
    ({ name, email }) => name ?? email,
  );
  expect(names.every((name) => name === undefined)).toBe(true);
});
