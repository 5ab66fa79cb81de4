import type { Role } from '../domain/vocabulary.ts';

/**
 * From a platform's role URIs to one role of ours. Roles in the course win over roles in the institution; a site's system
 * administrator is always an administrator here, because platforms call them instructors of every course they open, and
 * administrators see the system, not the people. An administrator of a course alone is none: registrations belong to the
 * whole platform.
 */

const institution = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#';
const system = 'http://purl.imsglobal.org/vocab/lis/v2/system/person#';

/** Makes a member of the institution's staff an engagement lead; documented in lti-config/generic.md. */
export const leadRoleUri = 'https://waymark.invalid/vocab/role#EngagementLead';
/** The custom parameter that does the same, where a platform can't send a role of its own. */
export const leadParameter = { name: 'waymark_role', value: 'lead' } as const;

const institutionsOwnStaff = [`${institution}Staff`, `${institution}Administrator`];
const systemAdministrators = [`${system}Administrator`, `${system}SysAdmin`];
const institutionAdministrator = `${institution}Administrator`;

/** The course role in a URI or in the short form that the specification still allows; undefined for any other role. */
function readCourseRole(role: string): { principal: string; sub?: string } | undefined {
  const full = /^http:\/\/purl\.imsglobal\.org\/vocab\/lis\/v2\/membership(?:\/(\w+))?#(\w+)$/.exec(role);
  if (full) return full[1] ? { principal: full[1], sub: full[2]! } : { principal: full[2]! };
  if (/^[A-Za-z]+$/.test(role)) return { principal: role };
  return undefined;
}

/**
 * Takes the roles of a launch or of a roster member, and the launch's custom parameters where there are any. Returns
 * undefined where no role is one that Waymark knows: such a person sees at most what is their own.
 */
export function readRole(
  roleUris: readonly string[],
  custom: Readonly<Record<string, unknown>> = {},
): Role | undefined {
  if (roleUris.some((role) => systemAdministrators.includes(role))) return 'administrator';
  const saysLead = roleUris.includes(leadRoleUri) || custom[leadParameter.name] === leadParameter.value;
  // A tutor may write custom parameters; only the institution can say who works for it.
  if (saysLead && roleUris.some((role) => institutionsOwnStaff.includes(role))) return 'lead';

  const inCourse = roleUris.flatMap((role) => readCourseRole(role) ?? []);
  const has = (principal: string) => inCourse.some((role) => role.principal === principal);
  if (has('Administrator') && roleUris.includes(institutionAdministrator)) return 'administrator';
  const instructing = inCourse.filter((role) => role.principal === 'Instructor' && role.sub !== undefined);
  const isAssistant = (sub: string | undefined) => sub !== undefined && assistantSubRoles.includes(sub);
  if (has('Instructor')) {
    const isOnlyAssistant = instructing.length > 0 && instructing.every((role) => isAssistant(role.sub));
    return isOnlyAssistant ? 'assistant' : 'tutor';
  }
  if (has('TeachingAssistant')) return 'assistant';
  if (has('Mentor')) return 'mentor';
  if (has('Learner')) return 'student';
  if (roleUris.includes(institutionAdministrator)) return 'administrator';
  return undefined;
}

/** Whether somebody may place links in the course: who teaches it, and who administers it or the platform. */
export function mayPlaceLinks(roleUris: readonly string[], custom: Readonly<Record<string, unknown>> = {}): boolean {
  const role = readRole(roleUris, custom);
  if (role === 'tutor' || role === 'administrator') return true;
  return role === undefined && roleUris.some((uri) => readCourseRole(uri)?.principal === 'Administrator');
}

const assistantSubRoles = [
  'TeachingAssistant',
  'TeachingAssistantGroup',
  'TeachingAssistantOffering',
  'TeachingAssistantSection',
  'TeachingAssistantSectionAssociation',
  'TeachingAssistantTemplate',
  'Grader',
];
