import { isStudent, type Actor, type CourseActor } from '../../domain/access.ts';
import { NotAllowed } from '../../errors.ts';

/** The student whose pages these are. Throws NotAllowed for every other role. */
export function ownerOf(actor: Actor): CourseActor {
  if (!isStudent(actor)) throw new NotAllowed('This page is a student’s own.');
  return actor;
}
