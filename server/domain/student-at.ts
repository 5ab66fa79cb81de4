import type { CourseAt } from './course-at.ts';
import { dueAssessments, type DueAssessment } from './due-assessments.ts';
import { countExpectedItems, type ExpectedItems } from './expected-items.ts';
import type { AttendedSession, StudentFacts, Submission } from './facts.ts';
import { seeStudent, type SeenStudent } from './seen-student.ts';

/** One student at the same moment as the course, accepted corrections applied. */
export interface StudentAt extends SeenStudent {
  /** Submissions by assessment, corrections included; undefined where no source reads them. */
  readonly submissions: ReadonlyMap<string, Submission> | undefined;
  /** What was due so far; empty where nobody knows. */
  readonly due: readonly DueAssessment[];
  /** What was expected to be complete so far; undefined where no source reads completion. */
  readonly expectedItems: ExpectedItems | undefined;
  readonly sessions: readonly AttendedSession[] | undefined;
}

/** Prepares one student; `at` is the course at the same moment. */
export function studentAt(student: StudentFacts, at: CourseAt): StudentAt {
  return withWork(seeStudent(student, at), at);
}

/** Adds to a student's presence what was asked of them. */
export function withWork(seen: SeenStudent, at: CourseAt): StudentAt {
  const { student } = seen;
  const submissions = submissionsOf(student);
  return {
    // Named one by one: a spread here costs as much as everything else in this file.
    student,
    activeDays: seen.activeDays,
    daysInWeeks: seen.daysInWeeks,
    fromDay: seen.fromDay,
    joinedLate: seen.joinedLate,
    hasPauses: seen.hasPauses,
    hasLeft: seen.hasLeft,
    isPaused: seen.isPaused,
    lately: seen.lately,
    submissions,
    due: dueOf(seen, submissions, at),
    expectedItems: countExpectedItems(seen, submissions, at),
    sessions: sessionsOf(student),
  };
}

function dueOf(seen: SeenStudent, submissions: StudentAt['submissions'], at: CourseAt): DueAssessment[] {
  const reading = at.topics.submissions;
  if (!reading.isKnown || !submissions) return [];
  const due = dueAssessments(seen, submissions, at, reading.asOf);
  // Where no source reads this student's hand-ins, a correction speaks of its own piece of work and of no other.
  return seen.student.submissions === undefined ? due.filter(({ assessment }) => submissions.has(assessment.id)) : due;
}

/** Submissions by assessment, accepted corrections included; undefined where there is neither. */
export function submissionsOf(student: StudentFacts): ReadonlyMap<string, Submission> | undefined {
  const corrected =
    student.corrections.length === 0
      ? []
      : student.corrections.filter((c) => c.about === 'submission' || c.about === 'excused');
  if (student.submissions === undefined && corrected.length === 0) return undefined;
  const submissions = new Map<string, Submission>();
  // Twice the same assessment (two sources): handed in counts, the earlier time counts, the later extension counts.
  for (const submission of student.submissions ?? []) {
    const other = submissions.get(submission.assessmentId);
    submissions.set(submission.assessmentId, other ? joinSubmissions(other, submission) : submission);
  }
  for (const { assessmentId, ...correction } of corrected) {
    const known = submissions.get(assessmentId) ?? { assessmentId };
    submissions.set(
      assessmentId,
      correction.about === 'excused'
        ? { ...known, isExcused: true }
        : { ...known, submittedAt: correction.submittedAt },
    );
  }
  return submissions;
}

function joinSubmissions(a: Submission, b: Submission): Submission {
  return {
    assessmentId: a.assessmentId,
    submittedAt: least(a.submittedAt, b.submittedAt),
    extendedTo: greatest(a.extendedTo, b.extendedTo),
    isExcused: a.isExcused === true || b.isExcused === true,
    isDueUnknown: a.isDueUnknown === true || b.isDueUnknown === true,
  };
}

const least = (a: number | undefined, b: number | undefined) =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);
const greatest = (a: number | undefined, b: number | undefined) =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);

function sessionsOf(student: StudentFacts): readonly AttendedSession[] | undefined {
  if (student.sessions === undefined) return undefined;
  const attended = new Set(student.corrections.filter((c) => c.about === 'attendance').map((c) => c.sessionId));
  // The same session from two registers: present in one is present.
  const sessions = new Map<string, AttendedSession>();
  for (const session of student.sessions) {
    const other = sessions.get(session.sessionId);
    sessions.set(session.sessionId, {
      sessionId: session.sessionId,
      at: other ? Math.min(other.at, session.at) : session.at,
      wasAttended: session.wasAttended || other?.wasAttended === true || attended.has(session.sessionId),
      isExcused: session.isExcused === true || other?.isExcused === true,
    });
  }
  return [...sessions.values()].sort((a, b) => a.at - b.at);
}
