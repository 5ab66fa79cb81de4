import type { Work } from '../contracts/student-view.ts';
import type { CourseAt } from '../domain/course-at.ts';
import type { StudentAt } from '../domain/student-at.ts';
import { workAt } from '../domain/work-at.ts';

/** What is asked of the student in this course and how it stands, by due time; what has no due time comes last. */
export function presentWork(student: StudentAt, at: CourseAt): Work[] {
  return workAt(student, at)
    .map(({ assessment: { id, title, kind, url }, dueAt, isExtended, submittedAt, state }): Work => ({
      id,
      title,
      kind,
      ...(url !== undefined && { url }),
      ...(dueAt !== undefined && { dueAt }),
      isExtended,
      ...(submittedAt !== undefined && { submittedAt }),
      state,
    }))
    .sort((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity));
}
