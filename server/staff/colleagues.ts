import type { Role } from '../domain/vocabulary.ts';
import { EnrolmentModel, type Enrolment } from '../database/models/enrolment.ts';
import { PersonModel } from '../database/models/person.ts';

export interface NamedPerson {
  readonly id: string;
  readonly name: string;
}

/** Staff of a course by name, for choices in forms and beside what they did. */
export async function findColleagues(courseId: string, mayAssistants: boolean): Promise<NamedPerson[]> {
  const roles: Role[] = mayAssistants ? ['tutor', 'assistant'] : ['tutor'];
  const staff = await EnrolmentModel.find(
    { courseId, role: { $in: roles }, isActive: true },
    { _id: 0, personId: 1, name: 1 },
  )
    .sort({ sortName: 1 })
    .lean<Pick<Enrolment, 'personId' | 'name'>[]>();
  return staff.map(({ personId, name }) => ({ id: personId.toHexString(), name }));
}

/**
 * Names by id for the people of a course, those who left it included. Someone who is known to the platform but has no
 * enrolment yet (a first launch) is found too.
 */
export async function findNames(courseId: string, ids: Iterable<string>): Promise<(id: string) => string> {
  const wanted = [...new Set(ids)];
  const enrolled = await EnrolmentModel.find(
    { courseId, personId: { $in: wanted } },
    { _id: 0, personId: 1, name: 1 },
  ).lean<Pick<Enrolment, 'personId' | 'name'>[]>();
  const names = new Map(enrolled.map(({ personId, name }) => [personId.toHexString(), name]));
  const missing = wanted.filter((id) => !names.has(id));
  if (missing.length > 0) {
    for (const person of await PersonModel.find({ _id: { $in: missing } }, { name: 1 }).lean()) {
      if (person.name) names.set(person._id.toHexString(), person.name);
    }
  }
  return (id) => names.get(id) ?? 'A colleague';
}

/** The students among these ids, by id; whoever is not an active student of the course is absent. */
export async function findStudents(courseId: string, ids: readonly string[]): Promise<Map<string, Enrolment>> {
  const students = await EnrolmentModel.find({
    courseId,
    personId: { $in: ids },
    role: 'student',
  }).lean<Enrolment[]>();
  return new Map(students.map((student) => [student.personId.toHexString(), student]));
}
