import { useState } from 'react';

/**
 * Everything that has been shown in this visit, as it was last read. What a colleague or new data settled meanwhile thus keeps
 * its place on the page, with whatever its reader was typing there, instead of vanishing under their hands.
 */
export function useKeptInPlace<Entry extends { readonly id: string }>(
  entries: readonly Entry[],
): { readonly shown: readonly Entry[]; readonly hasGone: (id: string) => boolean } {
  const [kept, setKept] = useState<ReadonlyMap<string, Entry>>(new Map());
  const isNew = entries.some((entry) => kept.get(entry.id) !== entry);
  const shown = isNew ? new Map([...kept, ...entries.map((entry) => [entry.id, entry] as const)]) : kept;
  if (isNew) setKept(shown);
  const present = new Set(entries.map(({ id }) => id));
  return { shown: [...shown.values()], hasGone: (id) => !present.has(id) };
}
