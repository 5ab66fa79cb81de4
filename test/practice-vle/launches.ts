import { randomInt } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Person } from './people.ts';
import { fullName } from './people.ts';
import type { PracticeCourse } from './practice-course.ts';
import type { LaunchIntent, RegisteredTool, Site } from './site.ts';

export const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';

/** Notes an intent and returns the parameters of the third-party login request that Moodle would post. */
export function startLaunch(site: Site, intent: LaunchIntent): Record<string, string> {
  const launchId = `ltilaunch${intent.course.resourceLinkId}_${randomInt(1_000_000_000)}`;
  site.launches.set(launchId, intent);
  return {
    iss: site.url,
    target_link_uri: intent.targetLinkUri,
    login_hint: String(intent.personId),
    lti_message_hint: JSON.stringify({ cmid: intent.course.resourceLinkId, launchid: launchId }),
    client_id: intent.tool.clientId,
    lti_deployment_id: intent.tool.deploymentId,
    ...(site.offersPlatformStorage ? { lti_storage_target: 'lti_storage' } : {}),
  };
}

/** Roles as Moodle sends them: three kinds only, and administrators on top of teaching rights. */
export function launchRoles(site: Site, course: PracticeCourse, personId: number): string[] {
  if (personId === site.administrator.id) {
    return [
      `${MEMBERSHIP}Instructor`,
      'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator',
      'http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator',
    ];
  }
  return [`${MEMBERSHIP}${course.enrolments.get(personId)?.role === 'student' ? 'Learner' : 'Instructor'}`];
}

/** The claims of a launch, with the shape of Moodle's own. `nonce` comes from the tool's authorisation request. */
export function launchClaims(site: Site, intent: LaunchIntent, person: Person, nonce: string): JWTPayload {
  const { course, tool } = intent;
  const now = Math.floor(Date.now() / 1000);
  return {
    nonce,
    iat: now,
    exp: now + 60,
    iss: site.url,
    aud: tool.clientId,
    [`${LTI}/deployment_id`]: tool.deploymentId,
    [`${LTI}/target_link_uri`]: intent.targetLinkUri,
    sub: String(person.id),
    [`${LTI}/lis`]: { person_sourcedid: person.idNumber, course_section_sourcedid: course.idNumber },
    [`${LTI}/roles`]: launchRoles(site, course, person.id),
    [`${LTI}/context`]: {
      id: String(course.id),
      label: course.shortName,
      title: course.fullName,
      type: ['CourseSection'],
    },
    [`${LTI}/message_type`]: intent.messageType,
    ...personalClaims(site, person),
    [`${LTI}/ext`]: { ...(site.withholdsNames ? {} : { user_username: person.username }), lms: 'moodle-2' },
    [`${LTI}/launch_presentation`]: {
      locale: 'en',
      document_target: intent.documentTarget,
      return_url: returnUrl(site, intent),
    },
    [`${LTI}/tool_platform`]: {
      product_family_code: 'moodle',
      version: '2024100706',
      guid: 'practice-vle',
      name: site.name,
      description: site.name,
    },
    [`${LTI}/version`]: '1.3.0',
    [`${LTI}/custom`]: customClaim(site, intent, person),
    ...messageClaims(site, intent),
    ...serviceClaims(site, intent),
  };
}

/** Moodle's own return page; its container is 3 in a frame without blocks and 5 in the window that the course had. */
function returnUrl(site: Site, { course, documentTarget }: LaunchIntent): string {
  const container = documentTarget === 'iframe' ? 3 : 5;
  return `${site.url}/mod/lti/return.php?course=${course.id}&launch_container=${container}&instanceid=${course.resourceLinkId}&sesskey=practice`;
}

function personalClaims(site: Site, person: Person): JWTPayload {
  if (site.withholdsNames) return {};
  return {
    given_name: person.givenName,
    family_name: person.familyName,
    name: fullName(person),
    email: person.email,
  };
}

function messageClaims(site: Site, { messageType, course, tool, link }: LaunchIntent): JWTPayload {
  switch (messageType) {
    case 'LtiResourceLinkRequest':
    case 'LtiSubmissionReviewRequest':
      return {
        [`${LTI}/resource_link`]: {
          title: link?.title ?? tool.name,
          description: '',
          id: link?.id ?? String(course.resourceLinkId),
        },
      };
    case 'LtiDeepLinkingRequest':
      return {
        'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': {
          accept_types: ['ltiResourceLink'],
          accept_presentation_document_targets: ['frame', 'iframe', 'window'],
          accept_copy_advice: false,
          accept_multiple: true,
          accept_unsigned: false,
          auto_create: false,
          can_confirm: false,
          deep_link_return_url: `${site.url}/mod/lti/contentitem_return.php?course=${course.id}&id=${tool.deploymentId}`,
          title: tool.name,
          text: '',
        },
      };
  }
}

function serviceClaims(site: Site, { course, tool, messageType }: LaunchIntent): JWTPayload {
  const agsScopes = tool.scopes.filter((scope) => scope.includes('/lti-ags/'));
  const claims: JWTPayload = {};
  if (agsScopes.length > 0) {
    claims['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'] = {
      scope: agsScopes,
      lineitems: lineItemsUrl(site, course, tool),
      ...(messageType === 'LtiDeepLinkingRequest' ? {} : { lineitem: lineItemUrl(site, course, tool) }),
    };
  }
  if (tool.scopes.some((scope) => scope.includes('/lti-nrps/'))) {
    claims['https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice'] = {
      context_memberships_url: membershipsUrl(site, course, tool),
      service_versions: ['1.0', '2.0'],
    };
  }
  return claims;
}

export const membershipsUrl = (site: Site, course: PracticeCourse, tool: RegisteredTool) =>
  `${site.url}/mod/lti/services.php/CourseSection/${course.id}/bindings/${tool.deploymentId}/memberships`;

export const lineItemsUrl = (site: Site, course: PracticeCourse, tool: RegisteredTool) =>
  `${site.url}/mod/lti/services.php/${course.id}/lineitems?type_id=${tool.deploymentId}`;

export const lineItemUrl = (site: Site, course: PracticeCourse, tool: RegisteredTool) =>
  `${site.url}/mod/lti/services.php/${course.id}/lineitems/${course.resourceLinkId}/lineitem?type_id=${tool.deploymentId}`;

const isoSeconds = (at: number) => new Date(at * 1000).toISOString().replace('.000Z', '+00:00');

/** Custom parameters with the variables this platform knows filled in; an unknown one arrives literally, as Moodle does. */
function customClaim(site: Site, { course, tool, link }: LaunchIntent, person: Person): Record<string, string> {
  const known: Record<string, string> = {
    '$CourseSection.sourcedId': course.idNumber,
    '$CourseSection.timeFrame.begin': isoSeconds(course.startsAt),
    '$CourseSection.timeFrame.end': isoSeconds(course.endsAt),
    '$Context.timeFrame.begin': isoSeconds(course.startsAt),
    '$Moodle.Person.userGroupIds': '',
    '$User.id': String(person.id),
    '$User.username': site.withholdsNames ? '' : person.username,
    '$Person.sourcedId': person.idNumber,
    '$Person.address.timezone': 'Europe/London',
    '$Context.id.history': '',
    '$Membership.role': launchRoles(site, course, person.id)[0]?.replace(MEMBERSHIP, '') ?? '',
    '$ResourceLink.title': link?.title ?? tool.name,
    '$LineItems.url': lineItemsUrl(site, course, tool),
  };
  const filled = Object.entries(tool.customParameters).map(([name, value]) => [name, known[value] ?? value]);
  return {
    ...(Object.fromEntries(filled) as Record<string, string>),
    ...link?.custom,
    lineitems: lineItemsUrl(site, course, tool),
    context_memberships_url: membershipsUrl(site, course, tool),
  };
}
