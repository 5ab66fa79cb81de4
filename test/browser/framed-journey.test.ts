import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RefreshRunModel } from '../../server/database/models/refresh-run.ts';
import { openBrowser, watchProblems } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { startWaymark } from '../support/start-waymark.ts';

/**
 * Waymark as people meet it: in a frame of the course page, the VLE at 127.0.0.1 and Waymark at localhost, which are two sites
 * to a browser. Each journey begins with a real launch and goes on inside the frame.
 */

const { uri } = useDatabase();
/** How long a launch and the first page of it may take on a busy machine; how fast they are is measured elsewhere. */
const firstPageMs = 60_000;
vi.setConfig({ testTimeout: 2 * firstPageMs });
let world: Awaited<ReturnType<typeof startWaymark>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let problems: string[];
let keepsNoFramedCookies = false;

beforeAll(async () => {
  world = await startWaymark(uri, { onRequest: dropFramedCookies });
  // The first launch of a tutor has the course read; the journeys begin when that is over.
  const tutor = await world.launchAs(world.vle.tutor.person.id);
  const { version } = (await tutor.api('GET', '/api/guidance')).body;
  await tutor.api('POST', '/api/guidance/acknowledge', { version });
  while ((await RefreshRunModel.countDocuments({ state: 'done' })) === 0) {
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}, 90_000);
afterAll(() => world.close());

/** As in a browser that keeps no cookie at all in a frame: what is answered there carries none. */
function dropFramedCookies(request: IncomingMessage, response: ServerResponse): void {
  if (!keepsNoFramedCookies || request.headers['sec-fetch-dest'] !== 'iframe') return;
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    response.removeHeader('Set-Cookie');
    return writeHead(...args);
  };
}

async function openCoursePage(personId: number, width = 1280): Promise<FrameLocator> {
  await page.setViewportSize({ width, height: 800 });
  await page.goto(`${world.vle.url}/course/view.php?id=${world.vle.course.id}&as=${personId}`);
  return page.frameLocator('iframe[title="Waymark"]');
}

const student = () => world.vle.students[3]!.person;

/** What is shown fits the width of its window, and scrolls as one page: no box with a scroll bar of its own inside. */
async function expectOneScroll(target: FrameLocator | Page): Promise<void> {
  const found = await target.locator('html').evaluate((root) => ({
    tooWide: root.scrollWidth > window.innerWidth,
    boxes: [...document.querySelectorAll('main *')]
      .filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1)
      .filter((element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowY))
      .filter((element) => !element.classList.contains('scroll-x') && element.tagName !== 'TEXTAREA')
      .map(({ className }) => className),
  }));
  expect(found).toEqual({ tooWide: false, boxes: [] });
}

async function goAsStudent(target: FrameLocator | Page, goal: string): Promise<void> {
  await target.getByRole('heading', { level: 1, name: /this is your week/ }).waitFor({ timeout: firstPageMs });
  await target.getByRole('heading', { name: 'What you did' }).waitFor();
  await expectOneScroll(target);
  await target.getByRole('link', { name: 'See all your work' }).click();
  await target.getByRole('heading', { level: 1, name: 'My weeks' }).waitFor();
  await target.getByRole('img', { name: /^Chart of active days/ }).waitFor();
  // Whoever follows a link from far down begins the next page at its top.
  expect(await target.locator('html').evaluate(() => window.scrollY)).toBe(0);
  await expectOneScroll(target);
  await target.getByRole('link', { name: 'Goals', exact: true }).click();
  await target.getByRole('heading', { name: 'My goal for this week' }).waitFor();
  // The goal of the journey before is still there: it is changed rather than set.
  const change = target.getByRole('button', { name: /^Change this goal/ });
  if ((await change.count()) > 0) await change.click();
  await target.getByLabel('My goal', { exact: true }).fill(goal);
  await target.getByRole('button', { name: 'Keep this goal' }).click();
  await target.getByRole('button', { name: /^Delete this goal/ }).waitFor();
  await target.getByRole('link', { name: 'This week', exact: true }).click();
  await target.getByText(goal, { exact: true }).first().waitFor();
  await target.getByRole('link', { name: 'Urgent help' }).click();
  await target
    .getByRole('link', { name: /^Call / })
    .first()
    .waitFor();
}

async function goAsTutor(target: FrameLocator | Page): Promise<void> {
  await target
    .getByRole('heading', { level: 1, name: 'Who may welcome a conversation' })
    .waitFor({ timeout: firstPageMs });
  const first = target.getByRole('grid').getByRole('link').first();
  const name = await first.innerText();
  await first.click();
  await target.getByRole('heading', { level: 1, name }).waitFor();
  expect(await target.locator('html').evaluate((root) => root.scrollWidth > window.innerWidth)).toBe(false);
}

describe.each([
  ['with cookies as ever', []],
  ['with third-party cookies blocked', ['--test-third-party-cookie-phaseout']],
])('in the frame of the course page, %s', (_how, args) => {
  beforeAll(async () => {
    browser = await openBrowser(...args);
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    keepsNoFramedCookies = false;
    context = await browser.newContext();
    page = await context.newPage();
    problems = watchProblems(page);
  });
  afterEach(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });

  it.each([1280, 360])('a student goes about their week at %i px and never leaves it', async (width) => {
    const frame = await openCoursePage(student().id, width);
    await goAsStudent(frame, `Read a chapter, ${args.length} ${width}`);
    expect(page.url()).toContain('/course/view.php');
    expect(context.pages()).toHaveLength(1);
  });

  it('a tutor reads the list', async () => {
    await goAsTutor(await openCoursePage(world.vle.tutor.person.id));
    expect(page.url()).toContain('/course/view.php');
  });

  it.each(['student', 'tutor'])(
    'a %s whose browser keeps no cookie in a frame goes on in a new window',
    async (who) => {
      keepsNoFramedCookies = true;
      const frame = await openCoursePage(who === 'student' ? student().id : world.vle.tutor.person.id);
      const link = frame.getByRole('link', { name: 'Open Waymark in a new window' });
      await link.waitFor({ timeout: firstPageMs });
      const [window] = await Promise.all([context.waitForEvent('page'), link.click()]);
      if (who === 'student') await goAsStudent(window, `From a window, ${args.length}`);
      else await goAsTutor(window);
    },
  );
});
