import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ActionModel } from '../../server/database/models/action.ts';
import { createTutorRouters } from '../../server/tutor-routers.ts';
import { openBrowser, serve, watchProblems } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { makeCourse, startApp, type StaffedCourse, type TestPerson } from '../support/staffed-course.ts';

const { uri } = useDatabase();
let started: Awaited<ReturnType<typeof startApp>>;
let server: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let course: StaffedCourse;
let tutor: TestPerson;
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

beforeAll(async () => {
  started = await startApp(uri, createTutorRouters, { clientDir: 'dist/client' });
  server = await serve(started.app);
  started.clock.now = new Date();
  course = await makeCourse(started.deps);
  tutor = await course.add('tutor', 'Grace Hopper', { hasReadGuidance: false });
  await course.add('tutor', 'Ada Lovelace');
  for (let index = 0; index < 120; index++) {
    const { personId } = await course.add('student', `Student ${String(index).padStart(3, '0')}`, {
      groups: [`Lab ${1 + (index % 4)}`],
    });
    await course.flag(personId, { openedDaysAgo: 1 + (index % 20) });
  }
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await started.close();
});

async function open(width: number): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  const problems = watchProblems(page);
  await page.goto(`${server.url}/app/#code=${await tutor.launch()}`);
  return { page, problems };
}

async function checkAccess(page: Page): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await (
      window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    ).axe.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
  expect(violations).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

it('goes from the guidance to a recorded action by keyboard alone', async () => {
  const { page, problems } = await open(1280);
  await page.getByRole('heading', { name: 'Before you look at the list' }).waitFor();
  await checkAccess(page);
  await page.getByRole('checkbox').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');

  await page.getByRole('heading', { name: 'Who may welcome a conversation' }).waitFor();
  const grid = page.getByRole('grid');
  await grid.waitFor();
  expect(await grid.getAttribute('aria-rowcount')).toBe('121');
  await checkAccess(page);
  await page.getByLabel('Search by name').focus();
  await page.keyboard.type('Student 0');
  await page.getByText('100 of 120 students').waitFor();
  await page.getByLabel('Select all shown').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('End');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-rowindex') === '101');
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-rowindex') === '2');
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-rowindex') === '3');
  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-selected') === 'true');
  const name = await page.evaluate(() => document.activeElement?.querySelector('a')?.textContent ?? '');
  await page.keyboard.press('Enter');

  await page.getByRole('heading', { level: 1, name }).waitFor();
  await checkAccess(page);
  await page.getByRole('button', { name: /^Record an/ }).focus();
  await page.keyboard.press('Enter');
  const form = page.getByRole('form', { name: 'Record what happened' });
  await form.waitFor();
  await checkAccess(page);
  await form.getByLabel('Agreed steps').focus();
  await page.keyboard.type('Drop-in on Tuesday');
  await form.getByRole('button', { name: 'Record', exact: true }).focus();
  await page.keyboard.press('Enter');
  await form.getByText('Choose a category.').waitFor();
  expect(await form.getByLabel('Agreed steps').inputValue()).toBe('Drop-in on Tuesday');

  await form.getByLabel('Category').selectOption('supportive');
  await form.getByLabel('Channel').selectOption('phone');
  await form.getByLabel('How it stands').selectOption('agreed-steps');
  await form.getByRole('button', { name: 'Record', exact: true }).focus();
  await page.keyboard.press('Enter');
  await form.getByText(/talk this over with a colleague/).waitFor();
  await form.getByLabel('Talked over with').focus();
  await page.keyboard.type('Ada');
  await form.getByLabel('What we agreed').focus();
  await page.keyboard.type('A call');
  await page.keyboard.press('Enter');
  await page.getByText('Recorded.').first().waitFor();
  await page.getByText('Drop-in on Tuesday').waitFor();
  expect(await ActionModel.countDocuments({ courseId: course.courseId })).toBe(1);
  expect(problems).toEqual([]);
  await page.close();
});

it.each([320, 1280])('reads well at %i px on every page', async (width) => {
  const { page, problems } = await open(width);
  for (const path of ['/', '/follow-ups', '/answers', '/discussions', '/log', '/rules', '/what-helped', '/everyone']) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#${path}`);
    await page.waitForTimeout(300);
    await page.getByText('Loading…').waitFor({ state: 'detached' });
    await checkAccess(page);
  }
  expect(problems).toEqual([]);
  await page.close();
});
