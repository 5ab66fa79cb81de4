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

export function isTimestamp(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const match = /^(\d{4})-(\d{2})-(\d{2})[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?$/i.exec(value);
  // An offset of minus zero means "unknown" and is forbidden.
  return match !== null && !/-00(:?00)?$/.test(value.slice(19)) && !Number.isNaN(Date.parse(value.replace(',', '.')));
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

/** Whether a value nests deeper than `limit`, found without recursion. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((entry): unknown[] =>
      typeof entry === 'object' && entry !== null ? Object.values(entry) : [],
    );
  }
  return false;
}
