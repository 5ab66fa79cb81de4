import type { TeachingCalendar } from '../domain/facts.ts';

/**
 * The teaching calendar of a course from what its launch says. Where the platform names no dates, one of three UK periods is
 * assumed, and the course says so (`calendarFrom: 'assumed'`) until a tutor or the platform says better: autumn from the
 * third Monday of September, spring from the second Monday of January, summer from the fourth Monday of April, of 12, 12
 * and 15 weeks. Universities differ by a week or two; the assumption only keeps the first refresh from guessing wildly.
 */
const periods = [
  { month: 9, monday: 3, weeks: 12 },
  { month: 1, monday: 2, weeks: 12 },
  { month: 4, monday: 4, weeks: 15 },
] as const;

const assumedTimeZone = 'Europe/London';
/** Platforms send a far-off end for a course without one; a calendar of years would make every week "early". */
const longestWeeks = 60;

/** Custom parameters that Waymark asks platforms to fill (see tool-configuration.ts). */
export interface LaunchDates {
  readonly beginsAt?: string | undefined;
  readonly endsAt?: string | undefined;
}

/** Takes the launch's dates as text and the time now; returns a calendar and where it comes from. */
export function readCalendar(
  { beginsAt, endsAt }: LaunchDates,
  now: Date,
): { calendar: TeachingCalendar; from: 'launch' | 'assumed' } {
  const begin = readInstant(beginsAt);
  const end = readInstant(endsAt);
  if (begin && (!end || end > begin)) {
    const latest = new Date(begin.getTime() + longestWeeks * 7 * 86_400_000);
    const assumedEnd = new Date(begin.getTime() + (12 * 7 - 1) * 86_400_000);
    // A course's end is named as the moment after its last day, so the second before belongs to it.
    const last = end && end <= latest ? new Date(end.getTime() - 1000) : assumedEnd;
    return {
      from: 'launch',
      calendar: { timeZone: assumedTimeZone, firstDay: dayOf(begin), lastDay: dayOf(last), vacations: [] },
    };
  }
  return { from: 'assumed', calendar: assumeCalendar(now) };
}

function assumeCalendar(now: Date): TeachingCalendar {
  const year = now.getUTCFullYear();
  const starts = [year - 1, year]
    .flatMap((inYear) => periods.map(({ month, monday, weeks }) => ({ at: nthMonday(inYear, month, monday), weeks })))
    .filter(({ at }) => at.getTime() <= now.getTime())
    .sort((a, b) => b.at.getTime() - a.at.getTime());
  const { at, weeks } = starts[0]!;
  const last = new Date(at.getTime() + (weeks * 7 - 1) * 86_400_000);
  return { timeZone: assumedTimeZone, firstDay: isoDay(at), lastDay: isoDay(last), vacations: [] };
}

function nthMonday(year: number, month: number, nth: number): Date {
  const first = new Date(Date.UTC(year, month - 1, 1));
  const daysToMonday = (8 - first.getUTCDay()) % 7;
  return new Date(first.getTime() + (daysToMonday + (nth - 1) * 7) * 86_400_000);
}

/** Only full instants: a bare date or a localised text would be a guess. */
function readInstant(text: string | undefined): Date | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return undefined;
  const instant = new Date(text);
  const year = instant.getUTCFullYear();
  return Number.isNaN(instant.getTime()) || year < 2000 || year > 2100 ? undefined : instant;
}

/** Making one takes longer than the rest of a launch's reading. */
const dayFormat = new Intl.DateTimeFormat('en-CA', {
  timeZone: assumedTimeZone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

function dayOf(instant: Date): string {
  return dayFormat.format(instant);
}

function isoDay(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
