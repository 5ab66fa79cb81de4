import { Router, urlencoded, type Request } from 'express';
import { startLaunch } from '../launches.ts';
import { fullName, type Person } from '../people.ts';
import type { PracticeCourse } from '../practice-course.ts';
import { findPerson, type Site } from '../site.ts';
import { startRegistration } from '../registration.ts';
import { autoSubmittingForm, errorPage, escapeHtml } from './forms.ts';
import { STORAGE_FRAME } from './storage-frame.ts';
import { STYLE } from './style.ts';
import { toolsPage } from './tools-page.ts';
import { bar, page } from './layout.ts';

/** Plain pages as a VLE has them: the courses, the people of one, and the course as one of them with the tool in a frame. */
export function coursePagesRouter(site: Site): Router {
  const router = Router();
  router.get('/style.css', (_request, response) => void response.type('css').send(STYLE));
  router.get('/', (_request, response) => void response.send(frontPage(site)));
  router.get('/course/view.php', (request, response) => {
    const found = find(site, request);
    if (!found) return void response.status(404).send(errorPage('There is no such course or person here.'));
    response.send(coursePage(site, found.course, found.person));
  });
  router.get('/mod/lti/storage.php', (_request, response) => void response.send(STORAGE_FRAME));
  router.get('/mod/lti/toolconfigure.php', (_request, response) => void response.send(toolsPage(site)));
  router.post('/mod/lti/toolconfigure.php', urlencoded({ extended: false }), async (request, response) => {
    const { url, activate } = (request.body ?? {}) as { url?: string; activate?: string };
    const pending = site.tools.find(({ clientId }) => clientId === activate);
    if (pending) pending.isPending = false;
    if (url && URL.canParse(url)) response.redirect(303, await startRegistration(site, url));
    else response.redirect(303, '/mod/lti/toolconfigure.php');
  });
  // What the frame, or the new window, opens: the browser is sent to the tool's login as this person.
  router.get('/mod/lti/launch.php', (request, response) => {
    const found = find(site, request);
    const tool = site.tools.find(({ isPending }) => !isPending);
    if (!found || !tool) return void response.status(404).send(errorPage('No tool is set up here yet.'));
    const intent = {
      personId: found.person.id,
      course: found.course,
      tool,
      messageType: request.query['deep'] ? ('LtiDeepLinkingRequest' as const) : ('LtiResourceLinkRequest' as const),
      targetLinkUri: tool.targetLinkUri,
      documentTarget: request.query['window'] ? ('window' as const) : ('iframe' as const),
    };
    response.send(autoSubmittingForm(tool.loginUrl, startLaunch(site, intent)));
  });
  return router;
}

function find(site: Site, request: Request): { course: PracticeCourse; person: Person } | undefined {
  const course = site.courses.find(({ id }) => String(id) === request.query['id']);
  const personId = Number(request.query['as']);
  const person = findPerson(site, personId);
  if (!course || !person) return undefined;
  return course.enrolments.has(personId) || personId === site.administrator.id ? { course, person } : undefined;
}

function frontPage(site: Site): string {
  const courses = site.courses.map((course) => courseSection(site, course)).join('\n');
  return page(
    site.name,
    `${bar(site)}<main><h1>Whose eyes do you want to look through?</h1>
<p>This practice VLE replays the log of a real course, shifted so that today is in term. The people's names are invented. Choose
somebody: their course page opens with Waymark in it. An administrator can also
<a href="/mod/lti/toolconfigure.php">register a tool</a>.</p>${courses}</main>`,
  );
}

function courseSection(site: Site, course: PracticeCourse): string {
  const people = [...course.enrolments.values()];
  const link = (person: Person, what: string) =>
    `<li><a href="/course/view.php?id=${course.id}&amp;as=${person.id}">${escapeHtml(fullName(person))}</a> <small>${what}</small></li>`;
  const staff = people.filter(({ role }) => role !== 'student');
  const students = people
    .filter(({ role }) => role === 'student')
    .sort((a, b) => a.person.familyName.localeCompare(b.person.familyName, 'en-GB'));
  return `<section><h2>${escapeHtml(course.fullName)}</h2>
<h3>Staff</h3><ul>${staff.map(({ person }) => link(person, 'tutor')).join('')}${link(site.administrator, 'administrator')}</ul>
<h3>Students (${students.length})</h3><ul class="many">${students.map(({ person }) => link(person, 'student')).join('')}</ul></section>`;
}

function coursePage(site: Site, course: PracticeCourse, person: Person): string {
  const launch = `/mod/lti/launch.php?id=${course.id}&amp;as=${person.id}`;
  const now = site.clock.nowSeconds();
  const teaches = course.enrolments.get(person.id)?.role !== 'student';
  const placed = site.placedLinks
    .filter(({ courseId }) => courseId === course.id)
    .map(({ title }) => `<li>${escapeHtml(title)}</li>`)
    .join('');
  const items = course.modules
    .filter(({ appearsAt, goesAt }) => appearsAt <= now && now < goesAt)
    .map((module) => `<li>${escapeHtml(module.name)} <small>${escapeHtml(module.modname)}</small></li>`)
    .join('');
  return page(
    course.fullName,
    `${bar(site, fullName(person))}<main><h1>${escapeHtml(course.fullName)}</h1>
<p><a href="${launch}&amp;window=1" target="_blank" rel="noopener">Open Waymark in a new window</a></p>
${teaches ? `<p><a href="${launch}&amp;deep=1">Place a link to Waymark in this course</a></p>` : ''}
${placed ? `<h2>Links placed by tools</h2><ul>${placed}</ul>` : ''}
${site.offersPlatformStorage ? '<iframe name="lti_storage" src="/mod/lti/storage.php" title="Storage for tools" hidden></iframe>' : ''}
<iframe title="Waymark" src="${launch}" allow="clipboard-write"></iframe>
<details><summary>Course content</summary><ul>${items}</ul></details></main>`,
  );
}
