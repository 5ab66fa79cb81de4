const dayMs = 86_400_000;
const timeFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const distanceFormat = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const shortFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const momentFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
});

export function sayDay(at: number): string {
  return dayFormat.format(at);
}

/** For a line of a list. */
export function sayShortDay(at: number): string {
  return shortFormat.format(at);
}

export function sayMoment(at: number): string {
  return momentFormat.format(at);
}

/** The days of the reader’s own zone from one moment to another: what was yesterday evening is a day ago this morning. */
function daysBetween(from: number, to: number): number {
  const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0);
  return Math.round((midnight(to) - midnight(from)) / dayMs);
}

export function isSameDay(one: number, other: number): boolean {
  return daysBetween(one, other) === 0;
}

/** Whether something is for today or was for a day before: not only from the hour on that it was set to. */
export function isDue(dueAt: number, now: number): boolean {
  return daysBetween(now, dueAt) <= 0;
}

/** `14:30`. */
export function sayTime(at: number): string {
  return timeFormat.format(at);
}

/** `today`, `yesterday`, `in 5 days`. */
export function sayDistance(at: number, now: number): string {
  return distanceFormat.format(daysBetween(now, at), 'day');
}

/** `29 November 2026 (3 days ago)`: the day for the record, and how far off it is for whoever decides what to do now. */
export function sayDayAndDistance(at: number, now: number): string {
  return `${sayDay(at)} (${sayDistance(at, now)})`;
}

/** `9 December 2026 to 12 January 2027`, days given as `YYYY-MM-DD`. */
export function sayDays(from: string, to: string): string {
  const say = (day: string) => sayDay(fromDayField(day) ?? 0);
  return from === to ? say(from) : `${say(from)} to ${say(to)}`;
}

/** `new today`, `waiting 1 day`, `waiting 12 days`. */
export function sayWaiting(since: number, now: number): string {
  const days = Math.max(0, daysBetween(since, now));
  return days === 0 ? 'new today' : days === 1 ? 'waiting 1 day' : `waiting ${days} days`;
}

/** The value of a date field, in the reader's own zone. */
export function toDayField(at: number): string {
  const date = new Date(at);
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** Midday of a date field's day, in the reader's own zone; undefined for an empty or unfinished one. */
export function fromDayField(value: string): number | undefined {
  const at = new Date(`${value}T12:00:00`).getTime();
  return Number.isNaN(at) ? undefined : at;
}
