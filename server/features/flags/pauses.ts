import type { CoursePause, CoursePauses, PauseInput, Pauses } from '../../contracts/pauses.ts';
import { newId } from '../../database/connect.ts';
import { CourseModel } from '../../database/models/course.ts';
import { StudentRecordModel, type StudentRecord } from '../../database/models/student-record.ts';
import type { Deps } from '../../deps.ts';
import { maySetRules, type Actor } from '../../domain/access.ts';
import { InvalidInput, NotAllowed, NotFound } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { findNames, findStudents } from '../../staff/colleagues.ts';
import { recomputeSoon } from '../../staff/recompute-soon.ts';
import { requireStaff } from '../../staff/require-staff.ts';

const mostPauses = 40;

/** Days that do not count for one student, from the next computation on. Throws NotFound, InvalidInput. */
export async function addPause(deps: Deps, actor: Actor, personId: string, input: PauseInput): Promise<Pauses> {
  const staff = await requireStaff(deps, actor);
  const { courseId } = staff;
  await requireStudent(courseId, personId);
  if ((await readPauses(courseId, personId)).length >= mostPauses) {
    throw new InvalidInput({ from: `There are ${mostPauses} pauses already. Please remove one first.` });
  }
  await auditDeed(deps, staff, 'set-pause', personId);
  const pause = { id: newId(), ...input, by: staff.personId, at: deps.now().getTime() };
  await StudentRecordModel.updateOne(
    { courseId, personId },
    { $push: { pauses: pause }, $setOnInsert: { corrections: [] } },
    { upsert: true },
  );
  await recomputeSoon(deps, courseId);
  return presentPauses(courseId, personId);
}

/** Takes a pause away again. Throws NotFound where it is not there. */
export async function removePause(deps: Deps, actor: Actor, personId: string, pauseId: string): Promise<Pauses> {
  const staff = await requireStaff(deps, actor);
  const { courseId } = staff;
  await requireStudent(courseId, personId);
  await auditDeed(deps, staff, 'set-pause', personId);
  const { modifiedCount } = await StudentRecordModel.updateOne(
    { courseId, personId, 'pauses.id': pauseId },
    { $pull: { pauses: { id: pauseId } } },
  );
  if (modifiedCount === 0) throw new NotFound();
  await recomputeSoon(deps, courseId);
  return presentPauses(courseId, personId);
}

/** The pauses of one student with who set them; for callers who have authorised the actor. */
export async function presentPauses(courseId: string, personId: string): Promise<Pauses> {
  const pauses = await readPauses(courseId, personId);
  const nameOf = await findNames(
    courseId,
    pauses.map(({ by }) => by),
  );
  return {
    pauses: pauses
      .map(({ id, from, to, kind, by, at }) => ({ id, from, to, kind, by: nameOf(by), at }))
      .sort((one, other) => (one.from < other.from ? 1 : -1)),
  };
}

async function readPauses(courseId: string, personId: string): Promise<StudentRecord['pauses']> {
  const record = await StudentRecordModel.findOne({ courseId, personId }, { _id: 0, pauses: 1 }).lean<StudentRecord>();
  return record?.pauses ?? [];
}

async function requireStudent(courseId: string, personId: string): Promise<void> {
  if (!(await findStudents(courseId, [personId])).has(personId)) throw new NotFound();
}

/** Days that count for nobody in the course. */
export async function readCoursePauses(deps: Deps, actor: Actor): Promise<CoursePauses> {
  const staff = await requireStaff(deps, actor);
  const course = await CourseModel.findById(staff.courseId, { pauses: 1 }).lean();
  return { pauses: course?.pauses.map(({ from, to, label }) => ({ from, to, label })) ?? [] };
}

export async function addCoursePause(deps: Deps, actor: Actor, pause: CoursePause): Promise<CoursePauses> {
  const { courseId } = await requireRuleSetter(deps, actor);
  if ((await readCoursePauses(deps, actor)).pauses.length >= mostPauses) {
    throw new InvalidInput({ from: `There are ${mostPauses} spans already. Please remove one first.` });
  }
  await CourseModel.updateOne({ _id: courseId }, { $addToSet: { pauses: pause } });
  await recomputeSoon(deps, courseId);
  return readCoursePauses(deps, actor);
}

export async function removeCoursePause(deps: Deps, actor: Actor, pause: CoursePause): Promise<CoursePauses> {
  const { courseId } = await requireRuleSetter(deps, actor);
  await CourseModel.updateOne({ _id: courseId }, { $pull: { pauses: pause } });
  await recomputeSoon(deps, courseId);
  return readCoursePauses(deps, actor);
}

async function requireRuleSetter(deps: Deps, actor: Actor) {
  const staff = await requireStaff(deps, actor);
  if (!maySetRules(staff)) throw new NotAllowed('Only tutors of this course change what counts for everybody.');
  await auditDeed(deps, staff, 'set-rules');
  return staff;
}
