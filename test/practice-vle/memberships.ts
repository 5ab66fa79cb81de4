import express, { type Request, type Response, type Router } from 'express';
import { fullName } from './people.ts';
import type { Enrolment, PracticeCourse } from './practice-course.ts';
import type { RegisteredTool, Site } from './site.ts';
import { requireScope } from './token-endpoint.ts';

const MEDIA_TYPE = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
const SCOPE = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';

/** Names and Role Provisioning, as Moodle answers it. Any course of the site can be read, as there. */
export function membershipsRouter(site: Site): Router {
  const router = express.Router();
  router.get(
    '/mod/lti/services.php/CourseSection/:courseId/bindings/:deploymentId/memberships',
    site.faults.at('nrps'),
    requireScope(site, SCOPE),
    (request, response) => {
      const course = site.courses.find((one) => String(one.id) === request.params['courseId']);
      const tool = site.tools.find((one) => one.deploymentId === request.params['deploymentId']);
      if (!course || !tool) response.status(404).end();
      else if (request.get('accept') !== MEDIA_TYPE) response.status(406).end();
      else answerMembers(site, course, tool, request, response);
    },
  );
  return router;
}

function answerMembers(
  site: Site,
  course: PracticeCourse,
  tool: RegisteredTool,
  request: Request,
  response: Response,
): void {
  const limit = Number(request.query['limit'] ?? 0) || site.rosterPageSize;
  const from = Number(request.query['from'] ?? 0) || 0;
  const rlid = typeof request.query['rlid'] === 'string' ? request.query['rlid'] : undefined;
  const wantedRole = typeof request.query['role'] === 'string' ? request.query['role'].replace(/^.*#/, '') : undefined;
  const everybody = [...course.enrolments.values()]
    .filter((enrolment) => !wantedRole || rosterRole(enrolment) === wantedRole)
    .sort((a, b) => rosterOrder(a).localeCompare(rosterOrder(b), 'en'));
  const since = typeof request.query['since'] === 'string' ? Number(request.query['since']) : undefined;
  if (site.offersDifferences && since !== undefined) return answerDifferences(site, course, tool, since, response);
  const page = limit ? everybody.slice(from, from + limit) : everybody;
  const base = `${site.url}/mod/lti/services.php/CourseSection/${course.id}/bindings/${tool.deploymentId}/memberships`;

  if (limit && from + limit < everybody.length) {
    // The role filter is not in Moodle's next link: a tool that trusts it reads everybody from page two on.
    const next = new URLSearchParams({ limit: String(limit), from: String(from + limit), ...(rlid ? { rlid } : {}) });
    response.append('Link', `<${base}?${next.toString()}>; rel="next"`);
  }
  if (site.offersDifferences) response.append('Link', `<${base}?since=${site.rosterLog.length}>; rel="differences"`);
  response.type(MEDIA_TYPE).json({
    id: base,
    context: { id: String(course.id), label: course.shortName, title: course.fullName },
    members: page.map((enrolment) => presentMember(site, course, enrolment, rlid)),
  });
}

/** Whoever came, left or came back since; who left with no more than that. */
function answerDifferences(
  site: Site,
  course: PracticeCourse,
  tool: RegisteredTool,
  since: number,
  response: Response,
): void {
  const base = `${site.url}/mod/lti/services.php/CourseSection/${course.id}/bindings/${tool.deploymentId}/memberships`;
  const changes = site.rosterLog.slice(since).filter(({ courseId }) => courseId === course.id);
  const members = [...new Set(changes.map(({ personId }) => personId))].map((personId) => {
    const enrolment = course.enrolments.get(personId);
    return enrolment
      ? presentMember(site, course, enrolment, undefined)
      : { user_id: String(personId), status: 'Deleted', roles: [] };
  });
  response.append('Link', `<${base}?since=${site.rosterLog.length}>; rel="differences"`);
  response.type(MEDIA_TYPE).json({ id: base, context: { id: String(course.id) }, members });
}

const rosterOrder = ({ person }: Enrolment) => `${person.familyName} ${person.givenName} ${person.id}`;

/** A non-editing teacher is a Learner here, though an Instructor at launch: Moodle's own slip, kept. */
const rosterRole = ({ role }: Enrolment) => (role === 'editingteacher' ? 'Instructor' : 'Learner');

function presentMember(site: Site, course: PracticeCourse, enrolment: Enrolment, rlid: string | undefined) {
  const { person } = enrolment;
  return {
    status: 'Active',
    roles: [rosterRole(enrolment)],
    ...(rlid === String(course.resourceLinkId)
      ? { message: [{ 'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiResourceLinkRequest' }] }
      : {}),
    user_id: String(person.id),
    lis_person_sourcedid: person.idNumber,
    ...(site.withholdsNames
      ? {}
      : {
          name: fullName(person),
          given_name: person.givenName,
          family_name: person.familyName,
          email: person.email,
          ext_user_username: person.username,
        }),
  };
}
