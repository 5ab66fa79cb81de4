import { EnrolmentModel, type Enrolment } from '../database/models/enrolment.ts';
import { PersonModel } from '../database/models/person.ts';
import type { Role } from '../domain/vocabulary.ts';

export interface Staff {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** The people who teach this course now, tutors first. */
export async function listStaff(courseId: string): Promise<Staff[]> {
  const staff = await EnrolmentModel.find(
    { courseId, role: { $in: ['tutor', 'assistant'] }, isActive: true },
    { personId: 1, name: 1, role: 1, sortName: 1 },
  )
    .sort({ role: -1, sortName: 1 })
    .lean<Enrolment[]>();
  return staff.map(({ personId, name, role }) => ({ id: personId.toHexString(), name, role }));
}

interface PersonId {
  toHexString(): string;
}
/** The name of a person by id. */
export type NameOf = (personId: PersonId) => string;

/** Names of those who looked, answered or acted in a course, whether or not they are still there. */
export async function namesOf(courseId: string, personIds: readonly (PersonId | null | undefined)[]): Promise<NameOf> {
  const ids = [...new Set(personIds.flatMap((id) => (id ? [id.toHexString()] : [])))];
  const names = new Map<string, string>();
  if (ids.length > 0) {
    const [people, enrolled] = await Promise.all([
      PersonModel.find({ _id: { $in: ids } }, { name: 1 }).lean(),
      EnrolmentModel.find({ courseId, personId: { $in: ids } }, { personId: 1, name: 1 }).lean<Enrolment[]>(),
    ]);
    for (const { _id, name } of people) if (name) names.set(_id.toHexString(), name);
    for (const { personId, name } of enrolled) names.set(personId.toHexString(), name);
  }
  return (personId) => names.get(personId.toHexString()) ?? 'A member of staff';
}
