import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CourseModel } from '../../server/database/models/course.ts';
import { openBrowser, serve, watchProblems } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import {
  makeLivedCourse,
  noonOf,
  startStudentApp,
  type LivedCourse,
  type Member,
  type StudentApp,
} from '../support/student-course.ts';

/** What axe can't see: large letters, forced colours, the order in which a voice reads, and where the focus goes. */

const database = useDatabase();
const paths = ['/', '/weeks', '/how', '/goals', '/support', '/about', '/wrong', '/reading', '/urgent'];
let waymark: StudentApp;
let course: LivedCourse;
let server: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let student: Member;
let page: Page;
let problems: string[];

beforeAll(async () => {
  waymark = await startStudentApp(database.uri, { clientDir: 'dist/client' });
  server = await serve(waymark.app);
  browser = await openBrowser();
  course = await makeLivedCourse(waymark.deps);
  await course.add('tutor', 'Tia Tutor');
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await waymark.close();
});
beforeEach(async () => {
  student = await course.add('student', 'Ada Student');
  await course.wasActive(student.personId, [1, 9, 10, 12, 16, 25, 27, 30, 31, 33, 38, 40, 44, 45, 47, 50, 52, 54, 57]);
  await course.has(student.personId, { submissions: [{ assessmentId: 'cw1', submittedAt: noonOf(41) }] });
  await course.compute();
});
afterEach(async () => {
  await page.context().close();
  expect(problems).toEqual([]);
});

async function open(width = 1280, options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...options });
  page = await context.newPage();
  problems = watchProblems(page);
  await page.clock.setFixedTime(waymark.clock.now);
  await page.goto(`${server.url}/app/#code=${await student.startsSession()}`);
  await page.getByRole('heading', { name: 'Ada, this is your week' }).waitFor();
  await page.waitForLoadState('networkidle');
}

async function goTo(path: string): Promise<void> {
  await page.evaluate((hash) => void (location.hash = hash), path);
  await page.waitForLoadState('networkidle');
  await page.locator('main h1').waitFor();
  if (path === '/weeks') await page.locator('svg[role=img]').waitFor();
}

const api = (method: string, path: string, body: object) =>
  fetch(server.url + path, {
    method,
    headers: { ...student.auth, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function expectFocus(target: Locator): Promise<void> {
  await expect.poll(() => target.evaluate((element) => element === document.activeElement)).toBe(true);
}

/** Presses by keyboard alone, as who can't use a mouse does. */
async function press(target: Locator, key = 'Enter'): Promise<void> {
  await target.focus();
  await page.keyboard.press(key);
}

describe('for eyes', () => {
  it.each([
    ['1280 px at 400 %', 320, '100%'],
    ['letters twice as large on a phone', 320, '200%'],
    ['letters four times as large', 1280, '400%'],
  ])('every page keeps to its width: %s', async (_name, width, size) => {
    await open(width);
    await page.evaluate((fontSize) => void (document.documentElement.style.fontSize = fontSize), size);
    for (const path of paths) {
      await goTo(path);
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([path, Math.max(0, excess)]).toEqual([path, 0]);
    }
  });

  it('with forced colours, what is chosen, due, done and focused is still to be told apart', async () => {
    await open(1280, { forcedColors: 'active' });
    const styleOf = (selector: string, property: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
    expect(await styleOf('.bar-link[aria-current=page]', 'outline-style')).toBe('solid');
    expect(await styleOf('.day-active .day-mark', 'background-color')).not.toBe(
      await styleOf('.day-quiet .day-mark', 'background-color'),
    );
    await goTo('/weeks');
    const paper = await styleOf('body', 'background-color');
    for (const drawn of ['.chart-bar', '.chart-now']) expect(await styleOf(drawn, 'fill')).not.toBe(paper);
    for (const drawn of ['.chart-axis', '.chart-usual', '.chart-due path'])
      expect(await styleOf(drawn, 'stroke')).not.toBe(paper);
    await goTo('/goals');
    expect(await styleOf('.button-main', 'background-color')).not.toBe(await styleOf('.entries', 'background-color'));
    await page.keyboard.press('Tab');
    expect(await styleOf(':focus-visible', 'outline-style')).toBe('solid');
  });

  it.each([320, 1280])('what stands alone is large enough for a thumb at %i px', async (width) => {
    await open(width);
    for (const path of paths) {
      await goTo(path);
      for (const summary of await page.locator('summary').all()) await summary.click();
      const small = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('main a, main button, main summary, header a')]
          .filter((element) => element.parentElement?.innerText.trim() === element.innerText.trim())
          .filter((element) => element.offsetHeight < 24 || element.offsetWidth < 24)
          .map((element) => element.innerText),
      );
      expect([path, small]).toEqual([path, []]);
    }
  });

  it('a wall of open work is a short list, with a way to the rest', async () => {
    const assessments = Array.from({ length: 7 }, (_, index) => ({
      id: `lab${index}`,
      title: `Lab ${index}`,
      kind: 'assignment' as const,
      dueAt: noonOf(20 - index),
    }));
    const { courseId } = course;
    const before = await CourseModel.findById(courseId).lean();
    await CourseModel.updateOne({ _id: courseId }, { $set: { assessments } });
    await open(320);
    const notice = page.locator('.notice', { hasText: 'Not seen yet' });
    await notice.getByRole('link', { name: 'And 4 earlier' }).waitFor();
    expect(await notice.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringContaining('Lab 6'),
      expect.stringContaining('Lab 5'),
      expect.stringContaining('Lab 4'),
    ]);
    await notice.getByRole('link', { name: 'And 4 earlier' }).click();
    await page.getByRole('heading', { name: 'My weeks', level: 1 }).waitFor();
    await CourseModel.updateOne({ _id: courseId }, { $set: { assessments: before!.assessments } });
  });

  it('nothing moves for who asks for stillness', async () => {
    await open(768, { reducedMotion: 'reduce' });
    for (const path of paths) {
      await goTo(path);
      const moving = await page.evaluate(() => document.getAnimations().length);
      expect([path, moving]).toEqual([path, 0]);
    }
  });
});

interface Voiced {
  readonly role: string;
  readonly name: string;
  readonly level: number | undefined;
}

/** What a screen reader is given, in its order. */
async function readAloud(): Promise<Voiced[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const voiced: Voiced[] = [];
  const visit = (id: string) => {
    const node = byId.get(id);
    if (!node) return;
    if (!node.ignored) {
      voiced.push({
        role: String(node.role?.value ?? ''),
        name: String(node.name?.value ?? ''),
        level: node.properties?.find(({ name }) => name === 'level')?.value.value as number | undefined,
      });
    }
    for (const child of node.childIds ?? []) visit(child);
  };
  visit(nodes[0]!.nodeId);
  return voiced;
}

const controls = ['button', 'link', 'textbox', 'checkbox', 'radio', 'combobox', 'Date', 'spinbutton'];

describe('for ears', () => {
  it.each(paths)('%s has its landmarks, its headings in order, and a name for every control', async (path) => {
    await open();
    await goTo(path);
    for (const summary of await page.locator('summary').all()) await summary.click();
    const voiced = await readAloud();
    for (const landmark of ['banner', 'navigation', 'main'])
      expect([landmark, voiced.filter(({ role }) => role === landmark).length]).toEqual([landmark, 1]);
    const levels = voiced.filter(({ role }) => role === 'heading').map(({ level }) => level ?? 0);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels[0]).toBe(1);
    levels.reduce((before, level) => {
      expect(level - before, `heading ${level} after ${before} on ${path}`).toBeLessThanOrEqual(1);
      return level;
    });
    expect(voiced.filter(({ role, name }) => controls.includes(role) && name.trim() === '')).toEqual([]);
    // Two controls that do different things never sound the same.
    const names = voiced
      .slice(voiced.findIndex(({ role }) => role === 'main'))
      .filter(({ role }) => role === 'button')
      .map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('two entries of one day are told apart by their buttons', async () => {
    await api('POST', '/api/journal/entries', { text: 'Loops make sense', isShared: false });
    await api('POST', '/api/journal/entries', { text: 'So do lists, at last', isShared: false });
    await open();
    await goTo('/goals');
    await page.getByRole('button', { name: /^Delete ?: .*Loops make sense/ }).waitFor();
    const names = (await readAloud()).filter(({ role }) => role === 'button').map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('what was kept, refused and put aside is said', async () => {
    await open();
    await press(page.getByRole('button', { name: /^Not for me/ }).first());
    await expect.poll(() => page.locator('[aria-live=polite]', { hasText: 'Put aside.' }).count()).toBe(1);
    await goTo('/goals');
    await page.getByLabel('My goal', { exact: true }).fill('Explain loops to Sam');
    await press(page.getByRole('button', { name: 'Keep this goal' }));
    await page.getByRole('status').filter({ hasText: 'Kept.' }).waitFor();
    await goTo('/support');
    await press(page.getByRole('button', { name: 'Send my request' }));
    const refused = page.getByLabel('How would you like to talk?');
    await expectFocus(refused);
    expect(await refused.getAttribute('aria-invalid')).toBe('true');
    await expect
      .poll(() =>
        refused.evaluate((field) => document.getElementById(field.getAttribute('aria-describedby')!)?.innerText),
      )
      .toContain('Please choose how you would like to talk.');
  });
});

describe('for the keyboard', () => {
  it('the focus is never lost: after asking, sharing, changing, deleting and putting aside', async () => {
    await api('POST', '/api/journal/entries', { text: 'Loops make sense', isShared: false });
    await open();
    await press(page.getByRole('button', { name: /^Not for me/ }).first());
    await expectFocus(page.getByRole('button', { name: /^Bring it back/ }));
    await page.keyboard.press('Enter');
    await expectFocus(page.getByRole('button', { name: /^Not for me/ }).first());

    await goTo('/goals');
    const share = page.getByRole('button', { name: /^(Share|Stop sharing)\b/ });
    await press(share);
    await page.getByText(/^Shared since/).waitFor();
    await expectFocus(share);
    await press(page.getByRole('button', { name: /^Change ?:/ }));
    await expectFocus(page.getByLabel('My thoughts').last());
    await page.keyboard.type(' now');
    await press(page.getByRole('listitem').getByRole('button', { name: 'Keep this entry' }));
    await page.getByText(/Loops make sense now|now ?Loops make sense/).waitFor();
    await expectFocus(page.getByRole('heading', { level: 3, name: /2026/ }));
    const remove = page.getByRole('button', { name: /^Delete ?:/ });
    await press(remove);
    await expectFocus(page.getByRole('button', { name: 'No, keep it' }));
    await page.keyboard.press('Enter');
    await expectFocus(remove);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expectFocus(page.getByRole('heading', { name: 'Earlier entries' }));
    await page.getByRole('status').filter({ hasText: 'Deleted.' }).waitFor({ state: 'attached' });

    await goTo('/about');
    const optOut = page.getByRole('button', { name: 'Opt out of this contact' });
    await press(optOut);
    await expectFocus(page.getByRole('heading', { name: 'What changes if you opt out' }));
    await press(page.getByRole('button', { name: 'No, leave it as it is' }));
    await expectFocus(optOut);
    await page.keyboard.press('Enter');
    await press(page.getByRole('button', { name: 'Yes, opt me out' }));
    await expectFocus(page.getByRole('button', { name: 'Opt back in' }));

    await goTo('/wrong');
    await press(page.getByRole('button', { name: 'Send' }));
    await expectFocus(page.getByLabel('What is not right?'));
    await page.keyboard.type('The quiz is missing.');
    await press(page.getByRole('button', { name: 'Send' }));
    await expectFocus(page.getByRole('status').filter({ hasText: 'Sent.' }));
  });

  it('reaches everything on the page in the order in which it is read, and nothing twice', async () => {
    await open();
    await page.getByRole('button', { name: 'Skip to content' }).focus();
    const expected = await page.evaluate(
      () => document.querySelectorAll('a[href], button, input, select, textarea, summary').length,
    );
    const reached: string[] = [];
    for (let step = 1; step < expected; step++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(() => {
          const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')];
          return String(all.indexOf(document.activeElement!)).padStart(3, '0');
        }),
      );
    }
    expect(reached).toEqual([...reached].sort());
    expect(new Set(reached).size).toBe(expected - 1);
  });
});

describe('a draft begun before another window saved', () => {
  it('is not laid over the newer version, even where this window has seen it since', async () => {
    await open();
    await goTo('/goals');
    await page.getByLabel('My goal', { exact: true }).fill('From this window');
    const { week } = (await (await fetch(`${server.url}/api/journal`, { headers: student.auth })).json()) as {
      week: string;
    };
    await api('PUT', '/api/journal/goal', { week, kind: 'own-words', text: 'From the other window', rev: 0 });
    // Keeping an entry has the page read everything again.
    await page.getByLabel('My thoughts').fill('Something else');
    await page.getByRole('button', { name: 'Keep this entry' }).click();
    await page.getByRole('button', { name: /^Delete this goal ?: From the other window/ }).waitFor();
    expect(await page.getByLabel('My goal', { exact: true }).inputValue()).toBe('From this window');
    await page.getByRole('button', { name: 'Keep this goal' }).click();
    await page.getByText('This was changed in another window').waitFor();
    await page.getByRole('button', { name: 'Take the other version' }).click();
    const goal = page.getByRole('region', { name: 'My goal for this week' });
    // The notice of the other version has its words too: the form has to be gone before they are looked for.
    await goal.getByLabel('My goal', { exact: true }).waitFor({ state: 'detached' });
    await expectFocus(goal.getByText('From the other window', { exact: true }).first());
  });
});

describe('urgent help', () => {
  it('is one step away where Waymark could not be opened, and where the session has ended', async () => {
    await open();
    const before = waymark.clock.now;
    waymark.clock.now = new Date(before.getTime() + 5 * 3_600_000);
    await goTo('/support');
    waymark.clock.now = before;
    await page.getByText('Your session has ended. What you have typed').waitFor();
    const [help] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: /^Urgent help: who listens/ }).click(),
    ]);
    await help.getByRole('link', { name: 'Call 116 123' }).waitFor();
    await help.goto(`${server.url}/app/?again#code=${'x'.repeat(43)}`);
    await help.getByRole('heading', { name: 'Please open Waymark again' }).waitFor();
    expect(await help.getByRole('link', { name: /^Urgent help/ }).getAttribute('href')).toBe('/urgent-help');
  });
});
