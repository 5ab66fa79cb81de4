/**
 * What was read or stored a moment ago, by key, so that a lecture hall that opens Waymark at once asks once. Callers that meet
 * share one answer. A failure is not kept, and neither is what was not found.
 */
export interface KeptBriefly<Value> {
  get(key: string, make: () => Promise<Value>): Promise<Value>;
}

const mostKept = 5_000;

/** Takes the life of an answer in milliseconds, and a number that grows when what is kept may have become wrong earlier. */
export function createKeptBriefly<Value>({
  freshForMs,
  now,
  version = () => 0,
}: {
  freshForMs: number;
  now: () => Date;
  version?: () => number;
}): KeptBriefly<Value> {
  const kept = new Map<string, { value: Promise<Value>; at: number; version: number }>();
  return {
    get(key, make) {
      const at = now().getTime();
      const known = kept.get(key);
      if (known && known.version === version() && at >= known.at && at - known.at < freshForMs) return known.value;
      // Anybody can make up keys; the oldest go first.
      if (kept.size >= mostKept) for (const old of [...kept.keys()].slice(0, mostKept / 2)) kept.delete(old);
      const value = make();
      kept.set(key, { value, at, version: version() });
      const forget = () => kept.get(key)?.value === value && kept.delete(key);
      value.then((found) => found ?? forget(), forget);
      return value;
    },
  };
}
