import type { Work } from '../contracts/student-view.ts';
import type { CourseAt } from '../domain/course-at.ts';
import { dueAssessments } from '../domain/due-assessments.ts';
import type { StudentAt } from '../domain/student-at.ts';

/** What is asked of the student in this course and how it stands, by due time; what has no due time comes last. */
export function presentWork(student: StudentAt, at: CourseAt): Work[] {
  const isKnown = student.submissions !== undefined;
  // What is due after the last reading may well have been handed in: it is not called missing yet.
  const readUpTo = Math.min(at.now, at.topics.submissions.asOf ?? at.now);
  const due = new Map(dueAssessments(student, at, readUpTo).map((entry) => [entry.assessment.id, entry]));
  return at.course.assessments
    .map((assessment): Work => {
      const submission = student.submissions?.get(assessment.id);
      const dueAt = submission?.extendedTo ?? assessment.dueAt;
      const submittedAt = submission?.submittedAt;
      return {
        id: assessment.id,
        title: assessment.title,
        kind: assessment.kind,
        ...(assessment.url !== undefined && { url: assessment.url }),
        ...(dueAt !== undefined && { dueAt }),
        isExtended: submission?.extendedTo !== undefined,
        ...(submittedAt !== undefined && { submittedAt }),
        state: isKnown ? (due.get(assessment.id)?.state ?? stateBefore(submission)) : 'unknown',
      };
    })
    .sort((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity));
}

function stateBefore(submission: { submittedAt?: number | undefined; isExcused?: boolean | undefined } | undefined) {
  if (submission?.submittedAt !== undefined) return 'handed-in';
  return submission?.isExcused ? 'left-out' : 'to-come';
}
