import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FreshnessModel } from '../../server/database/models/freshness.ts';
import { expectAccessible } from '../support/accessible.ts';
import { useDatabase } from '../support/database.ts';
import {
  makeLivedCourse,
  noonOf,
  startStudentApp,
  type LivedCourse,
  type Member,
  type StudentApp,
} from '../support/student-course.ts';

const database = useDatabase();
let waymark: StudentApp;
let course: LivedCourse;
let server: Server;
let browser: Browser;
let url: string;
let student: Member;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  waymark = await startStudentApp(database.uri, { clientDir: 'dist/client' });
  course = await makeLivedCourse(waymark.deps);
  await course.add('tutor', 'Tia Tutor');
  for (let index = 0; index < 9; index++) {
    const other = await course.add('student', `Other ${index}`);
    await course.wasActive(other.personId, [3, 4, 5, 9, 10, 11, 25, 26, 31, 32, 38].slice(0, index + 2));
  }
  server = createServer((request, response) => void waymark.app(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await waymark.close();
});
beforeEach(async () => {
  student = await course.add('student', 'Ada Student');
  await course.wasActive(
    student.personId,
    [1, 4, 6, 9, 10, 12, 16, 25, 27, 30, 31, 33, 38, 40, 44, 45, 47, 50, 52, 54, 57],
  );
  await course.has(student.personId, { submissions: [{ assessmentId: 'cw1', submittedAt: noonOf(41) }] });
  await course.compute();
  problems.length = 0;
  page = await (await browser.newContext({ viewport: { width: 768, height: 900 } })).newPage();
  await page.clock.setFixedTime(waymark.clock.now);
  page.on('console', (message) => {
    // What the server refuses is shown to the person; the browser mentions it here as well.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
      problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await open(student);
});
afterEach(async () => {
  await page.context().close();
  expect(problems).toEqual([]);
});

async function open(who: Member): Promise<void> {
  await page.goto(`${url}/app/?${Math.random()}#code=${await who.startsSession()}`);
  await page.getByRole('heading', { name: 'Ada, this is your week' }).waitFor();
}

/** As a reader moves on: by the links of the page, never by an address. */
async function goTo(label: string, title: string): Promise<void> {
  await page.getByRole('link', { name: label, exact: true }).click();
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
}

describe('a student’s week', () => {
  it('tells what was done, what is due, and what may be tried', async () => {
    await page.getByText('1 day active so far').waitFor();
    await page.getByText('Your usual week has 3 active days.').waitFor();
    await page.getByText('Coursework 3: data and files').first().waitFor();
    expect(await page.getByText('Not seen yet').count()).toBeGreaterThan(0);
    await page
      .getByRole('button', { name: /^Not for me/ })
      .first()
      .click();
    await page.getByText('Put aside.').waitFor();
    await page.getByRole('button', { name: 'Bring it back' }).click();
    await expect.poll(() => page.getByText('Put aside.').count()).toBe(0);
  });

  it('is drawn and told as a table, with the course only when asked for', async () => {
    await goTo('My weeks', 'My weeks');
    await page.getByRole('img', { name: /^Chart of active days/ }).waitFor();
    await page.getByText('Show the table').click();
    expect(await page.getByRole('row').count()).toBe(14);
    expect(await page.getByRole('row', { name: /Reading week/ }).count()).toBe(1);
    expect(await page.locator('.chart-range').count()).toBe(0);
    await page.getByLabel('Show where the middle half of the module is').check();
    await expect.poll(() => page.locator('svg[role=img] .chart-range').count()).toBeGreaterThan(3);
    expect(await page.locator('main').innerText()).not.toMatch(/rank|percentile|predict|at risk|fail/i);
  });
});

describe('a course that was opened for the first time', () => {
  it('says that nothing has been read yet, and calls nothing quiet or done', async () => {
    const unread = await makeLivedCourse(waymark.deps, 'Unread course');
    await FreshnessModel.deleteMany({ courseId: unread.courseId });
    await open(await unread.add('student', 'Ada First'));
    await page.getByText('Waymark is new in this module').waitFor();
    await page.getByText('Not known yet', { exact: true }).waitFor();
    expect(await page.getByText('Nothing seen yet this week').count()).toBe(0);
    await page
      .getByRole('button', { name: /^Not for me/ })
      .first()
      .waitFor();
  });
});

describe('writing', () => {
  it('keeps a goal and an entry, and shares and withdraws it, by keyboard alone', async () => {
    await press('button', 'Skip to content');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await press('link', 'Goals');
    await page.getByRole('heading', { name: 'Goals and reflection' }).waitFor();
    await page.getByLabel('My goal', { exact: true }).focus();
    await page.keyboard.type('Explain loops to Sam');
    await press('button', 'Keep this goal');
    await page.getByRole('button', { name: /^Delete this goal/ }).waitFor();
    await page.getByLabel('My thoughts').focus();
    await page.keyboard.type('<b>Loops</b> make sense now');
    await press('button', 'Keep this entry');
    await page.getByText('<b>Loops</b> make sense now', { exact: true }).waitFor();
    await page.getByText('Private', { exact: true }).waitFor();
    await press('button', /^Share\b/);
    await page.getByText(/^Shared since/).waitFor();
    await press('button', /^Stop sharing/);
    await page.getByText('Private', { exact: true }).waitFor();
    await press('button', /^Delete ?:/);
    await page.keyboard.press('Enter');
    expect(await page.getByText('<b>Loops</b> make sense now', { exact: true }).count()).toBe(1);
  });

  it('loses nothing when the session ends, nor to the next person at this computer', async () => {
    await goTo('Goals', 'Goals and reflection');
    await page.getByLabel('My thoughts').fill('Half a sen');
    const before = waymark.clock.now;
    waymark.clock.now = new Date(before.getTime() + 5 * 3_600_000);
    await page.getByRole('button', { name: 'Keep this entry' }).click();
    await page.getByText('Your session has ended. What you wrote is kept').waitFor();
    expect(await page.getByLabel('My thoughts').inputValue()).toBe('Half a sen');
    waymark.clock.now = before;
    await open(student);
    await goTo('Goals', 'Goals and reflection');
    await page.getByText('We kept what you were writing.').waitFor();
    expect(await page.getByLabel('My thoughts').inputValue()).toBe('Half a sen');
    const next = await course.add('student', 'Ada Other');
    await open(next);
    await goTo('Goals', 'Goals and reflection');
    expect(await page.getByLabel('My thoughts').inputValue()).toBe('');
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('Half a sen');
  });

  it('shows both versions when another window saved first', async () => {
    await goTo('Goals', 'Goals and reflection');
    await page.getByLabel('My goal', { exact: true }).fill('From this window');
    const { week } = (await fetchApi('GET', '/api/journal')) as { week: string };
    await fetchApi('PUT', '/api/journal/goal', { week, kind: 'own-words', text: 'From the other window', rev: 0 });
    await page.getByRole('button', { name: 'Keep this goal' }).click();
    await page.getByText('From the other window').waitFor();
    expect(await page.getByLabel('My goal', { exact: true }).inputValue()).toBe('From this window');
    await page.getByRole('button', { name: 'Keep what I have here' }).click();
    await page.getByRole('button', { name: /^Delete this goal ?: From this window/ }).waitFor();
  });

  it('says how much too long a goal is, and keeps it on the page', async () => {
    await goTo('Goals', 'Goals and reflection');
    await page.getByLabel('My goal', { exact: true }).fill('g'.repeat(10_000));
    await page.getByRole('button', { name: 'Keep this goal' }).click();
    await page.getByText('This has 10,000 characters, and there is room for 300.').waitFor();
    expect((await page.getByLabel('My goal', { exact: true }).inputValue()).length).toBe(10_000);
  });
});

describe('support and rights', () => {
  it('asks for a conversation and follows it', async () => {
    await goTo('Support', 'Support');
    await page.getByRole('button', { name: 'Send my request' }).click();
    await page.getByText('Please choose how you would like to talk.').waitFor();
    await page.getByLabel('With whom?').selectOption({ label: 'Tia Tutor' });
    await page.getByLabel('How would you like to talk?').selectOption({ label: 'Meeting in person' });
    await page.getByRole('button', { name: 'Send my request' }).click();
    await page.getByText('Sent; nobody has read it yet').waitFor();
    await page.getByRole('button', { name: 'Take this request back' }).click();
    await page.getByText('Taken back by you', { exact: true }).first().waitFor();
  });

  it('reads the effect before opting out, and can come back', async () => {
    await goTo('About me', 'About me');
    await page.getByRole('button', { name: 'Opt out of this contact' }).click();
    await page.getByRole('heading', { name: 'What changes if you opt out' }).waitFor();
    await page.getByRole('button', { name: 'Yes, opt me out' }).click();
    await page.getByText(/^You opted out on/).waitFor();
    await page.getByRole('button', { name: 'Opt back in' }).click();
    await page.getByText(/^At the moment staff may/).waitFor();
  });

  it('says that something is wrong, from the figure itself, and follows it', async () => {
    await page.getByRole('link', { name: /^Something is wrong here ?: Coursework 2: a small game/ }).click();
    await page.getByLabel('What is not right?').fill('I handed it in on paper.');
    await page.getByLabel('Which day?').fill('2026-11-15');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('link', { name: 'Back to About me' }).click();
    await page.getByText('I handed it in on paper.').waitFor();
  });

  it('takes everything along as a page', async () => {
    await goTo('About me', 'About me');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as a page to read' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toContain('What Waymark holds about you');
  });

  it('finds urgent help in one step from every page, without a word to the server', async () => {
    for (const label of ['My weeks', 'Goals', 'Support', 'About me', 'This week']) {
      await page.getByRole('link', { name: label, exact: true }).first().click();
      await page.waitForLoadState('networkidle');
      const asked: string[] = [];
      const listen = (request: { url(): string }) => void asked.push(request.url());
      page.on('request', listen);
      await page.getByRole('link', { name: 'Urgent help' }).click();
      await page.getByRole('link', { name: 'Call 116 123' }).waitFor();
      page.off('request', listen);
      expect(asked).toEqual([]);
    }
  });
});

describe('every page', () => {
  it.each([320, 768, 1280])('fits and is accessible at %i px', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    for (const path of ['/', '/weeks', '/how', '/goals', '/support', '/about', '/wrong', '/reading', '/urgent']) {
      await page.evaluate((hash) => void (location.hash = hash), path);
      await page.waitForLoadState('networkidle');
      await page.locator('main h1').waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await expectAccessible(page, path);
    }
  });

  it('is readable with strong contrast, light on dark, and wide spacing', async () => {
    await goTo('Reading settings', 'Reading settings');
    for (const colours of ['Strong contrast', 'Light on dark']) {
      await page.getByLabel(colours).check();
      await page.getByLabel('Wider').check();
      await page.getByRole('link', { name: 'This week', exact: true }).click();
      await page.getByText('1 day active so far').waitFor();
      await expectAccessible(page, colours);
      await goTo('Reading settings', 'Reading settings');
    }
  });
});

/** Finds by role and name, and presses by keyboard. */
async function press(role: 'button' | 'link', name: string | RegExp): Promise<void> {
  await page.getByRole(role, typeof name === 'string' ? { name, exact: true } : { name }).focus();
  await page.keyboard.press('Enter');
}

async function fetchApi(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(url + path, {
    method,
    headers: { ...student.auth, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return response.json();
}
