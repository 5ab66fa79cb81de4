import { readFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FreshnessModel } from '../../server/database/models/freshness.ts';
import { expectAccessible } from '../support/accessible.ts';
import { useStudentBrowser } from '../support/student-browser.ts';
import { makeLivedCourse, type Member } from '../support/student-course.ts';

/** A student's way through every its.page. */

const its = useStudentBrowser();
let student: Member;

beforeAll(async () => {
  for (let index = 0; index < 9; index++) {
    const other = await its.course.add('student', `Other ${index}`);
    await its.course.wasActive(other.personId, [3, 4, 5, 9, 10, 11, 25, 26, 31, 32, 38].slice(0, index + 2));
  }
});
beforeEach(async () => {
  student = await its.addStudent('Ada Student', {
    days: [1, 4, 6, 9, 10, 12, 16, 25, 27, 30, 31, 33, 38, 40, 44, 45, 47, 50, 52, 54, 57],
    handedIn: ['cw1'],
  });
  await its.openWindow({ viewport: { width: 768, height: 900 } });
  await its.launch(student);
});

/** As a reader moves on: by the links of the page, never by an address. */
async function goTo(label: string, title: string): Promise<void> {
  await its.page.getByRole('link', { name: label, exact: true }).click();
  await its.page.getByRole('heading', { name: title, level: 1 }).waitFor();
}

describe('a student’s week', () => {
  it('tells what was done, what is due, and what may be tried', async () => {
    await its.page.getByText('1 day active so far').waitFor();
    await its.page.getByText('Your usual week has 3 active days.').waitFor();
    await its.page.getByText('Coursework 3: data and files').first().waitFor();
    expect(await its.page.getByText('Not seen yet').count()).toBeGreaterThan(0);
    await its.page
      .getByRole('button', { name: /^Not for me/ })
      .first()
      .click();
    await its.page.getByText('Put aside.').waitFor();
    await its.page.getByRole('button', { name: 'Bring it back' }).click();
    await expect.poll(() => its.page.getByText('Put aside.').count()).toBe(0);
  });

  it('is drawn and told as a table, with the course only when asked for', async () => {
    await goTo('My weeks', 'My weeks');
    await its.page.getByRole('img', { name: /^Chart of active days/ }).waitFor();
    await its.page.getByText('Show the table').click();
    expect(await its.page.getByRole('row').count()).toBe(14);
    expect(await its.page.getByRole('row', { name: /Reading week/ }).count()).toBe(1);
    expect(await its.page.locator('.chart-range').count()).toBe(0);
    await its.page.getByLabel('Show where the middle half of the module is').check();
    await expect.poll(() => its.page.locator('svg[role=img] .chart-range').count()).toBeGreaterThan(3);
    expect(await its.page.locator('main').innerText()).not.toMatch(/rank|percentile|predict|at risk|fail/i);
  });
});

describe('a course that was opened for the first time', () => {
  it('says that nothing has been read yet, and calls nothing quiet or done', async () => {
    const unread = await makeLivedCourse(its.waymark.deps, 'Unread course');
    await FreshnessModel.deleteMany({ courseId: unread.courseId });
    await its.launch(await unread.add('student', 'Ada First'));
    await its.page.getByText('Waymark is new in this module').waitFor();
    await its.page.getByText('Not known yet', { exact: true }).waitFor();
    expect(await its.page.getByText('Nothing seen yet this week').count()).toBe(0);
    await its.page
      .getByRole('button', { name: /^Not for me/ })
      .first()
      .waitFor();
  });
});

describe('writing', () => {
  it('keeps a goal and an entry, and shares and withdraws it, by keyboard alone', async () => {
    await press('button', 'Skip to content');
    expect(await its.page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await press('link', 'Goals');
    await its.page.getByRole('heading', { name: 'Goals and reflection' }).waitFor();
    await its.page.getByLabel('My goal', { exact: true }).focus();
    await its.page.keyboard.type('Explain loops to Sam');
    await press('button', 'Keep this goal');
    await its.page.getByRole('button', { name: /^Delete this goal/ }).waitFor();
    await its.page.getByLabel('My thoughts').focus();
    await its.page.keyboard.type('<b>Loops</b> make sense now');
    await press('button', 'Keep this entry');
    await its.page.getByText('<b>Loops</b> make sense now', { exact: true }).waitFor();
    await its.page.getByText('Private', { exact: true }).waitFor();
    await press('button', /^Share\b/);
    await its.page.getByText(/^Shared since/).waitFor();
    await press('button', /^Stop sharing/);
    await its.page.getByText('Private', { exact: true }).waitFor();
    await press('button', /^Delete ?:/);
    await its.page.keyboard.press('Enter');
    expect(await its.page.getByText('<b>Loops</b> make sense now', { exact: true }).count()).toBe(1);
  });

  it('loses nothing when the session ends, nor to the next person at this computer', async () => {
    await goTo('Goals', 'Goals and reflection');
    await its.page.getByLabel('My thoughts').fill('Half a sen');
    const before = its.waymark.clock.now;
    its.waymark.clock.now = new Date(before.getTime() + 5 * 3_600_000);
    await its.page.getByRole('button', { name: 'Keep this entry' }).click();
    await its.page.getByText('Your session has ended. What you wrote is kept').waitFor();
    expect(await its.page.getByLabel('My thoughts').inputValue()).toBe('Half a sen');
    its.waymark.clock.now = before;
    await its.launch(student);
    await goTo('Goals', 'Goals and reflection');
    await its.page.getByText('We kept what you were writing.').waitFor();
    expect(await its.page.getByLabel('My thoughts').inputValue()).toBe('Half a sen');
    const next = await its.course.add('student', 'Ada Other');
    await its.launch(next);
    await goTo('Goals', 'Goals and reflection');
    expect(await its.page.getByLabel('My thoughts').inputValue()).toBe('');
    expect(await its.page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('Half a sen');
  });

  it('shows both versions when another window saved first', async () => {
    await goTo('Goals', 'Goals and reflection');
    await its.page.getByLabel('My goal', { exact: true }).fill('From this window');
    const { week } = (await (await its.api(student, 'GET', '/api/journal')).json()) as { week: string };
    await its.api(student, 'PUT', '/api/journal/goal', {
      week,
      kind: 'own-words',
      text: 'From the other window',
      rev: 0,
    });
    await its.page.getByRole('button', { name: 'Keep this goal' }).click();
    await its.page.getByText('From the other window').waitFor();
    expect(await its.page.getByLabel('My goal', { exact: true }).inputValue()).toBe('From this window');
    await its.page.getByRole('button', { name: 'Keep what I have here' }).click();
    await its.page.getByRole('button', { name: /^Delete this goal ?: From this window/ }).waitFor();
  });

  it('says how much too long a goal is, and keeps it on the page', async () => {
    await goTo('Goals', 'Goals and reflection');
    await its.page.getByLabel('My goal', { exact: true }).fill('g'.repeat(10_000));
    await its.page.getByRole('button', { name: 'Keep this goal' }).click();
    await its.page.getByText('This has 10,000 characters, and there is room for 300.').waitFor();
    expect((await its.page.getByLabel('My goal', { exact: true }).inputValue()).length).toBe(10_000);
  });
});

describe('support and rights', () => {
  it('asks for a conversation and follows it', async () => {
    await goTo('Support', 'Support');
    await its.page.getByRole('button', { name: 'Send my request' }).click();
    await its.page.getByText('Please choose how you would like to talk.').waitFor();
    await its.page.getByLabel('With whom?').selectOption({ label: 'Tia Tutor' });
    await its.page.getByLabel('How would you like to talk?').selectOption({ label: 'Meeting in person' });
    await its.page.getByRole('button', { name: 'Send my request' }).click();
    await its.page.getByText('Sent; nobody has read it yet').waitFor();
    await its.page.getByRole('button', { name: 'Take this request back' }).click();
    await its.page.getByText('Taken back by you', { exact: true }).first().waitFor();
  });

  it('reads the effect before opting out, and can come back', async () => {
    await goTo('About me', 'About me');
    await its.page.getByRole('button', { name: 'Opt out of this contact' }).click();
    await its.page.getByRole('heading', { name: 'What changes if you opt out' }).waitFor();
    await its.page.getByRole('button', { name: 'Yes, opt me out' }).click();
    await its.page.getByText(/^You opted out on/).waitFor();
    await its.page.getByRole('button', { name: 'Opt back in' }).click();
    await its.page.getByText(/^At the moment staff may/).waitFor();
  });

  it('says that something is wrong, from the figure itself, and follows it', async () => {
    await its.page.getByRole('link', { name: /^Something is wrong here ?: Coursework 2: a small game/ }).click();
    await its.page.getByLabel('What is not right?').fill('I handed it in on paper.');
    await its.page.getByLabel('Which day?').fill('2026-11-15');
    await its.page.getByRole('button', { name: 'Send' }).click();
    await its.page.getByRole('link', { name: 'Back to About me' }).click();
    await its.page.getByText('I handed it in on paper.').waitFor();
  });

  it('takes everything along as a page', async () => {
    await goTo('About me', 'About me');
    const [download] = await Promise.all([
      its.page.waitForEvent('download'),
      its.page.getByRole('button', { name: 'Download as a page to read' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toContain('What Waymark holds about you');
  });

  it('finds urgent help in one step from every page, without a word to the server', async () => {
    for (const label of ['My weeks', 'Goals', 'Support', 'About me', 'This week']) {
      await its.page.getByRole('link', { name: label, exact: true }).first().click();
      await its.page.waitForLoadState('networkidle');
      const asked: string[] = [];
      const listen = (request: { url(): string }) => void asked.push(request.url());
      its.page.on('request', listen);
      await its.page.getByRole('link', { name: 'Urgent help' }).click();
      await its.page.getByRole('link', { name: 'Call 116 123' }).waitFor();
      its.page.off('request', listen);
      expect(asked).toEqual([]);
    }
  });
});

describe('every page', () => {
  it.each([320, 768, 1280])('fits and is accessible at %i px', async (width) => {
    await its.page.setViewportSize({ width, height: 900 });
    for (const path of ['/', '/weeks', '/how', '/goals', '/support', '/about', '/wrong', '/reading', '/urgent']) {
      await its.page.evaluate((hash) => void (location.hash = hash), path);
      await its.page.waitForLoadState('networkidle');
      await its.page.locator('main h1').waitFor();
      for (const summary of await its.page.locator('summary').all()) await summary.click();
      await expectAccessible(its.page, path);
    }
  });

  it('is readable with strong contrast, light on dark, and wide spacing', async () => {
    await goTo('Reading settings', 'Reading settings');
    for (const colours of ['Strong contrast', 'Light on dark']) {
      await its.page.getByLabel(colours).check();
      await its.page.getByLabel('Wider').check();
      await its.page.getByRole('link', { name: 'This week', exact: true }).click();
      await its.page.getByText('1 day active so far').waitFor();
      await expectAccessible(its.page, colours);
      await goTo('Reading settings', 'Reading settings');
    }
  });
});

/** Finds by role and name, and presses by keyboard. */
async function press(role: 'button' | 'link', name: string | RegExp): Promise<void> {
  await its.page.getByRole(role, typeof name === 'string' ? { name, exact: true } : { name }).focus();
  await its.page.keyboard.press('Enter');
}
