import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultRules } from '../../server/domain/thresholds.ts';
import { createAdminRouter } from '../../server/features/admin/router.ts';
import { createDashboardRouter } from '../../server/features/dashboard/router.ts';
import { createReflectionsRouter } from '../../server/features/reflections/router.ts';
import { createRightsRouter } from '../../server/features/rights/router.ts';
import { createTutorRouters } from '../../server/tutor-routers.ts';
import { openBrowser, serve } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { makeCourse, startApp } from '../support/staffed-course.ts';

const { uri } = useDatabase();
let browser: Browser;
beforeAll(async () => void (browser = await openBrowser()));
afterAll(() => browser.close());

/** The administration page looks at no platform here. */
const noPlatform = {
  createMoodleClient: () => {
    throw new Error('no Moodle here');
  },
  lti: {
    objectionTo: () => undefined,
    tool: { login: 'x/login', launch: 'x/launch', keys: 'x/keys', register: 'x/register' },
    registration: undefined,
  },
  publicUrl: 'https://waymark.example',
  isEmbedded: true,
  readCoursesSoon: () => Promise.resolve(0),
};

const screens = {
  tutor: [
    '/',
    '/everyone',
    '/students/:id',
    '/follow-ups',
    '/answers',
    '/discussions',
    '/log',
    '/rules',
    '/what-helped',
    '/fairness',
    '/guidance',
  ],
  student: ['/', '/weeks', '/how', '/goals', '/support', '/about', '/wrong', '/reading', '/urgent'],
  lead: ['/', '/fairness'],
  administrator: ['/', '/platforms', '/freshness'],
  mentor: ['/'],
} as const;

describe.each([
  [
    'qmul',
    /\b(LEA actions?|module|QMplus)\b/,
    /\b(interventions?|personal tutors?|course tutors?|department|the VLE)\b/gi,
  ],
  ['jisc', /\b(interventions?|course|the VLE)\b/, /\b(LEA|QMplus|Queen Mary|modules?|advisors?|institute)\b/gi],
  [
    'aston',
    /\b(interventions?|module|programme director|the VLE)\b/,
    /\b(LEA|QMplus|Queen Mary|advisors?|institute|course tutors?|department|engagement lead|Gloucestershire)\b/gi,
  ],
  [
    'gloucestershire',
    /\b(interventions?|module|engagement lead|the VLE)\b/,
    /\b(LEA|QMplus|Queen Mary|advisors?|institute|course tutors?|department|programme directors?|Aston)\b/gi,
  ],
] as const)('with the pack %s', (pack, ownWords, othersWords) => {
  it('every screen speaks its words, and none of another institution’s', async () => {
    const { app, deps, clock } = await startApp(
      uri,
      (all) => [
        ...createTutorRouters(all),
        createDashboardRouter(all),
        createReflectionsRouter(all),
        createRightsRouter(all),
        createAdminRouter({ ...all, ...noPlatform }),
      ],
      { pack, clientDir: 'dist/client' },
    );
    clock.now = new Date();
    const server = await serve(app);
    const course = await makeCourse(deps);
    const student = await course.add('student', 'Ada Lovelace');
    await course.flag(student.personId);
    const people = {
      tutor: await course.add('tutor', 'Grace Hopper'),
      student,
      lead: await course.add('lead', 'A Lead'),
      administrator: await course.add('administrator', 'An Administrator'),
      mentor: await course.add('mentor', 'A Mentor'),
    };

    const said: string[] = [];
    for (const role of ['tutor', 'student', 'lead', 'administrator', 'mentor'] as const) {
      const page = await browser.newPage();
      await page.goto(`${server.url}/app/#code=${await people[role].launch()}`);
      for (const screen of screens[role]) {
        const text = await readScreen(page, screen.replace(':id', student.personId));
        expect({ role, screen, others: text.match(othersWords) }).toEqual({ role, screen, others: null });
        said.push(text);
      }
      await page.close();
    }
    // Each of them is a screen of its own.
    expect(new Set(said).size).toBe(said.length);
    expect(said.join('\n')).toMatch(ownWords);
    await server.close();
  });
});

/** All that a screen says once it has loaded, without the titles of the policies that thresholds come from. */
async function readScreen(page: Page, screen: string): Promise<string> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate((path) => void (location.hash = `#${path}`), screen);
  await page.waitForLoadState('networkidle');
  await page.getByRole('heading', { level: 1 }).waitFor();
  const text = await page.locator('body').innerText();
  return defaultRules.reduce((rest, { source }) => rest.replaceAll(source, ''), text);
}
