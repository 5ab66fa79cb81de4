const dayMs = 86_400_000;
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

/** `today`, `1 day`, `12 days`: how long something has waited. */
export function sayWaiting(since: number, now: number): string {
  const days = Math.max(0, Math.floor((now - since) / dayMs));
  return days === 0 ? 'since today' : days === 1 ? '1 day' : `${days} days`;
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
