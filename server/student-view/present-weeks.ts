import type { Week } from '../contracts/student-view.ts';
import type { DayCount } from '../domain/activity.ts';
import type { CourseAt } from '../domain/course-at.ts';
import { dayNumber, dayNumberAt, firstDayOf, toDay } from '../domain/days.ts';
import type { DaySpan } from '../domain/facts.ts';
import type { StudentAt } from '../domain/student-at.ts';
import { isInSpan } from '../domain/teaching-weeks.ts';
import { ownUsual, type LivedWeek } from '../domain/usual-week.ts';
import type { ActivityKind } from '../domain/vocabulary.ts';

/** The weeks of the course as one student lived them, vacation weeks and weeks to come included. */
export function presentWeeks(student: StudentAt, at: CourseAt): Week[] {
  const rollUps = new Map(student.student.rollUps.map((rollUp) => [rollUp.week, rollUp]));
  const gaps = presenceGaps(at);
  return at.weeks.map((week): Week => {
    const from = dayNumber(week.firstDay);
    const to = dayNumber(week.lastDay);
    // Activity on days before the course's first Monday or after its last still belongs to its week.
    const monday = dayNumber(firstDayOf(week.week));
    const days = student.activeDays.filter((day) => day >= monday && day < monday + 7);
    const rollUp = rollUps.get(week.week);
    return {
      week: week.week,
      ...(week.number !== undefined && { number: week.number }),
      firstDay: week.firstDay,
      lastDay: week.lastDay,
      ...(week.vacation !== undefined && { vacation: week.vacation }),
      when: to < at.today ? 'past' : from <= at.today ? 'now' : 'to-come',
      activeDays: days.length,
      days: days.map(toDay),
      counts: addCounts(rollUp?.days ?? []),
      resources: rollUp?.objects.length ?? 0,
      pausedDays: countDays(from, to, (day) => at.isPausedDay(day) || (student.hasPauses && student.isPaused(day))),
      unseenDays: countDays(from, Math.min(to, at.today), (day) => isUnseen(day, at, gaps)),
    };
  });
}

/** The student's own usual teaching week, from finished weeks that counted in full. */
export function presentUsual(weeks: readonly Week[], student: StudentAt): ReturnType<typeof ownUsual> {
  return ownUsual(
    weeks
      .filter(({ when }) => when === 'past')
      .map((week): LivedWeek => ({
        activeDays: week.activeDays,
        counts:
          week.number !== undefined &&
          week.pausedDays === 0 &&
          week.unseenDays === 0 &&
          dayNumber(week.firstDay) >= student.fromDay,
      })),
  );
}

function presenceGaps(at: CourseAt): readonly DaySpan[] {
  return at.course.sources.filter(({ speaksOf }) => speaksOf.includes('presence')).flatMap(({ gaps }) => gaps);
}

/** A day after the last reading has not been seen yet; neither has one in a gap. */
function isUnseen(day: number, at: CourseAt, gaps: readonly DaySpan[]): boolean {
  const { presence } = at.topics;
  if (presence.asOf === undefined) return true;
  return day > dayNumberAt(presence.asOf, at.course.calendar.timeZone) || gaps.some((gap) => isInSpan(day, gap));
}

function countDays(from: number, to: number, isSo: (day: number) => boolean): number {
  let count = 0;
  for (let day = from; day <= to; day++) if (isSo(day)) count++;
  return count;
}

/** A step of which both the platform's services and its event feed tell is one step: of a day's sources, the fuller counts. */
function addCounts(days: readonly DayCount[]): Partial<Record<ActivityKind, number>> {
  const most = new Map<string, { kind: ActivityKind; count: number }>();
  for (const { day, counts } of days) {
    for (const [kind, count] of Object.entries(counts) as [ActivityKind, number][]) {
      const key = `${day} ${kind}`;
      if (count > (most.get(key)?.count ?? 0)) most.set(key, { kind, count });
    }
  }
  const sums: Partial<Record<ActivityKind, number>> = {};
  for (const { kind, count } of most.values()) sums[kind] = (sums[kind] ?? 0) + count;
  return sums;
}
