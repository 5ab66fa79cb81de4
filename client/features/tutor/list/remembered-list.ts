import type { ListRow } from '../../../../server/contracts/flag-list.ts';
import type { Filters } from '../../../../server/contracts/saved-views.ts';

type Person = Pick<ListRow, 'personId' | 'name'>;

/**
 * How the reader had left the list, for when they come back from a student's page, and for going from one student of it to the
 * next. Gone when the page is closed.
 */
const memory: { filters: Filters; search: string; people: readonly Person[]; personId: string | undefined } = {
  filters: {},
  search: '',
  people: [],
  personId: undefined,
};

export function recallFilters(): Filters {
  return memory.filters;
}

export function rememberFilters(filters: Filters): void {
  memory.filters = filters;
}

export function recallSearch(): string {
  return memory.search;
}

export function rememberSearch(search: string): void {
  memory.search = search;
}

/** The students as the list shows them now. */
export function rememberPeople(people: readonly Person[]): void {
  memory.people = people;
}

/** Whose page is open: where the list goes on when the reader comes back. */
export function rememberPerson(personId: string): void {
  memory.personId = personId;
}

/** Whose page was open last, once. */
export function takePerson(): string | undefined {
  const { personId } = memory;
  memory.personId = undefined;
  return personId;
}

/** Who stands before and after a student in the list, where the list was seen and shows them. */
export function findNeighbours(
  personId: string,
): { place: number; all: number; before?: Person; after?: Person } | undefined {
  const { people } = memory;
  const index = people.findIndex((person) => person.personId === personId);
  if (index < 0) return undefined;
  const [before, after] = [people[index - 1], people[index + 1]];
  return { place: index + 1, all: people.length, ...(before && { before }), ...(after && { after }) };
}
