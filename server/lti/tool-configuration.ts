/** What Waymark asks of a platform: the one source of registration requests and of the files in lti-config/. */

import { askedScopes } from './scopes.ts';

export const toolName = 'Waymark';
export const toolDescription =
  'A reflective view of their own engagement for students; a support list and an action log for those who teach.';

/** Names of the custom parameters that Waymark asks platforms to fill, as they arrive in the custom claim. */
export const customParameters = {
  begin: 'course_begin',
  end: 'course_end',
  courseSourcedId: 'course_sourcedid',
  personSourcedId: 'person_sourcedid',
  username: 'username',
} as const;

/** The variables of LTI and of platforms that fill them; a platform that does not know one sends it back as it is. */
export const customVariables: Readonly<Record<string, string>> = {
  [customParameters.begin]: '$CourseSection.timeFrame.begin',
  [customParameters.end]: '$CourseSection.timeFrame.end',
  [customParameters.courseSourcedId]: '$CourseSection.sourcedId',
  [customParameters.personSourcedId]: '$Person.sourcedId',
  [customParameters.username]: '$User.username',
};

/** Set on a link that deep linking has placed. */
export const viewParameter = 'waymark_view';

/** What a tutor can place in a course. Who sees what is decided by the role at launch, not by the link. */
export const placements = [
  {
    id: 'mine',
    title: 'My engagement',
    explains: 'For everybody. Students see their own activity and what they might do next; staff see the support list.',
  },
  {
    id: 'list',
    title: 'Engagement and support list',
    explains:
      'For staff: hide it from students in your course settings. A student who opens it all the same sees their own page.',
  },
] as const;

/** The one algorithm that a launch may be signed with, and that every platform of the specification has. */
export const signingAlgorithm = 'RS256';

/** Addresses that a platform must know of us. */
export function toolEndpoints(publicUrl: string) {
  return {
    login: `${publicUrl}/lti/login`,
    launch: `${publicUrl}/lti/launch`,
    keys: `${publicUrl}/lti/keys`,
    register: `${publicUrl}/lti/register`,
  } as const;
}

/** The picture that a platform may show beside our links. */
export const iconUrl = (publicUrl: string) => `${publicUrl}/lti/icon.svg`;

const toolConfigurationClaim = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

/** The messages that Waymark answers, with the placements that it takes where a platform offers them. */
const messages = [
  { type: 'LtiResourceLinkRequest', label: toolName, placements: ['course_navigation', 'CourseNavigation'] },
  {
    type: 'LtiDeepLinkingRequest',
    label: `Place ${toolName} in the course`,
    placements: ['ContentArea', 'link_selection'],
  },
  { type: 'LtiSubmissionReviewRequest', label: `${toolName}: the student's page`, placements: [] },
] as const;

export interface PlatformAbilities {
  /** Undefined: the platform does not say, and is asked for everything. */
  readonly scopes: readonly string[] | undefined;
  readonly messages: readonly { readonly type: string; readonly placements?: readonly string[] | undefined }[];
}

/** The client registration of the 1EdTech specification, asking for no more than the platform says it has. */
export function registrationRequest(publicUrl: string, abilities: PlatformAbilities): Record<string, unknown> {
  const { login, launch, keys } = toolEndpoints(publicUrl);
  const offered = new Map(abilities.messages.map((message) => [message.type, message.placements ?? []]));
  const asked = messages.filter(({ type }) => type === 'LtiResourceLinkRequest' || offered.has(type));
  return {
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    initiate_login_uri: login,
    redirect_uris: [launch],
    client_name: toolName,
    logo_uri: iconUrl(publicUrl),
    jwks_uri: keys,
    token_endpoint_auth_method: 'private_key_jwt',
    id_token_signed_response_alg: signingAlgorithm,
    scope: askedScopes.filter((scope) => abilities.scopes?.includes(scope) ?? true).join(' '),
    [toolConfigurationClaim]: {
      domain: new URL(publicUrl).host,
      description: toolDescription,
      target_link_uri: launch,
      custom_parameters: customVariables,
      claims: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email'],
      messages: asked.map(({ type, label, placements }) => {
        const taken = placements.filter((placement) => offered.get(type)?.includes(placement));
        return { type, target_link_uri: launch, label, ...(taken.length > 0 && { placements: taken }) };
      }),
    },
  };
}
