import type { BrowserContextOptions, Locator } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { CourseModel } from '../../server/database/models/course.ts';
import { usualDays, useStudentBrowser } from '../support/student-browser.ts';
import { noonOf, type Member } from '../support/student-course.ts';

/** What axe can't see: large letters, forced colours, the order in which a voice reads, and where the focus goes. */

const its = useStudentBrowser();
const paths = ['/', '/weeks', '/how', '/goals', '/support', '/about', '/wrong', '/reading', '/urgent'];
let student: Member;
beforeEach(async () => {
  student = await its.addStudent('Ada Student', { days: usualDays, handedIn: ['cw1'] });
});

async function open(width = 1280, options: BrowserContextOptions = {}): Promise<void> {
  await its.openWindow({ viewport: { width, height: 900 }, ...options });
  await its.launch(student);
  await its.page.waitForLoadState('networkidle');
}

const api = (method: string, path: string, body?: object) => its.api(student, method, path, body);

async function expectFocus(target: Locator): Promise<void> {
  await expect.poll(() => target.evaluate((element) => element === document.activeElement)).toBe(true);
}

/** Presses by keyboard alone, as who can't use a mouse does. */
async function press(target: Locator, key = 'Enter'): Promise<void> {
  await target.focus();
  await its.page.keyboard.press(key);
}

describe('for eyes', () => {
  it.each([
    ['1280 px at 400 %', 320, '100%'],
    ['letters twice as large on a phone', 320, '200%'],
    ['letters four times as large', 1280, '400%'],
  ])('every page keeps to its width: %s', async (_name, width, size) => {
    await open(width);
    await its.page.evaluate((fontSize) => void (document.documentElement.style.fontSize = fontSize), size);
    for (const path of paths) {
      await its.goTo(path);
      const excess = await its.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([path, Math.max(0, excess)]).toEqual([path, 0]);
    }
  });

  it('with forced colours, what is chosen, due, done and focused is still to be told apart', async () => {
    await open(1280, { forcedColors: 'active' });
    const styleOf = (selector: string, property: string) =>
      its.page
        .locator(selector)
        .first()
        .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
    expect(await styleOf('.bar-link[aria-current=page]', 'outline-style')).toBe('solid');
    expect(await styleOf('.day-active .day-mark', 'background-color')).not.toBe(
      await styleOf('.day-quiet .day-mark', 'background-color'),
    );
    await its.goTo('/weeks');
    const paper = await styleOf('body', 'background-color');
    for (const drawn of ['.chart-bar', '.chart-now']) expect(await styleOf(drawn, 'fill')).not.toBe(paper);
    for (const drawn of ['.chart-axis', '.chart-usual', '.chart-due path'])
      expect(await styleOf(drawn, 'stroke')).not.toBe(paper);
    await its.goTo('/goals');
    expect(await styleOf('.button-main', 'background-color')).not.toBe(await styleOf('.entries', 'background-color'));
    await its.page.keyboard.press('Tab');
    expect(await styleOf(':focus-visible', 'outline-style')).toBe('solid');
  });

  it.each([320, 1280])('what stands alone is large enough for a thumb at %i px', async (width) => {
    await open(width);
    for (const path of paths) {
      await its.goTo(path);
      for (const summary of await its.page.locator('summary').all()) await summary.click();
      const small = await its.page.evaluate(() =>
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
    const { courseId } = its.course;
    const before = await CourseModel.findById(courseId).lean();
    await CourseModel.updateOne({ _id: courseId }, { $set: { assessments } });
    await open(320);
    const notice = its.page.locator('.notice', { hasText: 'Not seen yet' });
    await notice.getByRole('link', { name: 'And 4 earlier' }).waitFor();
    expect(await notice.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringContaining('Lab 6'),
      expect.stringContaining('Lab 5'),
      expect.stringContaining('Lab 4'),
    ]);
    await notice.getByRole('link', { name: 'And 4 earlier' }).click();
    await its.page.getByRole('heading', { name: 'My weeks', level: 1 }).waitFor();
    await CourseModel.updateOne({ _id: courseId }, { $set: { assessments: before!.assessments } });
  });

  it('nothing moves for who asks for stillness', async () => {
    await open(768, { reducedMotion: 'reduce' });
    for (const path of paths) {
      await its.goTo(path);
      const moving = await its.page.evaluate(() => document.getAnimations().length);
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
  const session = await its.page.context().newCDPSession(its.page);
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
    await its.goTo(path);
    for (const summary of await its.page.locator('summary').all()) await summary.click();
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
    await its.goTo('/goals');
    await its.page.getByRole('button', { name: /^Delete ?: .*Loops make sense/ }).waitFor();
    const names = (await readAloud()).filter(({ role }) => role === 'button').map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('what was kept, refused and put aside is said', async () => {
    await open();
    await press(its.page.getByRole('button', { name: /^Not for me/ }).first());
    await expect.poll(() => its.page.locator('[aria-live=polite]', { hasText: 'Put aside.' }).count()).toBe(1);
    await its.goTo('/goals');
    await its.page.getByLabel('My goal', { exact: true }).fill('Explain loops to Sam');
    await press(its.page.getByRole('button', { name: 'Keep this goal' }));
    await its.page.getByRole('status').filter({ hasText: 'Kept.' }).waitFor();
    await its.goTo('/support');
    await press(its.page.getByRole('button', { name: 'Send my request' }));
    const refused = its.page.getByLabel('How would you like to talk?');
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
    await press(its.page.getByRole('button', { name: /^Not for me/ }).first());
    await expectFocus(its.page.getByRole('button', { name: /^Bring it back/ }));
    await its.page.keyboard.press('Enter');
    await expectFocus(its.page.getByRole('button', { name: /^Not for me/ }).first());

    await its.goTo('/goals');
    const share = its.page.getByRole('button', { name: /^(Share|Stop sharing)\b/ });
    await press(share);
    await its.page.getByText(/^Shared since/).waitFor();
    await expectFocus(share);
    await press(its.page.getByRole('button', { name: /^Change ?:/ }));
    await expectFocus(its.page.getByLabel('My thoughts').last());
    await its.page.keyboard.type(' now');
    await press(its.page.getByRole('listitem').getByRole('button', { name: 'Keep this entry' }));
    await its.page.getByText(/Loops make sense now|now ?Loops make sense/).waitFor();
    await expectFocus(its.page.getByRole('heading', { level: 3, name: /2026/ }));
    const remove = its.page.getByRole('button', { name: /^Delete ?:/ });
    await press(remove);
    await expectFocus(its.page.getByRole('button', { name: 'No, keep it' }));
    await its.page.keyboard.press('Enter');
    await expectFocus(remove);
    await its.page.keyboard.press('Enter');
    await its.page.keyboard.press('Tab');
    await its.page.keyboard.press('Enter');
    await expectFocus(its.page.getByRole('heading', { name: 'Earlier entries' }));
    await its.page.getByRole('status').filter({ hasText: 'Deleted.' }).waitFor({ state: 'attached' });

    await its.goTo('/about');
    const optOut = its.page.getByRole('button', { name: 'Opt out of this contact' });
    await press(optOut);
    await expectFocus(its.page.getByRole('heading', { name: 'What changes if you opt out' }));
    await press(its.page.getByRole('button', { name: 'No, leave it as it is' }));
    await expectFocus(optOut);
    await its.page.keyboard.press('Enter');
    await press(its.page.getByRole('button', { name: 'Yes, opt me out' }));
    await expectFocus(its.page.getByRole('button', { name: 'Opt back in' }));

    await its.goTo('/wrong');
    await press(its.page.getByRole('button', { name: 'Send' }));
    await expectFocus(its.page.getByLabel('What is not right?'));
    await its.page.keyboard.type('The quiz is missing.');
    await press(its.page.getByRole('button', { name: 'Send' }));
    await expectFocus(its.page.getByRole('status').filter({ hasText: 'Sent.' }));
  });

  it('reaches everything on the page in the order in which it is read, and nothing twice', async () => {
    await open();
    await its.page.getByRole('button', { name: 'Skip to content' }).focus();
    const expected = await its.page.evaluate(
      () => document.querySelectorAll('a[href], button, input, select, textarea, summary').length,
    );
    const reached: string[] = [];
    for (let step = 1; step < expected; step++) {
      await its.page.keyboard.press('Tab');
      reached.push(
        await its.page.evaluate(() => {
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
    await its.goTo('/goals');
    await its.page.getByLabel('My goal', { exact: true }).fill('From this window');
    const { week } = (await (await api('GET', '/api/journal')).json()) as {
      week: string;
    };
    await api('PUT', '/api/journal/goal', { week, kind: 'own-words', text: 'From the other window', rev: 0 });
    // Keeping an entry has the page read everything again.
    await its.page.getByLabel('My thoughts').fill('Something else');
    await its.page.getByRole('button', { name: 'Keep this entry' }).click();
    await its.page.getByRole('button', { name: /^Delete this goal ?: From the other window/ }).waitFor();
    expect(await its.page.getByLabel('My goal', { exact: true }).inputValue()).toBe('From this window');
    await its.page.getByRole('button', { name: 'Keep this goal' }).click();
    await its.page.getByText('This was changed in another window').waitFor();
    await its.page.getByRole('button', { name: 'Take the other version' }).click();
    const goal = its.page.getByRole('region', { name: 'My goal for this week' });
    // The notice of the other version has its words too: the form has to be gone before they are looked for.
    await goal.getByLabel('My goal', { exact: true }).waitFor({ state: 'detached' });
    await expectFocus(goal.getByText('From the other window', { exact: true }).first());
  });
});

describe('urgent help', () => {
  it('is one step away where Waymark could not be opened, and where the session has ended', async () => {
    await open();
    const before = its.waymark.clock.now;
    its.waymark.clock.now = new Date(before.getTime() + 5 * 3_600_000);
    await its.goTo('/support');
    its.waymark.clock.now = before;
    await its.page.getByText('Your session has ended. What you have typed').waitFor();
    const [help] = await Promise.all([
      its.page.context().waitForEvent('page'),
      its.page.getByRole('link', { name: /^Urgent help: who listens/ }).click(),
    ]);
    await help.getByRole('link', { name: 'Call 116 123' }).waitFor();
    await help.goto(`${its.server.url}/app/?again#code=${'x'.repeat(43)}`);
    await help.getByRole('heading', { name: 'Please open Waymark again' }).waitFor();
    expect(await help.getByRole('link', { name: /^Urgent help/ }).getAttribute('href')).toBe('/urgent-help');
  });
});
