export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

/** Absolute, with a scheme; what follows it is the sender's. */
export function isIri(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 2000 && /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(value);
}

export function isLanguageTag(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/i.test(value);
}

const timestamp = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

export function isTimestamp(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const day = timestamp.exec(value)?.[1];
  // An offset of minus zero means "unknown" and is forbidden. A day that there is not would roll over silently.
  return (
    day !== undefined && !/-00(:?00)?$/.test(value.slice(16)) && !Number.isNaN(timeOfTimestamp(value)) && isDay(day)
  );
}

/** Milliseconds since the epoch. Without an offset a time is UTC, wherever this process runs. */
export function timeOfTimestamp(value: string): number {
  const [, day = '', time = '', offset = 'Z'] = timestamp.exec(value) ?? [];
  return Date.parse(
    `${day}T${time.replace(',', '.')}${/^[+-]\d\d$/.test(offset) ? `${offset}:00` : offset.toUpperCase()}`,
  );
}

function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

const mostProblems = 10;

/** Collects what is wrong with a statement, with the place of each; stops listing after a few. */
export class Problems {
  readonly list: string[] = [];

  add(at: string, what: string): void {
    if (this.list.length < mostProblems) this.list.push(`${at || 'statement'} ${what}`);
  }

  object(value: unknown, at: string): value is JsonObject {
    if (isObject(value)) return true;
    this.add(at.replace(/\.$/, ''), 'must be an object');
    return false;
  }

  onlyKeys(value: JsonObject, allowed: readonly string[], at: string): void {
    if (Object.keys(value).some((key) => !allowed.includes(key))) {
      this.add(at.replace(/\.$/, ''), 'has a property that xAPI does not know');
    }
  }

  noNulls(value: JsonObject, at: string): void {
    for (const [key, inner] of Object.entries(value)) {
      if (inner === null) this.add(at ? `${at.replace(/\.$/, '')}.${key}` : key, 'must not be null');
    }
  }
}

/** Whether a value nests deeper than `limit`. Goes no deeper than that itself, whatever it is given. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  if (limit < 0) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) {
    for (const entry of value) if (isDeeperThan(entry, limit - 1)) return true;
    return false;
  }
  for (const key in value) if (isDeeperThan((value as JsonObject)[key], limit - 1)) return true;
  return false;
}

/** The value where it is a text, else an empty one, which no pattern takes. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
