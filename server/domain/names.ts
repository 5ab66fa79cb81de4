import type { RosterMember } from './roster-member.ts';

/** How a person is called in a course: one rule for what launches say and for what rosters say. */

export interface ListName {
  /** As shown in lists; `Student 1234` where the platform withholds names. */
  readonly name: string;
  /** Family name first, in lower case. */
  readonly sortName: string;
  /** Which of the two gave the name; absent where neither did. */
  readonly nameFrom?: 'launch' | 'roster' | undefined;
}

export type NamedPerson = Pick<RosterMember, 'sub' | 'name' | 'givenName' | 'familyName' | 'role'>;

/**
 * Takes how somebody is called so far, and what a launch or the roster now says; returns how they are called from now on. The
 * roster's name stands where it gives one, so that the two never write each other's names anew. Silence takes away only a
 * name that came from the same place: then the platform withholds it now.
 */
export function nameInCourse(known: ListName | undefined, said: NamedPerson, from: 'launch' | 'roster'): ListName {
  if (known?.nameFrom !== undefined && known.nameFrom !== from && (from === 'launch' || !isNamed(said))) {
    return { name: known.name, sortName: known.sortName, nameFrom: known.nameFrom };
  }
  return isNamed(said) ? { ...nameInLists(said), nameFrom: from } : nameInLists(said);
}

/** Whether the platform gives a name, whole or in parts. */
export function isNamed({ name, givenName, familyName }: Omit<NamedPerson, 'sub' | 'role'>): boolean {
  return [name, givenName, familyName].some((part) => part?.trim());
}

function nameInLists({ name, givenName, familyName, sub, role }: NamedPerson): { name: string; sortName: string } {
  const given = givenName?.trim() ?? '';
  const family = familyName?.trim() ?? '';
  const shown = name?.trim() || `${given} ${family}`.trim();
  if (!shown) {
    // The platform's id of the person: short ones tell people apart as the platform itself would.
    const alias = `${role === 'student' ? 'Student' : 'Person'} ${sub.length <= 8 ? sub : sub.slice(-6)}`;
    return { name: alias, sortName: alias.toLowerCase() };
  }
  const words = shown.split(/\s+/);
  const sortable = family ? [family, given] : [words.at(-1) ?? '', ...words.slice(0, -1)];
  return { name: shown, sortName: sortable.join(' ').trim().toLowerCase() };
}
