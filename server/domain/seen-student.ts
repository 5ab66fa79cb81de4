import type { CourseAt, DayWindow } from './course-at.ts';
import { dayNumber, dayNumberAt } from './days.ts';
import type { StudentFacts } from './facts.ts';
import { isInSpan } from './teaching-weeks.ts';
import { minimumShareOfWindow } from './thresholds.ts';
import type { NoDataReason } from './vocabulary.ts';

/**
 * When one student was there, as far as the class and flags need to know it. Small: this much of everybody stays in
 * memory until their course is done, and no more.
 */
export interface SeenStudent {
  readonly student: StudentFacts;
  /** Day numbers with any activity up to today, ascending, each once. */
  readonly activeDays: readonly number[];
  /** How many of them lie in each week of the course, by its place in the course's weeks. */
  readonly daysInWeeks: readonly number[];
  /** The first day that can count for this student: the course's, or the day of joining where that is later. */
  readonly fromDay: number;
  /** The first of these days was a joining after the course began. */
  readonly joinedLate: boolean;
  readonly hasPauses: boolean;
  readonly hasLeft: boolean;
  isPaused(this: void, day: number): boolean;
  /** The course's recent window for this student; undefined where the course is too young for one. */
  readonly lately: WindowCount | undefined;
}

/** Prepares the presence of one student; `at` is the course at the same moment. */
export function seeStudent(student: StudentFacts, at: CourseAt): SeenStudent {
  const { pauses, joinedAt, leftAt } = student;
  const joinedDay = joinedAt === undefined ? at.firstDay : dayNumberAt(joinedAt, at.course.calendar.timeZone);
  const activeDays = activeDaysOf(student, at);
  const presence = {
    activeDays,
    fromDay: Math.max(at.firstDay, joinedDay),
    hasPauses: pauses.length > 0,
    isPaused: pauses.length === 0 ? never : (day: number) => pauses.some((span) => isInSpan(day, span)),
  };
  return {
    student,
    activeDays,
    daysInWeeks: countByWeek(activeDays, at),
    fromDay: presence.fromDay,
    joinedLate: joinedDay > at.firstDay,
    hasPauses: presence.hasPauses,
    hasLeft: leftAt !== undefined && leftAt <= at.now,
    isPaused: presence.isPaused,
    lately: at.recent && countWindow(at.recent, presence, at),
  };
}

const never = () => false;

function activeDaysOf(student: StudentFacts, at: CourseAt): number[] {
  const days: number[] = [];
  let isSorted = true;
  for (const rollUp of student.rollUps)
    for (const entry of rollUp.days) isSorted = addDay(days, dayNumber(entry.day), at) && isSorted;
  if (student.lastAccessAt !== undefined)
    isSorted = addDay(days, dayNumberAt(student.lastAccessAt, at.course.calendar.timeZone), at) && isSorted;
  for (const correction of student.corrections)
    if (correction.about === 'active-day') isSorted = addDay(days, dayNumber(correction.day), at) && isSorted;
  return isSorted ? days : [...new Set(days)].sort((a, b) => a - b);
}

/** Adds a day that is not the last one anyway; returns whether the days are still in order. */
function addDay(days: number[], day: number, at: CourseAt): boolean {
  const last = days.at(-1);
  // A clock that runs ahead must not make a student look recent.
  if (day > at.today || day === last) return true;
  days.push(day);
  return last === undefined || day > last;
}

function countByWeek(activeDays: readonly number[], at: CourseAt): number[] {
  const counts = at.weeks.map(() => 0);
  for (const day of activeDays) {
    if (day < at.firstDay || day > at.lastDay) continue;
    const place = Math.floor((day - at.firstMonday) / 7);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
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
export function countWindow(
  window: Omit<DayWindow, 'label'>,
  student: Pick<SeenStudent, 'activeDays' | 'fromDay' | 'hasPauses' | 'isPaused'>,
  at: CourseAt,
): WindowCount {
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
  const least = window.days * minimumShareOfWindow;
  const couldAct = window.days - beforeJoining - inPause;
  const left = couldAct - withoutData;
  const whyNot = inPause >= beforeJoining ? 'exempt' : 'joined-recently';
  return {
    active,
    counted: left + activeOnLeftOut,
    unseen,
    tooFew: left >= least ? undefined : couldAct >= least ? 'feed-gap' : whyNot,
  };
}
