import express, { type Router } from 'express';
import { LTI } from './launches.ts';
import { errorPage } from './pages/forms.ts';
import type { PlacedLink, Site } from './site.ts';
import { verifyToolToken } from './tool-key-sets.ts';

const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';

/** POST /mod/lti/contentitem_return.php: verifies the tool's answer and places its links in the course. */
export function deepLinkingRouter(site: Site): Router {
  const router = express.Router();
  router.post(
    '/mod/lti/contentitem_return.php',
    express.urlencoded({ extended: false, limit: '1mb' }),
    async (request, response) => {
      const course = site.courses.find(({ id }) => String(id) === request.query['course']);
      const { JWT: token } = (request.body ?? {}) as { JWT?: string };
      try {
        if (!course) throw new Error('no such course');
        site.placedLinks.push(...(await readLinks(site, String(token), course.id)));
        response.redirect(303, `/course/view.php?id=${course.id}&as=${[...course.enrolments.keys()][0]}`);
      } catch {
        response.status(400).send(errorPage('The tool’s answer could not be trusted, so nothing was placed.'));
      }
    },
  );
  return router;
}

async function readLinks(site: Site, token: string, courseId: number): Promise<PlacedLink[]> {
  const { tool, payload } = await verifyToolToken(site, token, [site.url]);
  if (
    payload[`${LTI}/message_type`] !== 'LtiDeepLinkingResponse' ||
    payload[`${LTI}/version`] !== '1.3.0' ||
    payload[`${LTI}/deployment_id`] !== tool.deploymentId
  ) {
    throw new Error('not an answer to deep linking');
  }
  const items = (payload[`${DL}/content_items`] ?? []) as {
    type: string;
    title?: string;
    url?: string;
    custom?: Record<string, string>;
  }[];
  const placed = site.placedLinks.length;
  return items
    .filter(({ type }) => type === 'ltiResourceLink')
    .map(({ title = tool.name, url, custom = {} }, index) => ({
      id: `placed-${placed + index + 1}`,
      courseId,
      clientId: tool.clientId,
      title,
      url,
      custom,
    }));
}
