import { z } from 'zod';
import { LaunchRefused, type RefusalCode } from './refusals.ts';

/** The claims of a launch that Waymark reads, under short names. Everything it does not read is dropped here. */

const lti = 'https://purl.imsglobal.org/spec/lti/claim/';
export const claimNames = {
  sub: 'sub',
  name: 'name',
  givenName: 'given_name',
  familyName: 'family_name',
  email: 'email',
  messageType: `${lti}message_type`,
  version: `${lti}version`,
  deploymentId: `${lti}deployment_id`,
  roles: `${lti}roles`,
  targetLinkUri: `${lti}target_link_uri`,
  resourceLink: `${lti}resource_link`,
  context: `${lti}context`,
  custom: `${lti}custom`,
  lis: `${lti}lis`,
  ext: `${lti}ext`,
  toolPlatform: `${lti}tool_platform`,
  launchPresentation: `${lti}launch_presentation`,
  forUser: `${lti}for_user`,
  namesAndRoles: 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
  grades: 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
  deepLinking: 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings',
} as const;
type ClaimName = keyof typeof claimNames;

const id = z.string().min(1).max(255);
const text = z.string().max(2_000);
/** What a platform may withhold or get wrong without a launch being refused for it. */
const optionalText = text.min(1).optional().catch(undefined);
const lenient = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape).optional().catch(undefined);

const claimsSchema = z.object({
  sub: id,
  messageType: z.enum([
    'LtiResourceLinkRequest',
    'LtiDeepLinkingRequest',
    'LtiSubmissionReviewRequest',
    'LtiContextLaunchRequest',
  ]),
  version: z.literal('1.3.0'),
  deploymentId: id,
  roles: z.array(z.string().max(500)).max(200),
  targetLinkUri: text.min(1).optional(),
  resourceLink: z.object({ id, title: optionalText }).optional(),
  context: z.object({ id, label: optionalText, title: optionalText }).optional(),
  deepLinking: z
    .object({
      deep_link_return_url: text,
      accept_types: z.array(z.string()).max(50),
      accept_presentation_document_targets: z.array(z.string()).max(50).optional().catch(undefined),
      accept_multiple: z.boolean().optional().catch(undefined),
      data: z.unknown().optional(),
    })
    .optional(),
  name: optionalText,
  givenName: optionalText,
  familyName: optionalText,
  email: optionalText,
  /** Custom variables that a platform does not know arrive literally, as `$Name`: they are absent. */
  custom: z
    .record(z.string(), z.unknown())
    .transform((custom) => Object.fromEntries(Object.entries(custom).filter(isFilledIn)))
    .catch({})
    .default({}),
  lis: lenient({ person_sourcedid: optionalText, course_section_sourcedid: optionalText }),
  ext: lenient({ user_username: optionalText }),
  toolPlatform: lenient({ product_family_code: optionalText }),
  launchPresentation: lenient({ return_url: optionalText }),
  forUser: lenient({ user_id: id }),
  namesAndRoles: lenient({ context_memberships_url: optionalText }),
  grades: lenient({ lineitems: optionalText, scope: z.array(z.string()).max(50).optional().catch(undefined) }),
});
export type LaunchClaims = z.output<typeof claimsSchema>;

function isFilledIn(entry: [string, unknown]): entry is [string, string] {
  const value = entry[1];
  return typeof value === 'string' && value !== '' && value.length <= 2_000 && !value.startsWith('$');
}

/** Which code a claim gives: where it is absent, and where it is there but not as it must be. */
const codes: Partial<Record<ClaimName, { absent: RefusalCode; wrong: RefusalCode }>> = {
  sub: { absent: 'user-missing', wrong: 'user-malformed' },
  messageType: { absent: 'message-type-missing', wrong: 'message-type-unknown' },
  version: { absent: 'version-missing', wrong: 'version-wrong' },
  deploymentId: { absent: 'deployment-missing', wrong: 'deployment-missing' },
  roles: { absent: 'roles-missing', wrong: 'roles-malformed' },
  targetLinkUri: { absent: 'target-link-missing', wrong: 'target-link-foreign' },
  resourceLink: { absent: 'resource-link-missing', wrong: 'resource-link-missing' },
  context: { absent: 'context-malformed', wrong: 'context-malformed' },
  deepLinking: { absent: 'deep-linking-incomplete', wrong: 'deep-linking-incomplete' },
};

/** Takes verified claims; returns what Waymark reads of them; throws LaunchRefused with the code of the first wrong one. */
export function readClaims(claims: Readonly<Record<string, unknown>>): LaunchClaims {
  const short = Object.fromEntries(Object.entries(claimNames).map(([name, claim]) => [name, claims[claim]]));
  const parsed = claimsSchema.safeParse(short);
  if (!parsed.success) {
    const name = parsed.error.issues[0]?.path[0] as ClaimName;
    const isAbsent = short[name] === undefined || short[name] === null || short[name] === '';
    throw new LaunchRefused(codes[name]?.[isAbsent ? 'absent' : 'wrong'] ?? 'token-malformed', name);
  }
  const read = parsed.data;
  if (read.messageType === 'LtiDeepLinkingRequest') {
    if (!read.deepLinking) throw new LaunchRefused('deep-linking-incomplete');
    return read;
  }
  if (read.messageType !== 'LtiContextLaunchRequest' && !read.resourceLink) {
    throw new LaunchRefused('resource-link-missing');
  }
  if (read.targetLinkUri === undefined) throw new LaunchRefused('target-link-missing');
  if (read.messageType === 'LtiSubmissionReviewRequest' && !read.forUser) {
    throw new LaunchRefused('submission-review-incomplete');
  }
  return read;
}
