import type mongoose from 'mongoose';
import { EnrolmentModel, type Enrolment } from '../database/models/enrolment.ts';
import { PersonModel } from '../database/models/person.ts';
import { SnapshotModel } from '../database/models/snapshot.ts';
import { matchPeople, type RosterPerson } from '../sources/moodle/match-people.ts';
import { readStaffRole } from '../sources/moodle/read-role.ts';
import type { MoodleUser } from '../sources/moodle/replies.ts';

/**
 * Moodle's LTI roster calls everybody who may not edit the course a learner, also its non-editing teachers; its web services
 * know better. So does a launch, except one by staff who look at their course as a student. Takes the site's users; stores
 * who of those that count as students is staff, and who is staff no longer.
 */
export async function correctRoles(
  courseId: mongoose.Types.ObjectId,
  users: readonly MoodleUser[],
  { isSameSite }: { isSameSite: boolean },
): Promise<void> {
  const enrolments = await EnrolmentModel.find(
    { courseId, isActive: true, $or: [{ role: 'student' }, { roleFrom: 'moodle' }] },
    { personId: 1, role: 1, roleFrom: 1 },
  ).lean<Pick<Enrolment, 'personId' | 'role' | 'roleFrom'>[]>();
  const people = await PersonModel.find(
    { _id: { $in: enrolments.map(({ personId }) => personId) } },
    { sub: 1, sourcedId: 1, email: 1, username: 1 },
  ).lean<(Omit<RosterPerson, 'personId'> & { _id: mongoose.Types.ObjectId })[]>();
  const { moodleIdByPerson } = matchPeople(
    people.map(({ _id, ...person }) => ({ ...person, personId: _id.toHexString() })),
    users,
    { isSameSite },
  );
  const userById = new Map(users.map((user) => [user.id, user]));
  for (const { personId, role, roleFrom } of enrolments) {
    const user = userById.get(moodleIdByPerson.get(personId.toHexString()) ?? -1);
    const staffRole = user && readStaffRole(user);
    const isStudentAgain = user !== undefined && staffRole === undefined && roleFrom === 'moodle';
    const change = staffRole
      ? { role: staffRole, roleFrom: 'moodle' as const }
      : isStudentAgain
        ? { role: 'student' as const, roleFrom: 'roster' as const }
        : undefined;
    if (!change || change.role === role) continue;
    await EnrolmentModel.updateOne({ courseId, personId }, { $set: change });
    // What was worked out while they counted as a student was never about a student.
    if (staffRole) await SnapshotModel.deleteOne({ courseId, personId });
  }
}
