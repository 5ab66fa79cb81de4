import type { Day, IsoWeek } from './activity.ts';
import { dayNumber, isoWeekOfNumber, mondayOf, toDay } from './days.ts';
import type { DaySpan, TeachingCalendar } from './facts.ts';

export interface TeachingWeek {
  /** From 1; absent in a vacation week. */
  readonly number?: number | undefined;
  readonly week: IsoWeek;
  /** Monday, or the course's first day where that is later. */
  readonly firstDay: Day;
  /** Sunday, or the course's last day where that is earlier. */
  readonly lastDay: Day;
  /** What the vacation is called, in a vacation week. */
  readonly vacation?: string | undefined;
}

/**
 * The weeks of a course in order, vacation weeks included and unnumbered. A week is a vacation week when its Monday to
 * Friday (as far as they belong to the course) all lie inside vacations.
 */
export function teachingWeeks(calendar: TeachingCalendar): TeachingWeek[] {
  const first = dayNumber(calendar.firstDay);
  const last = dayNumber(calendar.lastDay);
  const weeks: TeachingWeek[] = [];
  let number = 0;
  for (let monday = mondayOf(first); monday <= last; monday += 7) {
    const from = Math.max(monday, first);
    const to = Math.min(monday + 6, last);
    const vacation = vacationOver(calendar, from, Math.min(monday + 4, to));
    weeks.push({
      ...(vacation === undefined ? { number: ++number } : { vacation }),
      week: isoWeekOfNumber(monday),
      firstDay: toDay(from),
      lastDay: toDay(to),
    });
  }
  return weeks;
}

function vacationOver(calendar: TeachingCalendar, from: number, to: number): string | undefined {
  // A course that begins on a weekend begins with that weekend, not with a vacation.
  if (from > to) return undefined;
  let label: string | undefined;
  for (let day = from; day <= to; day++) {
    const vacation = calendar.vacations.find((span) => isInSpan(day, span));
    if (!vacation) return undefined;
    label ??= vacation.label;
  }
  return label;
}

/** The number of the teaching week of a day; undefined in a vacation week and outside the course. */
export function teachingWeekOf(calendar: TeachingCalendar, day: Day): number | undefined {
  return teachingWeeks(calendar).find((week) => day >= week.firstDay && day <= week.lastDay)?.number;
}

/** The number of the latest teaching week that has begun by a day: 0 before the course, the last number after it. */
export function latestTeachingWeek(weeks: readonly TeachingWeek[], day: Day): number {
  return weeks.reduce((latest, week) => (week.firstDay <= day ? (week.number ?? latest) : latest), 0);
}

export function isInSpan(day: number, span: DaySpan): boolean {
  return day >= dayNumber(span.from) && day <= dayNumber(span.to);
}
