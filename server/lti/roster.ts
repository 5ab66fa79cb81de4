import { z } from 'zod';
import type { Course } from '../database/models/course.ts';
import type { RosterMember } from '../domain/roster-member.ts';
import type { Role } from '../domain/vocabulary.ts';
import { Unavailable } from '../errors.ts';
import { readPages } from './paging.ts';
import { findPlatformById } from './platforms.ts';
import { readRole } from './roles.ts';
import { rosterScope } from './scopes.ts';
import { parseJson, type ServiceClient } from './service-client.ts';

const membershipMediaType = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
const mostMembers = 20_000;

const optionalText = z.string().min(1).max(500).optional().catch(undefined);
const memberSchema = z.object({
  user_id: z.coerce.string().min(1).max(255),
  roles: z.array(z.string()).catch([]),
  status: z.string().optional().catch(undefined),
  name: optionalText,
  given_name: optionalText,
  family_name: optionalText,
  email: optionalText,
  lis_person_sourcedid: optionalText,
  ext_user_username: optionalText,
});
export type Member = z.output<typeof memberSchema>;
const pageSchema = z.object({ members: z.array(z.unknown()) });

type RosterCourse = Pick<Course, '_id' | 'platformId' | 'membershipsUrl'>;

/**
 * Everybody in a course by its platform's Names and Role Provisioning Service, all pages, nobody twice; only those of
 * `role` where one is given (platforms lose that filter between pages, so it is applied here). Throws Unavailable where the
 * platform does not answer, and where the course's last launch named no roster. Stores nothing.
 */
export async function readRoster(
  course: RosterCourse,
  services: ServiceClient,
  { role }: { role?: Role } = {},
): Promise<readonly RosterMember[]> {
  const { members } = await readMembers(course, course.membershipsUrl, services);
  return members.map(describeMember).filter((member) => role === undefined || member.role === role);
}

/** One list of members with all its pages, and where the platform would tell what changes after it. */
export async function readMembers(
  course: RosterCourse,
  firstUrl: string | undefined,
  services: ServiceClient,
): Promise<{ members: Member[]; differencesUrl: string | undefined }> {
  const platform = await findPlatformById(course.platformId);
  if (!platform?.isActive) throw new Unavailable('The registration of this platform is switched off.');
  if (!firstUrl) throw new Unavailable('The platform has not offered its roster to Waymark.');
  const call = { scopes: [rosterScope], accept: membershipMediaType };
  const members = new Map<string, Member>();
  let differencesUrl: string | undefined;
  const pages = readPages(
    firstUrl,
    (url) => services.get(platform, url, call),
    (_relation, url) => {
      differencesUrl = url;
    },
  );
  for await (const text of pages) {
    const page = pageSchema.safeParse(parseJson(text));
    if (!page.success) throw new Unavailable('The platform sent a roster that could not be read.');
    for (const raw of page.data.members) {
      const member = memberSchema.safeParse(raw);
      if (member.success) members.set(member.data.user_id, member.data);
    }
    if (members.size > mostMembers) throw new Unavailable(`The roster has more than ${mostMembers} people.`);
  }
  return { members: [...members.values()], differencesUrl };
}

export function describeMember(member: Member): RosterMember {
  return {
    sub: member.user_id,
    name: member.name,
    givenName: member.given_name,
    familyName: member.family_name,
    email: member.email,
    sourcedId: member.lis_person_sourcedid,
    username: member.ext_user_username,
    role: readRole(member.roles),
    isActive: (member.status ?? 'Active').toLowerCase() === 'active',
  };
}
