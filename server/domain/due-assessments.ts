import type { CourseAt } from './course-at.ts';
import { dayNumberAt } from './days.ts';
import type { Assessment, Submission } from './facts.ts';

/** How one assessment stands for one student at a moment. */
export interface DueAssessment {
  readonly assessment: Assessment;
  /** Extension included. */
  readonly dueAt: number;
  readonly dueDay: number;
  readonly submittedAt: number | undefined;
  readonly state: 'handed-in' | 'handed-in-late' | 'not-seen' | 'left-out';
}

interface Whose {
  readonly submissions: ReadonlyMap<string, Submission> | undefined;
  readonly fromDay: number;
  readonly hasPauses: boolean;
  isPaused(this: void, day: number): boolean;
}

/**
 * The assessments that were due by a moment, in the order of their due times. A due time that is still to come is never
 * here, one exactly at the moment neither. What was due before joining or in a pause is `left-out` unless handed in.
 */
export function dueAssessments(student: Whose, at: CourseAt, by: number): DueAssessment[] {
  const due: DueAssessment[] = [];
  let isSorted = true;
  for (const { assessment, dueAt: usualDueAt, dueDay: usualDueDay } of at.assessments) {
    const submission = student.submissions?.get(assessment.id);
    const extendedTo = submission?.extendedTo;
    const dueAt = extendedTo ?? usualDueAt;
    if (dueAt === undefined || dueAt >= by) continue;
    const dueDay = extendedTo === undefined ? usualDueDay : dayNumberAt(dueAt, at.course.calendar.timeZone);
    // What is dated after this moment was not there yet: the past can be computed from today's facts.
    const submittedAt =
      submission?.submittedAt !== undefined && submission.submittedAt <= at.now ? submission.submittedAt : undefined;
    if (dueAt < (due.at(-1)?.dueAt ?? dueAt)) isSorted = false;
    due.push({
      assessment,
      dueAt,
      dueDay,
      submittedAt,
      state:
        submittedAt === undefined
          ? submission?.isExcused === true || isExempt(dueDay, student, at)
            ? 'left-out'
            : 'not-seen'
          : submittedAt > dueAt
            ? 'handed-in-late'
            : 'handed-in',
    });
  }
  return isSorted ? due : due.sort((a, b) => a.dueAt - b.dueAt);
}

/** Whether nothing could be asked of the student on a day: before joining, in their pause or in one of the course. */
export function isExempt(day: number, student: Omit<Whose, 'submissions'>, at: CourseAt): boolean {
  return day < student.fromDay || (student.hasPauses && student.isPaused(day)) || at.isPausedDay(day);
}
