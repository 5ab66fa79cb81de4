/** How a person is called in lists, also where the platform withholds names. */

interface NamedPerson {
  readonly name?: string | undefined;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  /** The platform's id of the person: short ones tell people apart as the platform itself would. */
  readonly sub: string;
}

/** Takes what is known; returns the name as shown and the one to sort by (family name first, in lower case). */
export function nameInLists({ name, givenName, familyName, sub }: NamedPerson): { name: string; sortName: string } {
  const shown = name ?? ([givenName, familyName].filter(Boolean).join(' ') || undefined);
  if (!shown) {
    const anonymous = `Student ${sub.length <= 8 ? sub : sub.slice(-6)}`;
    return { name: anonymous, sortName: anonymous.toLowerCase() };
  }
  const words = shown.trim().split(/\s+/);
  const sortable = familyName ? [familyName, givenName ?? ''] : [words.at(-1) ?? '', ...words.slice(0, -1)];
  return { name: shown, sortName: sortable.join(' ').trim().toLowerCase() };
}
