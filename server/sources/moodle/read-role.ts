import type { Role } from '../../domain/vocabulary.ts';
import type { MoodleUser } from './replies.ts';

/** The roles Moodle ships for staff of a course; what a site has made itself stays as the roster says. */
const staffRoles: ReadonlyMap<string, Role> = new Map([
  ['manager', 'tutor'],
  ['editingteacher', 'tutor'],
  ['teacher', 'assistant'],
]);

/** Undefined for whoever is a student too: a doctoral student who also teaches stays on the list of their own course. */
export function readStaffRole({ roles }: Pick<MoodleUser, 'roles'>): Role | undefined {
  const names = roles.map(({ shortname }) => shortname);
  if (names.includes('student')) return undefined;
  return [...staffRoles].find(([name]) => names.includes(name))?.[1];
}
