import type { CourseAt, DayWindow } from './course-at.ts';
import { dayNumber, dayNumberAt } from './days.ts';
import { dueAssessments, type DueAssessment } from './due-assessments.ts';
import type { AttendedSession, StudentFacts, Submission } from './facts.ts';
import { isInSpan } from './teaching-weeks.ts';
import { minimumShareOfWindow } from './thresholds.ts';
import type { NoDataReason } from './vocabulary.ts';

/** One student at the same moment: accepted corrections applied, activity as distinct days. */
export interface StudentAt {
  readonly student: StudentFacts;
  /** Day numbers with any activity up to today, ascending, each once. */
  readonly activeDays: readonly number[];
  /** The first day that can count for this student: the course's, or the day of joining where that is later. */
  readonly fromDay: number;
  /** The first of these days was a joining after the course began. */
  readonly joinedLate: boolean;
  readonly hasPauses: boolean;
  readonly hasLeft: boolean;
  isPaused(this: void, day: number): boolean;
  /** Submissions by assessment, corrections included; undefined where no source reads them. */
  readonly submissions: ReadonlyMap<string, Submission> | undefined;
  /** What was due so far; empty where nobody knows. */
  readonly due: readonly DueAssessment[];
  readonly completedAt: ReadonlyMap<string, number> | undefined;
  readonly sessions: readonly AttendedSession[] | undefined;
}

/** Prepares one student; `at` is the course at the same moment. */
export function studentAt(student: StudentFacts, at: CourseAt): StudentAt {
  const { timeZone } = at.course.calendar;
  const joinedDay = student.joinedAt === undefined ? at.firstDay : dayNumberAt(student.joinedAt, timeZone);
  const prepared = {
    student,
    activeDays: activeDaysOf(student, at),
    fromDay: Math.max(at.firstDay, joinedDay),
    joinedLate: joinedDay > at.firstDay,
    hasPauses: student.pauses.length > 0,
    hasLeft: student.leftAt !== undefined && student.leftAt <= at.now,
    isPaused: student.pauses.length === 0 ? never : (day: number) => student.pauses.some((span) => isInSpan(day, span)),
    submissions: submissionsOf(student),
    completedAt: completionsOf(student),
    sessions: sessionsOf(student),
  };
  const reading = at.topics.submissions;
  const isKnown = reading.isKnown && prepared.submissions !== undefined;
  return { ...prepared, due: isKnown ? dueAssessments(prepared, at, reading.asOf) : [] };
}

const never = () => false;

function activeDaysOf(student: StudentFacts, at: CourseAt): number[] {
  const days: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  let isSorted = true;
  const add = (day: number) => {
    // A clock that runs ahead must not make a student look recent.
    if (day > at.today || day === last) return;
    if (day < last) isSorted = false;
    days.push(day);
    last = day;
  };
  for (const rollUp of student.rollUps) for (const entry of rollUp.days) add(dayNumber(entry.day));
  if (student.lastAccessAt !== undefined) add(dayNumberAt(student.lastAccessAt, at.course.calendar.timeZone));
  for (const correction of student.corrections) if (correction.about === 'active-day') add(dayNumber(correction.day));
  return isSorted ? days : [...new Set(days)].sort((a, b) => a - b);
}

function submissionsOf(student: StudentFacts): ReadonlyMap<string, Submission> | undefined {
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
  };
}

const least = (a: number | undefined, b: number | undefined) =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);
const greatest = (a: number | undefined, b: number | undefined) =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);

function completionsOf(student: StudentFacts): ReadonlyMap<string, number> | undefined {
  const corrected = student.corrections.filter((c) => c.about === 'completion');
  if (student.completions === undefined && corrected.length === 0) return undefined;
  const completedAt = new Map<string, number>();
  const add = ({ itemId, completedAt: at }: { readonly itemId: string; readonly completedAt?: number | undefined }) => {
    const earliest = least(completedAt.get(itemId), at);
    if (earliest !== undefined) completedAt.set(itemId, earliest);
  };
  student.completions?.forEach(add);
  corrected.forEach(add);
  return completedAt;
}

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

/** What a student did in a window: active days, the days that count, and whether enough of them do. */
export interface WindowCount {
  readonly active: number;
  /** Days that count for this student; a day with activity always counts. */
  readonly counted: number;
  /** Days without activity from which nothing was received. Not among those counted. */
  readonly unseen: number;
  /** Why too few days are left to go by; undefined where enough are. */
  readonly tooFew: NoDataReason | undefined;
}

/**
 * Counts a window for one student. Days before joining, of a pause, or without data count only where there was
 * activity; whether enough days are left does not depend on activity.
 */
export function countWindow(window: DayWindow, student: StudentAt, at: CourseAt): WindowCount {
  const { activeDays, fromDay, hasPauses } = student;
  const isWhole = fromDay <= window.from && !hasPauses && window.unseen.length === 0;
  let active = 0;
  let activeOnLeftOut = 0;
  for (let i = activeDays.length - 1; i >= 0; i--) {
    const day = activeDays[i] ?? 0;
    if (day > window.to) continue;
    if (day < window.from) break;
    if (!at.countsDay(day)) continue;
    active++;
    if (!isWhole && (day < fromDay || (hasPauses && student.isPaused(day)) || window.unseen.includes(day)))
      activeOnLeftOut++;
  }
  if (isWhole) return { active, counted: window.days, unseen: 0, tooFew: undefined };

  let beforeJoining = 0;
  let inPause = 0;
  let withoutData = 0;
  let unseen = 0;
  for (let day = window.from; day <= window.to; day++) {
    if (!at.countsDay(day)) continue;
    if (day < fromDay) beforeJoining++;
    else if (hasPauses && student.isPaused(day)) inPause++;
    else if (window.unseen.includes(day)) withoutData++;
    if (window.unseen.includes(day) && !activeDays.includes(day)) unseen++;
  }
  const left = window.days - beforeJoining - inPause - withoutData;
  const most = Math.max(beforeJoining, inPause, withoutData);
  const reason = most === withoutData ? 'source-failed' : most === inPause ? 'exempt' : 'joined-recently';
  return {
    active,
    counted: left + activeOnLeftOut,
    unseen,
    tooFew: left < window.days * minimumShareOfWindow ? reason : undefined,
  };
}
