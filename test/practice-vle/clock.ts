const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEK_MS = 7 * DAY_MS;

/** The practice VLE's clock: follows the real one until it is set; all times it gives are epoch seconds. */
export interface Clock {
  nowSeconds(): number;
  /** Stops the clock at this instant. */
  set(instant: Date): void;
}

/** A clock that stands at `start`, or follows the real one when there is no start. */
export function createClock(start?: Date): Clock {
  let fixed = start;
  return {
    nowSeconds: () => Math.floor((fixed?.getTime() ?? Date.now()) / 1000),
    set: (instant) => {
      fixed = instant;
    },
  };
}

const londonParts = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
});

function londonOffsetMs(instantMs: number): number {
  const part = Object.fromEntries(londonParts.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'], part['hour'], part['minute']);
  return wall - Math.floor(instantMs / MINUTE_MS) * MINUTE_MS;
}

/** Turns London wall-clock time (written as if it were UTC) into epoch seconds; offsets are looked up once a day. */
export function createWallClock(): (wallMs: number) => number {
  const offsets = new Map<number, number>();
  return (wallMs) => {
    const day = Math.floor(wallMs / DAY_MS);
    let offset = offsets.get(day);
    if (offset === undefined) offsets.set(day, (offset = londonOffsetMs(day * DAY_MS + DAY_MS / 2)));
    return Math.floor((wallMs - offset) / 1000);
  };
}

/** The Monday 00:00 of the week of an instant, in wall-clock milliseconds of London. */
export function mondayOf(instant: Date): number {
  const wall = instant.getTime() + londonOffsetMs(instant.getTime());
  const day = Math.floor(wall / DAY_MS);
  return (day - ((day + 3) % 7)) * DAY_MS;
}

/** Where the log's first Monday comes to lie, so that `today` is in the week two thirds through. Whole weeks only. */
export function shiftedFirstMonday(lengthMinutes: number, today: Date): number {
  const weeksUntilToday = Math.floor(((lengthMinutes * MINUTE_MS) / WEEK_MS) * (2 / 3));
  return mondayOf(today) - weeksUntilToday * WEEK_MS;
}
