import type { CourseAt } from './course-at.ts';
import { dueAssessments } from './due-assessments.ts';
import type { Assessment, Submission } from './facts.ts';
import type { SeenStudent } from './seen-student.ts';
import { submissionsOf, type StudentAt } from './student-at.ts';

/** How one piece of work stands for one student at a moment, due or not: the same for the student and for staff. */
export interface WorkAt {
  readonly assessment: Assessment;
  /** Extension included; undefined where there is none, or where nobody could read it. */
  readonly dueAt: number | undefined;
  readonly isExtended: boolean;
  readonly submittedAt: number | undefined;
  readonly state: 'to-come' | 'handed-in' | 'handed-in-late' | 'not-seen' | 'left-out' | 'not-read' | 'unknown';
}

/** Work that is past its due time, by assessment. What was not read about is never among what was not seen. */
export interface WorkSummary {
  readonly notSeen: readonly string[];
  readonly notKnown: readonly string[];
}

type Submissions = StudentAt['submissions'];

const none = new Map<string, never>();

/** Every piece of work of the course, as it stands for a student. */
export function workAt(student: StudentAt, at: CourseAt): WorkAt[] {
  return workOf(student, student.submissions, at);
}

function workOf(student: SeenStudent, submissions: Submissions, at: CourseAt): WorkAt[] {
  const reading = at.topics.submissions;
  // A correction speaks of one piece of work; of the others only a source can.
  const isRead = student.student.submissions !== undefined && reading.asOf !== undefined;
  // What is due after the last reading may well have been handed in: it is not called missing yet.
  const readUpTo = Math.min(at.now, reading.asOf ?? at.now);
  const due = new Map(
    dueAssessments(student, submissions ?? none, at, readUpTo).map((entry) => [entry.assessment.id, entry]),
  );
  return at.course.assessments.map((assessment): WorkAt => {
    const submission = submissions?.get(assessment.id);
    const isExtended = submission?.extendedTo !== undefined;
    const isDueUnknown = !isExtended && submission?.isDueUnknown === true;
    const dueAt = isDueUnknown ? undefined : (submission?.extendedTo ?? assessment.dueAt);
    const submittedAt = submission?.submittedAt;
    const isSettled = submittedAt !== undefined || submission?.isExcused === true;
    const isUnknown = (!isRead && !isSettled) || (isDueUnknown && submittedAt === undefined);
    const isPast = dueAt !== undefined && dueAt < at.now;
    return {
      assessment,
      dueAt,
      isExtended,
      submittedAt,
      state: isUnknown ? 'unknown' : (due.get(assessment.id)?.state ?? stateBefore(submission, isPast)),
    };
  });
}

/** How work stands that was not due when it was last read about; by now it may be, and then nobody can say. */
function stateBefore(submission: Submission | undefined, isDueByNow: boolean): WorkAt['state'] {
  if (submission?.submittedAt !== undefined) return 'handed-in';
  if (submission?.isExcused) return 'left-out';
  return isDueByNow ? 'not-read' : 'to-come';
}

const nothingOpen: WorkSummary = { notSeen: [], notKnown: [] };

/** For a filter of many students by one piece of work. A reading that is too old to rest a flag on is no reading here. */
export function summariseWork(student: SeenStudent, at: CourseAt): WorkSummary {
  const submissions = submissionsOf(student.student);
  if (!at.course.assessments.some((assessment) => mayBeOpen(assessment, submissions, at.now))) return nothingOpen;
  const notSeen: string[] = [];
  const notKnown: string[] = [];
  for (const { assessment, state } of workOf(student, submissions, at)) {
    const { id, dueAt = Infinity } = assessment;
    if (state === 'not-seen' && at.topics.submissions.isKnown) notSeen.push(id);
    else if (state === 'not-seen' || state === 'not-read' || (state === 'unknown' && dueAt < at.now)) notKnown.push(id);
  }
  return { notSeen, notKnown };
}

/** Spares most of a class the rest: of what was handed in, or is due later, there is nothing to be said. */
function mayBeOpen({ id, dueAt = Infinity }: Assessment, submissions: Submissions, now: number): boolean {
  const submission = submissions?.get(id);
  if (submission?.submittedAt !== undefined && submission.submittedAt <= now) return false;
  return Math.min(dueAt, submission?.extendedTo ?? Infinity) < now;
}
