const dayHours = 24;
/** From two days on nobody counts in hours. Boundary: `>=`. */
const saidInDaysFromHours = 48;

/**
 * A time before a due time as people say it: `about 14 days after the due time`, `5 hours before the due time`.
 *
 * @param hours below zero: after the due time.
 */
export function sayLead(hours: number): string {
  if (hours === 0) return 'right at the due time';
  const side = hours < 0 ? 'after the due time' : 'before the due time';
  const length = Math.abs(hours);
  if (length < 1) return `less than an hour ${side}`;
  const [size, one] = length >= saidInDaysFromHours ? [length / dayHours, 'day'] : [length, 'hour'];
  const whole = Math.round(size);
  return `${whole === size ? '' : 'about '}${whole} ${whole === 1 ? one : `${one}s`} ${side}`;
}
