import express, { type Request, type Response, type Router } from 'express';
import { lineItemUrl, lineItemsUrl } from './launches.ts';
import type { PracticeCourse } from './practice-course.ts';
import type { RegisteredTool, Site } from './site.ts';
import { requireScope } from './token-endpoint.ts';

const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope';
const LINE_ITEMS = 'application/vnd.ims.lis.v2.lineitemcontainer+json';
const LINE_ITEM = 'application/vnd.ims.lis.v2.lineitem+json';
const RESULTS = 'application/vnd.ims.lis.v2.resultcontainer+json';

/** Assignment and Grade Services, to read: the tool's own column in each course, and the marks somebody gave there. */
export function gradebookRouter(site: Site): Router {
  const router = express.Router();
  const base = '/mod/lti/services.php/:courseId/lineitems';
  const fault = site.faults.at('ags');
  const mayReadItems = requireScope(site, `${AGS}/lineitem`, `${AGS}/lineitem.readonly`);

  router.get(base, fault, mayReadItems, (request, response) => {
    const found = find(site, request);
    if (!found) return void response.status(404).end();
    const { limit } = request.query;
    if (typeof limit === 'string')
      response.set('Link', brokenLink(lineItemsUrl(site, found.course, found.tool), limit));
    response.type(LINE_ITEMS).json([presentLineItem(site, found.course, found.tool)]);
  });
  router.get(`${base}/:itemId/lineitem`, fault, mayReadItems, (request, response) => {
    const found = find(site, request);
    if (!found) return void response.status(404).end();
    response.type(LINE_ITEM).json(presentLineItem(site, found.course, found.tool));
  });
  router.get(
    `${base}/:itemId/lineitem/results`,
    fault,
    requireScope(site, `${AGS}/result.readonly`),
    (request, response) => answerResults(site, request, response),
  );
  // Nothing here may be written; a tool that tries is told so, and tests see the attempt among the requests.
  router.all(`${base}{/*rest}`, fault, (_request, response) => void response.status(403).end());
  return router;
}

function find(site: Site, request: Request): { course: PracticeCourse; tool: RegisteredTool } | undefined {
  const course = site.courses.find(({ id }) => String(id) === request.params['courseId']);
  const tool = site.tools.find(({ deploymentId }) => deploymentId === request.query['type_id']);
  const { itemId } = request.params;
  const isOwnItem = itemId === undefined || itemId === String(course?.resourceLinkId);
  return course && tool && isOwnItem ? { course, tool } : undefined;
}

function presentLineItem(site: Site, course: PracticeCourse, tool: RegisteredTool) {
  return {
    id: lineItemUrl(site, course, tool),
    label: tool.name,
    scoreMaximum: 10,
    resourceId: '',
    tag: '',
    resourceLinkId: String(course.resourceLinkId),
    ltiLinkId: String(course.resourceLinkId),
  };
}

function answerResults(site: Site, request: Request, response: Response): void {
  const found = find(site, request);
  if (!found) return void response.status(404).end();
  const item = lineItemUrl(site, found.course, found.tool);
  const [path, query] = item.split('?');
  const results = site.results
    .filter(({ courseId, at }) => courseId === found.course.id && at <= site.clock.nowSeconds())
    .map(({ personId, score, at }) => ({
      id: `${path}/results?${query}&user_id=${personId}`,
      userId: String(personId),
      resultScore: score,
      resultMaximum: 10,
      comment: '',
      scoreOf: item,
      timestamp: new Date(at * 1000).toISOString().replace('.000Z', '+00:00'),
    }));
  response.type(RESULTS).json(results);
}

/** Moodle escapes its paging header for HTML and quotes it with typographer's quotes, so that nobody can follow it. */
function brokenLink(url: string, limit: string): string {
  const next = `${url}&limit=${limit}&from=0`.replaceAll('&', '&amp;');
  return Buffer.from(`<${next}>; rel=“first”`, 'utf8').toString('latin1');
}
