import type { Work } from '../contracts/student-view.ts';
import type { CourseAt } from '../domain/course-at.ts';
import { dueAssessments } from '../domain/due-assessments.ts';
import type { StudentAt } from '../domain/student-at.ts';

const none = new Map<string, never>();

/** What is asked of the student in this course and how it stands, by due time; what has no due time comes last. */
export function presentWork(student: StudentAt, at: CourseAt): Work[] {
  const isKnown = student.submissions !== undefined;
  // What is due after the last reading may well have been handed in: it is not called missing yet.
  const readUpTo = Math.min(at.now, at.topics.submissions.asOf ?? at.now);
  const due = new Map(
    dueAssessments(student, student.submissions ?? none, at, readUpTo).map((entry) => [entry.assessment.id, entry]),
  );
  const isPast = (dueAt: number | undefined) => dueAt !== undefined && dueAt < at.now;
  return at.course.assessments
    .map((assessment): Work => {
      const submission = student.submissions?.get(assessment.id);
      const isDueUnknown = submission?.extendedTo === undefined && submission?.isDueUnknown === true;
      const dueAt = isDueUnknown ? undefined : (submission?.extendedTo ?? assessment.dueAt);
      const submittedAt = submission?.submittedAt;
      return {
        id: assessment.id,
        title: assessment.title,
        kind: assessment.kind,
        ...(assessment.url !== undefined && { url: assessment.url }),
        ...(dueAt !== undefined && { dueAt }),
        isExtended: submission?.extendedTo !== undefined,
        ...(submittedAt !== undefined && { submittedAt }),
        state:
          !isKnown || (isDueUnknown && submittedAt === undefined)
            ? 'unknown'
            : (due.get(assessment.id)?.state ?? stateBefore(submission, isPast(dueAt))),
      };
    })
    .sort((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity));
}

/** How work stands that was not due when it was last read about; by now it may be, and then nobody can say. */
function stateBefore(
  submission: { submittedAt?: number | undefined; isExcused?: boolean | undefined } | undefined,
  isDueByNow: boolean,
): Work['state'] {
  if (submission?.submittedAt !== undefined) return 'handed-in';
  if (submission?.isExcused) return 'left-out';
  return isDueByNow ? 'not-read' : 'to-come';
}
