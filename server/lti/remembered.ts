import { withinPatience } from './database-patience.ts';
import { createKeptBriefly } from './kept-briefly.ts';

/**
 * Read anew once in a while; while the database is away, as it was last read. Rejects where it never was, but for what can do with
 * something `otherwise`.
 */
export function remembered<Value>(
  freshForMs: number,
  now: () => Date,
  make: () => Promise<Value>,
  otherwise?: Value,
): () => Promise<Value> {
  const kept = createKeptBriefly<Value>({ freshForMs, now });
  let last: { value: Value } | undefined;
  const read = async () => {
    try {
      last = { value: await withinPatience(make(), last && 1_000) };
    } catch (error) {
      if (!last && otherwise === undefined) throw error;
    }
    return last ? last.value : otherwise!;
  };
  return () => kept.get('', read);
}
