import type { FlagList, ListRow } from '../../../../server/contracts/flag-list.ts';
import type { Filters } from '../../../../server/contracts/saved-views.ts';

const dayMs = 86_400_000;

/** The rows that a view and its filters leave, in the order served. `search` looks at names only. */
export function filterRows(list: FlagList, filters: Filters, search: string): ListRow[] {
  const view = filters.view ?? 'support';
  const wanted = search.trim().toLocaleLowerCase();
  const group = filters.group === undefined ? -1 : list.groups.indexOf(filters.group);
  const placeOf = (work: string | undefined) => list.works.findIndex(({ id }) => id === work);
  const [notSeen, notKnown] = [placeOf(filters.notSeen), placeOf(filters.notKnown)];
  const mine = new Set(filters.mine ? list.mine : []);
  const waitingDays = filters.waiting === undefined ? 0 : Number(filters.waiting);
  return list.rows.filter((row) => {
    if (view === 'support' && row.askedAt === undefined && !row.flags.some(({ kind }) => kind === 'support'))
      return false;
    if (view === 'stretch' && !row.flags.some(({ kind }) => kind === 'stretch')) return false;
    if (filters.group !== undefined && !row.groups.includes(group)) return false;
    if (filters.notSeen !== undefined && !row.notSeen?.includes(notSeen)) return false;
    if (filters.notKnown !== undefined && !row.notKnown?.includes(notKnown)) return false;
    if (filters.mine && !mine.has(row.personId)) return false;
    if (waitingDays > 0 && list.now - row.waitingSince < waitingDays * dayMs) return false;
    if (filters.state !== undefined && !row.flags.some(({ state }) => state === filters.state)) return false;
    if (filters.reason === 'asked' && row.askedAt === undefined) return false;
    if (
      filters.reason !== undefined &&
      filters.reason !== 'asked' &&
      !row.flags.some(({ reasons }) => reasons.some((reason) => reason === filters.reason))
    )
      return false;
    return wanted === '' || row.name.toLocaleLowerCase().includes(wanted);
  });
}

/** Of how many more nobody knows whether they handed in the work that the filters ask about. */
export function countNotKnown(list: FlagList, { notSeen, ...filters }: Filters, search: string): number {
  return notSeen === undefined ? 0 : filterRows(list, { ...filters, notKnown: notSeen }, search).length;
}

/** The flags of a row that the view speaks of. */
export function flagsInView(row: ListRow, view: Filters['view']): ListRow['flags'] {
  if (view === 'closed') return row.flags;
  return row.flags.filter(({ kind }) => kind === (view === 'stretch' ? 'stretch' : 'support'));
}
