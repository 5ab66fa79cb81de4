import { afterAll, beforeAll, expect, it } from 'vitest';
import { ActionModel } from '../../server/database/models/action.ts';
import { EnrolmentModel } from '../../server/database/models/enrolment.ts';
import { FlagModel } from '../../server/database/models/flag.ts';
import { SupportRequestModel } from '../../server/database/models/support-request.ts';
import { expectAccessible } from '../support/accessible.ts';
import { useDatabase } from '../support/database.ts';
import { startStaffedBrowser, type StaffedBrowser } from '../support/staffed-browser.ts';
import { makeCourse, makeFlag, newHexId, type StaffedCourse, type TestPerson } from '../support/staffed-course.ts';

/** A tutor with twenty minutes between classes: from the list to a message, to the next student, and on a phone. */

const { uri } = useDatabase();
let started: StaffedBrowser;
let course: StaffedCourse;
let grace: TestPerson;

beforeAll(async () => {
  started = await startStaffedBrowser(uri);
  course = started.course;
  grace = await course.add('tutor', 'Grace Hopper');
});
afterAll(() => started.close());

const openAs: StaffedBrowser['openAs'] = (...given) => started.openAs(...given);

it('writes to a student in one step, with words that fit, and loses none of the tutor’s own', async () => {
  const student = await course.add('student', '<b>Bobby</b>', { email: 'bobby@example.ac.uk' });
  await course.flag(student.personId, { reasons: [{ indicator: 'submissions', value: 2, strength: 'strong' }] });
  const page = await openAs(grace, `/students/${student.personId}`);
  // As in a frame that the platform has lent no clipboard.
  await page.evaluate(() =>
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } }),
  );
  await page.getByRole('button', { name: 'Write a message' }).click();
  const message = page.getByLabel('Message', { exact: true });
  await page.waitForFunction(() => document.querySelector('textarea')?.value.includes('2 pieces of coursework'));
  expect(await message.inputValue()).toContain('Dear <b>Bobby</b>,');
  const address = await page.getByRole('link', { name: 'Open in my mail program' }).getAttribute('href');
  expect(address).toMatch(/^mailto:bobby%40example\.ac\.uk\?subject=/);
  expect(address).toContain('Dear%20%3Cb%3EBobby%3C%2Fb%3E%2C%0D%0A%0D%0A');
  await page.getByRole('button', { name: 'Copy the text' }).click();
  await page.getByText('Copied.').waitFor();

  await message.fill('Unless you answer you will be removed.');
  await page.getByText('“Unless you”').waitFor();
  await page.getByLabel('Start from').selectOption({ label: 'Following up' });
  await page.waitForFunction(() => document.querySelector('textarea')?.value.includes('When we last talked'));
  await page.getByRole('button', { name: 'Put mine back' }).click();
  expect(await message.inputValue()).toBe('Unless you answer you will be removed.');
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Write a message');
});

it('goes from one student of the list to the next, and back to where the list was left', async () => {
  for (let index = 0; index < 60; index++) {
    const { personId } = await course.add('student', `Walked ${String(index).padStart(2, '0')}`);
    await course.flag(personId, { openedDaysAgo: 100 - index });
  }
  const page = await openAs(grace, '/');
  await page.getByLabel('Search by name').fill('Walked');
  await page.getByText(/^60 of \d+ students/).waitFor();
  await page.getByRole('row', { name: /Walked 00/ }).focus();
  await page.keyboard.press('End');
  await page.getByRole('row', { name: /Walked 59/ }).waitFor();
  for (const _ of [1, 2, 3]) await page.keyboard.press('ArrowUp');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-rowindex') === '58');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Walked 56' }).waitFor();
  await page.getByText('57 of 60 on the list').waitFor();
  await page.getByRole('link', { name: 'Walked 57' }).click();
  await page.getByRole('heading', { level: 1, name: 'Walked 57' }).waitFor();
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await page.waitForFunction(() => document.activeElement?.querySelector('a')?.textContent === 'Walked 57');
  expect(await page.getByLabel('Search by name').inputValue()).toBe('Walked');
  expect(await page.evaluate(() => document.activeElement!.getBoundingClientRect().top)).toBeLessThan(800);
});

it('says so where there is nobody to ask, and takes more students at once than it can record for none', async () => {
  const alone = await makeCourse(started.deps);
  const tutor = await alone.add('tutor', 'Only Tutor');
  const people = Array.from({ length: 501 }, newHexId);
  await EnrolmentModel.insertMany(
    people.map((personId, index) => ({
      courseId: alone.courseId,
      personId,
      role: 'student',
      roleFrom: 'roster',
      name: `Many ${index}`,
      sortName: `Many ${index}`,
    })),
  );
  await FlagModel.insertMany(
    people.map((personId) => ({ ...makeFlag(personId, Date.now()), courseId: alone.courseId })),
  );
  const page = await openAs(tutor, `/students/${people[0]}`);
  await page.getByRole('button', { name: 'Ask a colleague' }).click();
  await page.getByText(/^No other tutor of this module is in Waymark yet/).waitFor();
  await page.evaluate(() => (location.hash = '/'));
  await page.getByLabel('Select all shown').check();
  await page.getByRole('button', { name: 'Record for selected' }).click();
  await page.getByLabel('Category').selectOption({ label: 'Supportive' });
  await page.getByLabel('Channel').selectOption({ label: 'University e-mail' });
  await page.getByLabel('How it stands').selectOption('awaiting-reply');
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByText('At most 500 students at once.').waitFor();
  expect(await ActionModel.countDocuments({ courseId: alone.courseId })).toBe(0);
});

it('keeps its many pages behind one button on a phone, with what waits in a number', async () => {
  const student = await course.add('student', 'Asking Student');
  await SupportRequestModel.create({
    courseId: course.courseId,
    personId: student.personId,
    channel: 'meeting',
    state: 'asked',
    askedAt: started.clock.now,
    updatedAt: started.clock.now,
  });
  const page = await openAs(grace, '/', 320);
  await page.getByRole('heading', { level: 1, name: 'Who may welcome a conversation' }).waitFor();
  expect(await page.getByRole('link', { name: /^Questions/ }).isVisible()).toBe(false);
  await page.getByText(/^Pages\d+ waiting/).click();
  await page.getByRole('link', { name: /^Questions/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Questions from students' }).waitFor();
  expect(await page.getByRole('link', { name: 'Support list' }).isVisible()).toBe(false);
});

it('shows whom the list begins with without scrolling in a frame as low as Moodle’s, with the filters one step away', async () => {
  const student = await course.add('student', 'In Sight');
  await course.flag(student.personId, { openedDaysAgo: 300 });
  const page = await openAs(grace, '/', 883, 577);
  await page.locator('.grid-line').first().waitFor();
  const { y, height } = (await page.locator('.grid-line').first().boundingBox())!;
  expect(y + Math.min(height, 64)).toBeLessThan(577);
  expect(await page.getByLabel('Reason').isVisible()).toBe(false);
  await page.locator('summary', { hasText: 'Filters' }).click();
  await page.getByLabel('Waiting').selectOption('14');
  await page.getByText('Filters (1 on)').waitFor();
  await page.getByText('How the list is ordered').click();
  await page.getByText(/^Order: students who asked come first/).waitFor();
  await expectAccessible(page);
  await page.close();
});

it('lets staff choose how text looks, in their own browser', async () => {
  const page = await openAs(grace, '/');
  await page.getByRole('link', { name: 'Reading settings' }).click();
  await page.getByLabel('Light on dark').check();
  await page.getByLabel('Wider').check();
  await page.getByRole('link', { name: 'Support list' }).click();
  await page.getByRole('heading', { level: 1, name: 'Who may welcome a conversation' }).waitFor();
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.dataset)).toMatchObject({
    contrast: 'dark',
    spacing: 'wide',
  });
});

it('keeps to its width with letters four times as large, and offers the institution’s usual day to follow up', async () => {
  const student = await course.add('student', 'Wolfeschlegelsteinhausenbergerdorff, Maria del Carmen', {
    groups: ['Lab 1'],
  });
  await course.flag(student.personId);
  const page = await openAs(grace, '/');
  await page.evaluate(() => (document.documentElement.style.fontSize = '400%'));
  const isWider = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  await page.getByRole('row').nth(1).waitFor({ state: 'attached' });
  expect(await isWider()).toBe(false);
  await page.evaluate((hash) => (location.hash = hash), `/students/${student.personId}`);
  await page.getByRole('button', { name: /^Record an/ }).click();
  await page.getByRole('button', { name: 'In 10 days' }).click();
  expect(await isWider()).toBe(false);
  const day = await page.getByLabel('Follow up on').inputValue();
  expect(Math.round((new Date(`${day}T12:00:00`).getTime() - new Date().setHours(12, 0, 0, 0)) / 86_400_000)).toBe(10);
});
