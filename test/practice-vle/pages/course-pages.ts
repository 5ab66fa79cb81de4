import { parseCookie, stringifySetCookie } from 'cookie';
import { Router, urlencoded, type Request, type Response } from 'express';
import { startLaunch } from '../launches.ts';
import { fullName, type Person } from '../people.ts';
import type { PracticeCourse } from '../practice-course.ts';
import { findPerson, type Site } from '../site.ts';
import { startRegistration } from '../registration.ts';
import { autoSubmittingForm, errorPage, escapeHtml } from './forms.ts';
import { STORAGE_FRAME } from './storage-frame.ts';
import { STYLE } from './style.ts';
import { toBeginWith } from './to-begin-with.ts';
import { toolsPage } from './tools-page.ts';
import { bar, page } from './layout.ts';

/** Plain pages as a VLE has them: the courses, the people of one, and the course as one of them with the tool in a frame. */
export function coursePagesRouter(site: Site): Router {
  const router = Router();
  router.get('/style.css', (_request, response) => void response.type('css').send(STYLE));
  router.get('/', (request, response) => {
    const { find: wanted } = request.query;
    response.send(frontPage(site, typeof wanted === 'string' ? wanted.trim() : ''));
  });
  router.get('/course/view.php', (request, response) => {
    const found = find(site, request);
    if (!found) return void response.status(404).send(errorPage('There is no such course or person here.'));
    remember(response, found.person);
    response.send(coursePage(site, found.course, found.person));
  });
  // As Moodle's: an embedded tool is led out of its frame by a script, and at the top of a window the page stays empty.
  router.get('/mod/lti/return.php', (request, response) => {
    const course = `/course/view.php?id=${Number(request.query['course'])}`;
    if (request.query['launch_container'] === '5') return void response.redirect(303, course);
    response.send(`<html><body><script>if (window != top) top.location.href = '${course}';</script></body></html>`);
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
  // What the frame, or the new window, opens, by the number of the activity: the browser is sent to the tool's login as this person.
  router.get('/mod/lti/launch.php', (request, response) => {
    const found = find(site, request, ({ resourceLinkId }) => resourceLinkId);
    const link = site.placedLinks.find(({ id }) => id === request.query['link']);
    const tool = site.tools.find(({ isPending, clientId }) => !isPending && (!link || link.clientId === clientId));
    if (!found || !tool) return void response.status(404).send(errorPage('No tool is set up here yet.'));
    const intent = {
      personId: found.person.id,
      course: found.course,
      tool,
      messageType: request.query['deep'] ? ('LtiDeepLinkingRequest' as const) : ('LtiResourceLinkRequest' as const),
      targetLinkUri: link?.url ?? tool.targetLinkUri,
      link,
      documentTarget: request.query['window'] ? ('window' as const) : ('iframe' as const),
    };
    response.send(autoSubmittingForm(tool.loginUrl, startLaunch(site, intent)));
  });
  return router;
}

/**
 * Stands for the VLE's session: whoever looked last is who comes back. As Moodle's over https it is sent into its own frames
 * from a tool's page too; WebKit takes nothing `Secure` over http, and asks for no `SameSite` either.
 */
const cookies = { secure: 'practice-vle-person', plain: 'practice-vle-person-plain' };

function remember(response: Response, { id }: Person): void {
  const cookie = { value: String(id), path: '/' };
  response.setHeader('Set-Cookie', [
    stringifySetCookie({ ...cookie, name: cookies.secure, sameSite: 'none', secure: true }),
    stringifySetCookie({ ...cookie, name: cookies.plain }),
  ]);
}

function remembered(request: Request): string | undefined {
  const kept = parseCookie(request.headers.cookie ?? '');
  return kept[cookies.secure] ?? kept[cookies.plain];
}

function find(
  site: Site,
  request: Request,
  numberOf = ({ id }: PracticeCourse): number => id,
): { course: PracticeCourse; person: Person } | undefined {
  const course = site.courses.find((one) => String(numberOf(one)) === request.query['id']);
  const personId = Number(request.query['as'] ?? remembered(request));
  const person = findPerson(site, personId);
  if (!course || !person) return undefined;
  return course.enrolments.has(personId) || personId === site.administrator.id ? { course, person } : undefined;
}

function frontPage(site: Site, wanted: string): string {
  const courses = site.courses.map((course) => courseSection(site, course, wanted)).join('\n');
  return page(
    site.name,
    `${bar(site)}<main><h1>Whose eyes do you want to look through?</h1>
<p>This practice VLE replays the log of a real course, shifted so that today is in term. The people's names are invented. Choose
somebody: their course page opens with Waymark in it. An administrator can also
<a href="/mod/lti/toolconfigure.php">register a tool</a>.</p>
<form role="search" action="/"><label for="find">Find a person</label>
<input id="find" name="find" type="search" value="${escapeHtml(wanted)}"> <button>Find</button>
${wanted ? '<a href="/">Show everybody</a>' : ''}</form>${courses}</main>`,
  );
}

function courseSection(site: Site, course: PracticeCourse, wanted: string): string {
  const isWanted = (person: Person) => fullName(person).toLowerCase().includes(wanted.toLowerCase());
  const people = [...course.enrolments.values()].filter(({ person }) => isWanted(person));
  const link = (person: Person, what: string) =>
    `<li><a href="/course/view.php?id=${course.id}&amp;as=${person.id}">${escapeHtml(fullName(person))}</a> <small>${what}</small></li>`;
  const staff = people.filter(({ role }) => role !== 'student');
  const students = people
    .filter(({ role }) => role === 'student')
    .sort((a, b) => a.person.familyName.localeCompare(b.person.familyName, 'en-GB'));
  const staffLinks = staff.map(({ person, role }) =>
    link(person, role === 'editingteacher' ? 'tutor' : 'teaching assistant'),
  );
  if (isWanted(site.administrator)) staffLinks.push(link(site.administrator, 'administrator'));
  const studentLinks = students.map(({ person }) => link(person, 'student'));
  if (staffLinks.length + studentLinks.length === 0) {
    return `<section><h2>${escapeHtml(course.fullName)}</h2><p>Nobody here has that name.</p></section>`;
  }
  const starts = wanted ? [] : toBeginWith(course, site.clock.nowSeconds()).map(({ person, why }) => link(person, why));
  return `<section><h2>${escapeHtml(course.fullName)}</h2>
${staffLinks.length > 0 ? `<h3>Staff</h3><ul>${staffLinks.join('')}</ul>` : ''}
${starts.length > 0 ? `<h3>Students to begin with</h3><ul>${starts.join('')}</ul>` : ''}
${students.length > 0 ? `<h3>All students (${students.length})</h3><ul class="many">${studentLinks.join('')}</ul>` : ''}</section>`;
}

function coursePage(site: Site, course: PracticeCourse, person: Person): string {
  const launch = `/mod/lti/launch.php?id=${course.resourceLinkId}&amp;as=${person.id}`;
  const now = site.clock.nowSeconds();
  const teaches = course.enrolments.get(person.id)?.role !== 'student';
  const placed = site.placedLinks
    .filter(({ courseId }) => courseId === course.id)
    .map(
      ({ id, title }) =>
        `<li><a href="${launch}&amp;link=${encodeURIComponent(id)}" target="tool">${escapeHtml(title)}</a></li>`,
    )
    .join('');
  const items = course.modules
    .filter(({ appearsAt, goesAt }) => appearsAt <= now && now < goesAt)
    .map((module) => `<li>${escapeHtml(module.name)} <small>${escapeHtml(module.modname)}</small></li>`)
    .join('');
  return page(
    course.fullName,
    `${bar(site, fullName(person))}<main><h1>${escapeHtml(course.fullName)}</h1>
<p><a href="${launch}&amp;window=1" target="_blank" rel="noopener">Open Waymark in a new window</a> or
<a href="${launch}&amp;window=1">in this window, as on a phone</a></p>
${teaches ? `<p><a href="${launch}&amp;deep=1">Place a link to Waymark in this course</a></p>` : ''}
${placed ? `<h2>Links placed by tools</h2><ul>${placed}</ul>` : ''}
${site.offersPlatformStorage ? '<iframe name="lti_storage" src="/mod/lti/storage.php" title="Storage for tools" hidden></iframe>' : ''}
<iframe title="Waymark" name="tool" src="${launch}" allow="clipboard-write"></iframe>
<details><summary>Course content</summary><ul>${items}</ul></details></main>`,
  );
}
