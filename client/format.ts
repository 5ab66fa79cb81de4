/** Dates as people say them. Days are `YYYY-MM-DD`; moments are milliseconds and shown in the course's time zone. */

const locale = 'en-GB';
const dayMs = 86_400_000;

/** `Wednesday 25 November`, or shorter: `25 Nov`. */
export function sayDay(day: string, style: 'long' | 'short' = 'long'): string {
  const options: Intl.DateTimeFormatOptions =
    style === 'long' ? { weekday: 'long', day: 'numeric', month: 'long' } : { day: 'numeric', month: 'short' };
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(locale, { ...options, timeZone: 'UTC' });
}

/** `25 November, 14:05`; in the reader's own time zone unless one is given. */
export function sayMoment(at: number, timeZone?: string): string {
  return new Date(at).toLocaleString(locale, {
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    ...(timeZone && { timeZone }),
  });
}

/** `Thursday 26 November at 12:00`, for what one has to be at; in the reader's own time zone. */
export function sayMeeting(at: number): string {
  return new Date(at).toLocaleString(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** `25 November 2026`. */
export function sayDate(at: number, timeZone?: string): string {
  return new Date(at).toLocaleDateString(locale, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    ...(timeZone && { timeZone }),
  });
}

/** `YYYY-MM-DD` of a moment. */
export function dayAt(at: number, timeZone: string): string {
  return new Date(at).toLocaleDateString('en-CA', { timeZone });
}

/** Whole days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

/** `in 5 days`, `tomorrow`, `2 days ago`. */
export function sayDistance(from: string, to: string): string {
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(daysBetween(from, to), 'day');
}

/** `2,000`. */
export function sayNumber(number: number): string {
  return number.toLocaleString(locale);
}

/** Which words a count takes where people say `both` of two. */
export function chooseByCount<Words>(count: number, words: { one: Words; two: Words; many: Words }): Words {
  return words[count === 1 ? 'one' : count === 2 ? 'two' : 'many'];
}

/** A span of days as people say it: `2 years`, `13 months`, `40 days`; in years or months only where they are whole. */
export function saySpan(days: number): string {
  if (days % 365 === 0) return sayCount(days / 365, 'year');
  if (days % 30 === 0) return sayCount(days / 30, 'month');
  return sayCount(days, 'day');
}

/** `a`, `a and b`, `a, b and c`. */
export function sayList(parts: readonly string[]): string {
  return new Intl.ListFormat(locale).format(parts);
}

/** A usual number of days as people say it: `3 active days`; `2 to 3 active days` or `up to 1 active day` where it lies between. */
export function sayUsual(days: number): string {
  if (Number.isInteger(days)) return sayCount(days, 'active day');
  return days < 1 ? 'up to 1 active day' : `${Math.floor(days)} to ${Math.ceil(days)} active days`;
}

/** `3 days`, `1 day`. */
export function sayCount(count: number, one: string, many = `${one}s`): string {
  return `${Math.round(count * 10) / 10} ${count === 1 ? one : many}`;
}
