import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openBrowser, watchProblems } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { startWaymark } from '../support/start-waymark.ts';

/** Out of Waymark to the course, and into it anew by the browser's own Back and reload. */

const { uri } = useDatabase();
let world: Awaited<ReturnType<typeof startWaymark>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let problems: string[];

beforeAll(async () => {
  world = await startWaymark(uri);
  browser = await openBrowser('--test-third-party-cookie-phaseout');
});
afterAll(async () => {
  await browser.close();
  await world.close();
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 390, height: 800 } });
  page = await context.newPage();
  problems = watchProblems(page);
  // The practice VLE has no https, over which alone a platform is asked to launch again.
  await page.route('**/api/session', async (route) => {
    const response = await route.fetch();
    const wayIn = `${world.vle.url}/mod/lti/launch.php?id=${world.vle.course.resourceLinkId}&triggerview=0`;
    await route.fulfill({ response, json: { ...(await response.json()), wayIn } });
  });
});
afterEach(async () => {
  await context.close();
  expect(problems).toEqual([]);
});

const coursePage = (at = world.vle) => `${at.url}/course/view.php?id=${at.course.id}`;
const wayBack = (target: FrameLocator | Page) => target.getByRole('link', { name: 'Back to the module' });
const week = (target: FrameLocator | Page) =>
  target.getByRole('heading', { level: 1, name: /this is your week/ }).waitFor({ timeout: 30_000 });

/** As on a phone: Waymark takes the window that the course page had. */
async function openInWindow(): Promise<void> {
  await page.goto(`${coursePage()}&as=${world.vle.students[3]!.person.id}`);
  await page.getByRole('link', { name: 'in this window' }).click();
  await week(page);
}

it('leads from a window back to the course page, by keyboard too', async () => {
  await openInWindow();
  expect(new URL(page.url()).origin).toBe(world.url);
  await wayBack(page).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: world.vle.course.fullName }).waitFor();
  expect(page.url()).toBe(coursePage());
});

it('opens anew in the window when it is loaded again, or when Back comes to it', async () => {
  await openInWindow();
  await page.reload();
  await week(page);
  await page.getByRole('link', { name: 'Goals', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Goals' }).waitFor();
  await wayBack(page).click();
  await page.getByRole('heading', { level: 1, name: world.vle.course.fullName }).waitFor();
  await page.goBack({ waitUntil: 'commit' });
  await week(page);
  await wayBack(page).waitFor();
});

it('says the way back where the session has ended', async () => {
  await openInWindow();
  const error = { code: 'not-signed-in', message: 'This session has ended.' };
  await page.route('**/api/**', (route) => route.fulfill({ status: 401, json: { error } }));
  await page.getByRole('link', { name: 'Goals', exact: true }).click();
  const notice = page.getByRole('alert').filter({ hasText: 'Your session has ended' });
  await notice.getByRole('link', { name: 'Back to the module' }).click();
  await page.getByRole('heading', { level: 1, name: world.vle.course.fullName }).waitFor();
});

it('shows nothing in a frame, which Back fills anew', async () => {
  await page.goto(`${coursePage()}&as=${world.vle.students[3]!.person.id}`);
  const frame = page.frameLocator('iframe[title="Waymark"]');
  await week(frame);
  expect(await wayBack(frame).count()).toBe(0);
  await page.goto(world.vle.url);
  await page.goBack({ waitUntil: 'commit' });
  await week(frame);
});

it('shows nothing where the platform names no way back', async () => {
  const session = await world.launchAs(world.vle.students[3]!.person.id);
  await page.route('**/api/session', (route) => {
    const { wayBack: _wayBack, wayIn: _wayIn, ...without } = session as Record<string, unknown>;
    return route.fulfill({ json: without });
  });
  await page.goto(`${world.url}/app/#code=${'x'.repeat(43)}`);
  await week(page);
  expect(await wayBack(page).count()).toBe(0);
  await page.reload();
  await page.getByRole('heading', { name: 'Please open Waymark again' }).waitFor();
});
