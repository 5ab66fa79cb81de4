import type { MoodleUser } from './replies.ts';

/** What a roster knows of one person, to find them among the users of the web services. */
export interface RosterPerson {
  readonly personId: string;
  readonly sub: string;
  readonly sourcedId?: string | undefined;
  readonly email?: string | undefined;
  readonly username?: string | undefined;
}

type MatchableUser = Pick<MoodleUser, 'id' | 'username' | 'email' | 'idnumber'>;

export interface PeopleMatch {
  readonly moodleIdByPerson: ReadonlyMap<string, number>;
  readonly personByMoodleId: ReadonlyMap<number, string>;
  /** How each match was proven. `by-sub-alone`: the platform gives no other attribute that could confirm it. */
  readonly counts: Readonly<Record<'confirmed' | 'by-sub-alone' | 'by-attribute' | 'contradicted' | 'absent', number>>;
}

const attributes = ['sourcedId', 'username', 'email'] as const;

/**
 * Proves which web-service user each person of the roster is. Moodle sends its user id as LTI `sub`, but a platform in
 * between, or another site's token, would make that wrong: so an attribute that both sides give must agree. Where the
 * id is contradicted, a unique attribute decides; where nothing does, nobody is matched. The id alone is enough only
 * where the site that launched and the site that is read are the same.
 */
export function matchPeople(
  people: readonly RosterPerson[],
  users: readonly MatchableUser[],
  { isSameSite }: { isSameSite: boolean },
): PeopleMatch {
  const byId = new Map(users.map((user) => [String(user.id), user]));
  const byAttribute = attributes.map((name) => uniqueIndex(users, name));
  const moodleIdByPerson = new Map<string, number>();
  const personByMoodleId = new Map<number, string>();
  const counts = { confirmed: 0, 'by-sub-alone': 0, 'by-attribute': 0, contradicted: 0, absent: 0 };

  for (const person of people) {
    const candidate = byId.get(person.sub);
    const verdict = candidate ? compare(person, candidate) : 'absent';
    const found =
      verdict === 'confirmed' || (verdict === 'by-sub-alone' && isSameSite)
        ? candidate
        : findByAttribute(person, byAttribute);
    if (!found || personByMoodleId.has(found.id)) {
      counts[verdict === 'contradicted' ? 'contradicted' : 'absent'] += 1;
      continue;
    }
    counts[found === candidate && verdict !== 'contradicted' ? verdict : 'by-attribute'] += 1;
    moodleIdByPerson.set(person.personId, found.id);
    personByMoodleId.set(found.id, person.personId);
  }
  return { moodleIdByPerson, personByMoodleId, counts };
}

function compare(person: RosterPerson, user: MatchableUser): 'confirmed' | 'by-sub-alone' | 'contradicted' {
  let hasAgreement = false;
  for (const name of attributes) {
    const [ours, theirs] = [fold(person[name]), fold(valueOf(user, name))];
    if (!ours || !theirs) continue;
    // The first attribute that both sides give decides: an e-mail address may lag behind, a student number may not.
    if (ours !== theirs && !hasAgreement) return 'contradicted';
    if (ours === theirs) hasAgreement = true;
  }
  return hasAgreement ? 'confirmed' : 'by-sub-alone';
}

function findByAttribute(person: RosterPerson, indexes: readonly ReadonlyMap<string, MatchableUser | null>[]) {
  for (const [position, name] of attributes.entries()) {
    const key = fold(person[name]);
    const user = key ? indexes[position]?.get(key) : undefined;
    if (user) return user;
  }
  return undefined;
}

/** Null for a value that several users share: it can't tell them apart. */
function uniqueIndex(users: readonly MatchableUser[], name: (typeof attributes)[number]) {
  const index = new Map<string, MatchableUser | null>();
  for (const user of users) {
    const key = fold(valueOf(user, name));
    if (key) index.set(key, index.has(key) ? null : user);
  }
  return index;
}

function valueOf(user: MatchableUser, name: (typeof attributes)[number]): string | undefined {
  return name === 'sourcedId' ? user.idnumber : user[name];
}

function fold(value: string | undefined): string {
  return value?.trim().toLowerCase() ?? '';
}
