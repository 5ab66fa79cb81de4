import type { Filters } from '../../../../server/contracts/saved-views.ts';

/** What the reader had chosen in the list, for when they come back from a student's page. Gone when the page is closed. */
const memory: { filters: Filters } = { filters: {} };

export function recallFilters(): Filters {
  return memory.filters;
}

export function rememberFilters(filters: Filters): void {
  memory.filters = filters;
}
