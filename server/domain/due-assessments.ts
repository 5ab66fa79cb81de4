import type { CourseAt } from './course-at.ts';
import { dayNumberAt } from './days.ts';
import type { Assessment } from './facts.ts';
import type { StudentAt } from './student-at.ts';

/** How one assessment stands for one student at a moment. */
export interface DueAssessment {
  readonly assessment: Assessment;
  /** Extension included. */
  readonly dueAt: number;
  readonly submittedAt: number | undefined;
  readonly state: 'handed-in' | 'handed-in-late' | 'not-seen' | 'left-out';
}

/**
 * The assessments that were due by a moment, in the order of their due times. A due time that is still to come is never
 * here, one exactly at the moment neither. What was due before joining or in a pause is `left-out` unless handed in.
 */
export function dueAssessments(student: StudentAt, at: CourseAt, by: number): DueAssessment[] {
  const due: DueAssessment[] = [];
  for (const assessment of at.course.assessments) {
    const submission = student.submissions?.get(assessment.id);
    const dueAt = submission?.extendedTo ?? assessment.dueAt;
    if (dueAt === undefined || dueAt >= by) continue;
    // What is dated after this moment was not there yet: the past can be computed from today's facts.
    const submittedAt =
      submission?.submittedAt !== undefined && submission.submittedAt <= at.now ? submission.submittedAt : undefined;
    if (submittedAt !== undefined) {
      due.push({ assessment, dueAt, submittedAt, state: submittedAt > dueAt ? 'handed-in-late' : 'handed-in' });
      continue;
    }
    const dueDay = dayNumberAt(dueAt, at.course.calendar.timeZone);
    const isLeftOut = submission?.isExcused === true || dueDay < student.fromDay || isPausedOn(dueDay, student, at);
    due.push({ assessment, dueAt, submittedAt, state: isLeftOut ? 'left-out' : 'not-seen' });
  }
  return due.sort((a, b) => a.dueAt - b.dueAt);
}

function isPausedOn(day: number, student: StudentAt, at: CourseAt): boolean {
  return (student.hasPauses && student.isPaused(day)) || at.isPausedDay(day);
}
