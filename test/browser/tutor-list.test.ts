import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ActionModel } from '../../server/database/models/action.ts';
import { SupportRequestModel } from '../../server/database/models/support-request.ts';
import { expectAccessible } from '../support/accessible.ts';
import { watchProblems } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { startStaffedBrowser, type StaffedBrowser } from '../support/staffed-browser.ts';
import type { StaffedCourse, TestPerson } from '../support/staffed-course.ts';

const { uri } = useDatabase();
let started: StaffedBrowser;
let course: StaffedCourse;
let tutor: TestPerson;
let lead: TestPerson;
let asking: TestPerson;

beforeAll(async () => {
  started = await startStaffedBrowser(uri);
  course = started.course;
  tutor = await course.add('tutor', 'Grace Hopper', { hasReadGuidance: false });
  await course.add('tutor', 'Ada Lovelace');
  lead = await course.add('lead', 'Mary Somerville');
  asking = await course.add('student', 'Asking Student');
  for (let index = 0; index < 120; index++) {
    const { personId } = await course.add('student', `Student ${String(index).padStart(3, '0')}`, {
      groups: [`Lab ${1 + (index % 4)}`],
    });
    await course.flag(personId, { openedDaysAgo: 1 + (index % 20) });
  }
});
afterAll(() => started.close());

async function open(width: number): Promise<{ page: Page; problems: string[] }> {
  const page = await started.browser.newPage({ viewport: { width, height: 800 }, locale: 'en-GB' });
  const problems = watchProblems(page);
  await page.goto(`${started.server.url}/app/#code=${await tutor.launch()}`);
  return { page, problems };
}

/** Tabs on until the focus stands on what is called so; the keyboard is all there is. */
async function tabTo(page: Page, name: RegExp, tag?: string): Promise<void> {
  for (let pressed = 0; pressed < 150; pressed++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      const label = element?.labels?.[0]?.textContent ?? element?.getAttribute('aria-label') ?? element?.textContent;
      return { name: label?.trim() ?? '', tag: element?.tagName.toLowerCase() ?? '' };
    });
    if (name.test(focused.name) && (tag === undefined || tag === focused.tag)) return;
  }
  throw new Error(`The tab key never reaches ${String(name)}.`);
}

const press = (page: Page, key: string) => page.keyboard.press(key);
const type = (page: Page, typed: string) => page.keyboard.type(typed);

/** A day to come whose digits are the same whether a date field begins with the day or the month: 12/12/2026. */
function sameEitherWay(now: Date): string {
  const month = ((now.getMonth() + 1) % 12) + 1;
  const twoDigits = String(month).padStart(2, '0');
  return `${twoDigits}${twoDigits}${now.getFullYear() + (month === 1 ? 1 : 0)}`;
}

/** What the focused drop-down says. */
const chosen = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLSelectElement).selectedOptions[0]?.textContent);

it('goes by keyboard alone from the guidance to many, to one student, to follow-ups, answers and rules', async () => {
  await SupportRequestModel.create({
    courseId: course.courseId,
    personId: asking.personId,
    channel: 'meeting',
    state: 'asked',
    askedAt: started.clock.now,
    updatedAt: started.clock.now,
  });
  const { page, problems } = await open(1280);
  await page.getByRole('heading', { name: 'Before you look at the list' }).waitFor();
  await expectAccessible(page);
  await tabTo(page, /I have read this/);
  await press(page, 'Space');
  await tabTo(page, /Open the list/);
  await press(page, 'Enter');

  await page.getByRole('heading', { name: 'Who may welcome a conversation' }).waitFor();
  const grid = page.getByRole('grid');
  await grid.waitFor();
  expect(await grid.getAttribute('aria-rowcount')).toBe('122');
  await expectAccessible(page);
  await tabTo(page, /^Search by name/);
  await type(page, 'Student 0');
  await page.getByText('100 of 121 students').waitFor();
  await tabTo(page, /^Group/, 'select');
  await type(page, 'Lab 2');
  expect(await chosen(page)).toBe('Lab 2');
  await page.getByText('25 of 121 students').waitFor();
  await expectAccessible(page);

  await tabTo(page, /Student 0/, 'div');
  await press(page, 'End');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-rowindex') === '26');
  await press(page, 'Home');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-rowindex') === '2');
  await press(page, 'Space');
  await press(page, 'ArrowDown');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-rowindex') === '3');
  await press(page, 'Space');
  await page.getByText('2 selected').waitFor();
  await tabTo(page, /^Record for selected/);
  await press(page, 'Enter');
  const form = page.getByRole('form', { name: 'Record what happened' });
  await form.waitFor();
  await expectAccessible(page);
  await tabTo(page, /^Instructional/);
  await press(page, 'ArrowRight');
  expect(await form.getByLabel('Supportive').isChecked()).toBe(true);
  await tabTo(page, /^University e-mail/);
  await press(page, 'Space');
  await tabTo(page, /^Waiting for a reply/);
  await press(page, 'Space');
  await tabTo(page, /^Agreed steps/);
  await type(page, 'A short question to both');
  await tabTo(page, /^Record$/);
  await press(page, 'Enter');
  await form.getByText(/nobody has talked it over/).waitFor();
  expect(await form.getByLabel('Agreed steps').inputValue()).toBe('A short question to both');
  await tabTo(page, /^Talked over with/);
  await type(page, 'Ada');
  await tabTo(page, /^What we agreed/);
  await type(page, 'One kind message');
  await press(page, 'Enter');
  await page.getByText('Recorded for 2 students.').waitFor();
  expect(await ActionModel.countDocuments({ courseId: course.courseId })).toBe(2);

  await tabTo(page, /Student 0/, 'div');
  await press(page, 'Home');
  for (let row = 3; row <= 6; row++) {
    await press(page, 'ArrowDown');
    await page.waitForFunction((index) => document.activeElement?.getAttribute('aria-rowindex') === index, String(row));
  }
  const name = await page.evaluate(() => document.activeElement?.querySelector('a')?.textContent ?? '');
  await press(page, 'Enter');
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await expectAccessible(page);

  await tabTo(page, /^Ask a colleague/);
  await press(page, 'Enter');
  await tabTo(page, /^Ada Lovelace/);
  await press(page, 'Space');
  await tabTo(page, /^What is there to consider/);
  await type(page, 'Quiet for two weeks; does anybody know more?');
  await expectAccessible(page);
  await tabTo(page, /^Ask for their view/);
  await press(page, 'Enter');
  await page.getByText('Quiet for two weeks').first().waitFor();
  await tabTo(page, /^What you agreed/, 'summary');
  await press(page, 'Enter');
  await tabTo(page, /^What you agreed/, 'select');
  await type(page, 'Get in');
  await tabTo(page, /^Because/);
  await type(page, 'A kind question costs nothing.');
  await tabTo(page, /^Close with this/);
  await press(page, 'Enter');
  await page.getByText(/Get in touch, agreed/).waitFor();

  await tabTo(page, /^Write a message/);
  await press(page, 'Enter');
  await tabTo(page, /^Start from/, 'select');
  await type(page, 'Checking');
  await page.waitForFunction(() => document.querySelector('textarea')?.value.includes('I would rather ask'));
  await expectAccessible(page);
  await tabTo(page, /^I have sent it/);
  await press(page, 'Enter');
  await tabTo(page, /^Instructional/);
  await press(page, 'ArrowRight');
  await tabTo(page, /^Follow up on/);
  await type(page, sameEitherWay(started.clock.now));
  await expectAccessible(page);
  await tabTo(page, /^Record$/);
  await press(page, 'Enter');
  await page.getByText('Recorded.').first().waitFor();
  expect(await ActionModel.countDocuments({ courseId: course.courseId })).toBe(3);

  await tabTo(page, /^Follow-ups/, 'a');
  await press(page, 'Enter');
  await page.getByRole('heading', { level: 1, name: 'Follow-ups' }).waitFor();
  await tabTo(page, /^Hand over/, 'summary');
  await press(page, 'Enter');
  await tabTo(page, /^Hand to/, 'select');
  await type(page, 'Ada');
  await expectAccessible(page);
  await tabTo(page, /^Hand over/, 'button');
  await press(page, 'Enter');
  await page.getByText('Grace Hopper → Ada Lovelace').waitFor();

  await tabTo(page, /^Questions/, 'a');
  await press(page, 'Enter');
  await page.getByRole('heading', { level: 1, name: 'Questions from students' }).waitFor();
  await tabTo(page, /^How it stands/, 'select');
  await type(page, 'I have seen');
  await tabTo(page, /^Your answer/);
  await type(page, 'Gladly. I am in room 4 on Tuesday.');
  await expectAccessible(page);
  await tabTo(page, /^Save the answer/);
  await press(page, 'Enter');
  await page.locator('blockquote', { hasText: 'I am in room 4' }).waitFor();

  await tabTo(page, /^Rules/, 'a');
  await press(page, 'Enter');
  await page.getByRole('heading', { level: 1, name: 'Rules of this module' }).waitFor();
  await tabTo(page, /^Threshold/);
  await press(page, 'Control+A');
  await type(page, '999');
  await tabTo(page, /^See what this would flag/);
  await press(page, 'Enter');
  await page.locator('.field-error').first().waitFor();
  await expectAccessible(page);
  await tabTo(page, /^Threshold/);
  await press(page, 'Control+A');
  await type(page, '21');
  await tabTo(page, /^See what this would flag/);
  await press(page, 'Enter');
  await page.getByRole('heading', { name: /own past weeks/ }).waitFor();
  await expectAccessible(page);
  await tabTo(page, /^Save these rules/);
  await press(page, 'Enter');
  await page.getByText('Saved as version 2.').waitFor();
  expect(problems).toEqual([]);
  await page.close();
  // A long way, with axe on each page: what a busy machine takes for it says nothing about the tool.
}, 180_000);

it.each([320, 1280])('shows a lead how support is going at %i px', async (width) => {
  const page = await started.browser.newPage({ viewport: { width, height: 800 }, locale: 'en-GB' });
  const problems = watchProblems(page);
  await page.goto(`${started.server.url}/app/#code=${await lead.launch()}`);
  await page.getByRole('heading', { level: 1, name: 'Oversight' }).waitFor();
  await page.getByText('School of Electronic Engineering and Computer Science').first().waitFor();
  await expectAccessible(page);
  expect(await page.locator('body').innerText()).not.toContain('Student 0');
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
    await expectAccessible(page);
  }
  expect(problems).toEqual([]);
  await page.close();
});
