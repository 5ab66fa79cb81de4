import type { RosterMember } from '../../domain/roster-member.ts';
import { matchPeople, type RosterPerson } from './match-people.ts';
import { readStaffRole } from './read-role.ts';
import type { MoodleUser } from './replies.ts';

/**
 * Moodle's own participants as a roster. Who launched is found by the same proof as for activity; whoever has not launched
 * yet is taken by the user id only where that id is what this site sends as `sub`: it is the site that launched, and nobody
 * who launched contradicts it. Others are left out until they launch.
 */
export function mapRoster(
  users: readonly MoodleUser[],
  known: readonly RosterPerson[],
  { isSameSite, sharesNames }: { readonly isSameSite: boolean; readonly sharesNames: boolean },
): RosterMember[] {
  const { moodleIdByPerson, personByMoodleId, counts } = matchPeople(known, users, { isSameSite });
  const subByPerson = new Map(known.map(({ personId, sub }) => [personId, sub]));
  const isContradicted =
    counts.contradicted > 0 || [...moodleIdByPerson].some(([personId, id]) => subByPerson.get(personId) !== String(id));
  const mayTakeId = isSameSite && !isContradicted;
  return users.flatMap((user) => {
    const { id, fullname, firstname, lastname, email, idnumber, username, roles } = user;
    const personId = personByMoodleId.get(id);
    const sub = personId === undefined ? (mayTakeId ? String(id) : undefined) : subByPerson.get(personId);
    if (sub === undefined) return [];
    const isStudent = roles.some(({ shortname }) => shortname === 'student');
    return [
      {
        sub,
        ...(sharesNames && { name: fullname, givenName: firstname, familyName: lastname, email }),
        sourcedId: idnumber,
        username,
        role: isStudent ? 'student' : readStaffRole(user),
        isActive: true,
      },
    ];
  });
}
