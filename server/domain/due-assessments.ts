import { labelDue, type CourseAt } from './course-at.ts';
import { dayNumberAt } from './days.ts';
import type { Assessment, Submission } from './facts.ts';
import type { NoDataReason } from './vocabulary.ts';

/** How one assessment stands for one student at a moment. */
export interface DueAssessment {
  readonly assessment: Assessment;
  /** Extension included. */
  readonly dueAt: number;
  readonly dueDay: number;
  /** As evidence names it: `Coursework 1, due 3 November`. */
  readonly label: string;
  readonly submittedAt: number | undefined;
  /** The student has another due time that nobody could read, or may not be asked at all: `dueAt` is the usual one. */
  readonly isDueUnknown: boolean;
  readonly state: 'handed-in' | 'handed-in-late' | 'not-seen' | 'left-out';
}

interface Whose {
  readonly fromDay: number;
  readonly hasPauses: boolean;
  isPaused(this: void, day: number): boolean;
}

/**
 * The assessments that were due by a moment, in the order of their due times. A due time that is still to come is never
 * here, one exactly at the moment neither. What was due before joining or in a pause is `left-out` unless handed in.
 */
export function dueAssessments(
  student: Whose,
  submissions: ReadonlyMap<string, Submission>,
  at: CourseAt,
  by: number,
): DueAssessment[] {
  const due: DueAssessment[] = [];
  let isSorted = true;
  let lastDueAt = Number.NEGATIVE_INFINITY;
  for (const { assessment, dueAt: usualDueAt, dueDay: usualDueDay, label: usualLabel } of at.assessments) {
    const submission = submissions.get(assessment.id);
    const extendedTo = submission?.extendedTo;
    const dueAt = extendedTo ?? usualDueAt;
    if (dueAt === undefined || dueAt >= by) continue;
    const dueDay = extendedTo === undefined ? usualDueDay : dayNumberAt(dueAt, at.course.calendar.timeZone);
    // What is dated after this moment was not there yet: the past can be computed from today's facts.
    const submittedAt =
      submission?.submittedAt !== undefined && submission.submittedAt <= at.now ? submission.submittedAt : undefined;
    if (dueAt < lastDueAt) isSorted = false;
    lastDueAt = dueAt;
    const isDueUnknown = extendedTo === undefined && submission?.isDueUnknown === true;
    due.push({
      assessment,
      dueAt,
      dueDay,
      label: extendedTo === undefined ? usualLabel : labelDue(assessment, dueDay),
      submittedAt,
      isDueUnknown,
      state:
        submittedAt === undefined
          ? submission?.isExcused === true || isDueUnknown || isExempt(dueDay, student, at)
            ? 'left-out'
            : 'not-seen'
          : submittedAt > dueAt && !isDueUnknown
            ? 'handed-in-late'
            : 'handed-in',
    });
  }
  return isSorted ? due : due.sort((a, b) => a.dueAt - b.dueAt);
}

/** Whether nothing could be asked of the student on a day: before joining, in their pause or in one of the course. */
export function isExempt(day: number, student: Whose, at: CourseAt): boolean {
  return day < student.fromDay || (student.hasPauses && student.isPaused(day)) || at.isPausedDay(day);
}

/** Why nothing was asked of a student so far, where nothing was. */
export function whyNothingAsked(due: readonly DueAssessment[], at: CourseAt): NoDataReason {
  // A due time that could not be read may have passed or not: that is not known, which is not the same as excused.
  if (due.some(({ isDueUnknown, state }) => isDueUnknown && state === 'left-out')) return 'source-failed';
  if (due.length > 0) return 'exempt';
  const isUndated = at.assessments.length > 0 && at.assessments.every(({ dueAt }) => dueAt === undefined);
  return isUndated ? 'no-dates' : 'nothing-due';
}
