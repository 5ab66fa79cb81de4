import type { Day, IsoWeek } from './activity.ts';

/**
 * Days and weeks of a course's own time zone. Inside the domain a day is its number since 1970-01-01, so that windows
 * are subtraction; texts and records use `YYYY-MM-DD`.
 */

const dayMs = 86_400_000;
const cacheLimit = 50_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

function askOffset(at: number, timeZone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/** Asking Intl costs microseconds; a UTC day without a clock change needs to be asked about once. */
const offsets = new Map<string, Map<number, number>>();
const clockChanges = Number.NaN;

let lastZone = '';
let ofLastZone = new Map<number, number>();

function offsetOf(at: number, timeZone: string): number {
  if (timeZone !== lastZone) {
    ofLastZone = offsets.get(timeZone) ?? new Map<number, number>();
    offsets.set(timeZone, ofLastZone);
    lastZone = timeZone;
  }
  const ofZone = ofLastZone;
  const utcDay = Math.floor(at / dayMs);
  let offset = ofZone.get(utcDay);
  if (offset === undefined) {
    const atStart = askOffset(utcDay * dayMs, timeZone);
    offset = atStart === askOffset((utcDay + 1) * dayMs - 1, timeZone) ? atStart : clockChanges;
    if (ofZone.size >= cacheLimit) ofZone.clear();
    ofZone.set(utcDay, offset);
  }
  return Number.isNaN(offset) ? askOffset(at, timeZone) : offset;
}

/** Whether this machine knows the time zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatterOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** The number of the day (since 1970-01-01) in a time zone; `at` in milliseconds since the epoch. */
export function dayNumberAt(at: number, timeZone: string): number {
  return Math.floor((at + offsetOf(at, timeZone)) / dayMs);
}

/** The day in a time zone; `at` in milliseconds since the epoch. */
export function dayOf(at: number, timeZone: string): Day {
  return toDay(dayNumberAt(at, timeZone));
}

const numbers = new Map<Day, number>();

/** The number of a day since 1970-01-01. Throws a RangeError for anything but a real `YYYY-MM-DD`. */
export function dayNumber(day: Day): number {
  let number = numbers.get(day);
  if (number === undefined) {
    number = Date.parse(`${day}T00:00:00Z`) / dayMs;
    if (!Number.isInteger(number) || toDay(number) !== day) throw new RangeError(`Not a day: ${day}`);
    if (numbers.size >= cacheLimit) numbers.clear();
    numbers.set(day, number);
  }
  return number;
}

const names = new Map<number, Day>();

/** The day of a number since 1970-01-01. */
export function toDay(number: number): Day {
  let day = names.get(number);
  if (day === undefined) {
    day = new Date(number * dayMs).toISOString().slice(0, 10);
    if (names.size >= cacheLimit) names.clear();
    names.set(number, day);
  }
  return day;
}

/** `days` may be negative. */
export function addDays(day: Day, days: number): Day {
  return toDay(dayNumber(day) + days);
}

/** Whole days from one day to another; negative where `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return dayNumber(to) - dayNumber(from);
}

/** The moment at which a day begins in a time zone, in milliseconds since the epoch. */
export function startOfDay(day: Day, timeZone: string): number {
  const midnight = dayNumber(day) * dayMs;
  const guess = midnight - offsetOf(midnight, timeZone);
  const start = midnight - offsetOf(guess, timeZone);
  // Where the clock jumps over midnight the day begins at the first moment that belongs to it.
  return dayNumberAt(start, timeZone) < dayNumber(day) ? start + 3_600_000 : start;
}

/** Monday of the week in which a day number lies. 1970-01-01 was a Thursday. */
export function mondayOf(number: number): number {
  return number - ((((number + 3) % 7) + 7) % 7);
}

const weeks = new Map<number, IsoWeek>();

/** The ISO 8601 week of a day. */
export function isoWeekOf(day: Day): IsoWeek {
  return isoWeekOfNumber(dayNumber(day));
}

/** The ISO 8601 week of a day number. */
export function isoWeekOfNumber(number: number): IsoWeek {
  const monday = mondayOf(number);
  let week = weeks.get(monday);
  if (week === undefined) {
    // The year of a week is the year of its Thursday.
    const year = Number(toDay(monday + 3).slice(0, 4));
    const firstMonday = mondayOf(Date.UTC(year, 0, 4) / dayMs);
    week = `${String(year).padStart(4, '0')}-W${String((monday - firstMonday) / 7 + 1).padStart(2, '0')}`;
    if (weeks.size >= cacheLimit) weeks.clear();
    weeks.set(monday, week);
  }
  return week;
}

/** Monday of an ISO week. Throws a RangeError for anything but a real `YYYY-Www`. */
export function firstDayOf(week: IsoWeek): Day {
  const [, year, number] = /^(\d{4})-W(\d{2})$/.exec(week) ?? [];
  const monday = mondayOf(Date.UTC(Number(year), 0, 4) / dayMs) + (Number(number) - 1) * 7;
  if (!Number.isInteger(monday) || isoWeekOfNumber(monday) !== week) throw new RangeError(`Not an ISO week: ${week}`);
  return toDay(monday);
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const sayings = new Map<number, string>();

/** A day as people write it: `3 November`. */
export function sayDay(number: number): string {
  let said = sayings.get(number);
  if (said === undefined) {
    const day = toDay(number);
    said = `${Number(day.slice(8))} ${months[Number(day.slice(5, 7)) - 1] ?? ''}`;
    if (sayings.size >= cacheLimit) sayings.clear();
    sayings.set(number, said);
  }
  return said;
}
