import { expect, it } from 'vitest';
import { ActionModel } from '../../server/database/models/action.ts';
import { EnrolmentModel } from '../../server/database/models/enrolment.ts';
import { FlagModel } from '../../server/database/models/flag.ts';
import { expectAccessible } from '../support/accessible.ts';
import { useDatabase } from '../support/database.ts';
import { useStaffedBrowser, type StaffedJourneys } from '../support/staffed-browser.ts';
import { makeCourse, makeFlag, newHexId } from '../support/staffed-course.ts';

/** A tutor with twenty minutes between classes: from the list to a message, to the next student, and on a phone. */

const { uri } = useDatabase();
const journeys = useStaffedBrowser(uri);
const openAs: StaffedJourneys['openAs'] = (...given) => journeys.openAs(...given);

it('writes to a student in one step, with words that fit, and loses none of the tutor’s own', async () => {
  const student = await journeys.course.add('student', '<b>Bobby</b>', { email: 'bobby@example.ac.uk' });
  await journeys.course.flag(student.personId, {
    reasons: [{ indicator: 'submissions', value: 2, strength: 'strong' }],
  });
  const page = await openAs(journeys.grace, `/students/${student.personId}`);
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
    const { personId } = await journeys.course.add('student', `Walked ${String(index).padStart(2, '0')}`);
    await journeys.course.flag(personId, { openedDaysAgo: 100 - index });
  }
  const page = await openAs(journeys.grace, '/');
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

it('prints a sheet to talk over with the student, without what is among staff, and goes on to the next', async () => {
  const [one, next] = [
    await journeys.course.add('student', 'Printed One'),
    await journeys.course.add('student', 'Printed Two'),
  ];
  await journeys.course.flag(one.personId, { openedDaysAgo: 3 });
  await journeys.course.flag(next.personId, { openedDaysAgo: 2 });
  const page = await openAs(journeys.grace, '/');
  await page.getByLabel('Search by name').fill('Printed');
  await page.getByRole('link', { name: 'Printed One' }).click();
  await page.getByRole('button', { name: /^Record an/ }).click();
  await page.getByLabel('Supportive').check();
  await page.getByLabel('Phone call').check();
  await page.getByLabel('We spoke').check();
  await page.getByLabel('Agreed steps').fill('Come to the drop-in.');
  await page.getByLabel('Notes for staff').fill('Sounded tired.');
  await page.getByLabel('Talked over with').fill('Ada');
  await page.getByLabel('What we agreed').fill('A call first.');
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByRole('link', { name: 'Go on to Printed Two' }).waitFor();

  await page.getByRole('button', { name: 'Print for a meeting' }).waitFor();
  await page.emulateMedia({ media: 'print' });
  for (const printed of ['Come to the drop-in.', 'What we agree', /Printed on .* by Grace Hopper\./])
    expect(await page.getByText(printed).first().isVisible()).toBe(true);
  for (const kept of ['Sounded tired.', 'A call first.', 'Back to the list', 'Print for a meeting', 'Set to'])
    expect(await page.getByText(kept, { exact: true }).first().isVisible()).toBe(false);
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('link', { name: 'Go on to Printed Two' }).click();
  await page.getByRole('heading', { level: 1, name: 'Printed Two' }).waitFor();
});

it('gives the addresses of those selected for one message to many, and goes on to record it', async () => {
  for (const [index, email] of ['one@example.ac.uk', 'two@example.ac.uk'].entries()) {
    const { personId } = await journeys.course.add('student', `Written ${index}`, { email });
    await journeys.course.flag(personId);
  }
  const page = await openAs(journeys.grace, '/');
  await page.getByLabel('Search by name').fill('Written');
  await page.getByLabel('Select all shown').check();
  await page.getByRole('button', { name: 'Write to selected' }).click();
  const addresses = page.getByLabel('Addresses (2)');
  await addresses.waitFor();
  expect(await addresses.inputValue()).toBe('one@example.ac.uk; two@example.ac.uk');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'I have sent it: record it' }).click();
  await page.getByRole('heading', { name: 'Record what happened (2 selected)' }).waitFor();
  expect(await page.getByLabel('Waiting for a reply').isChecked()).toBe(true);
});

it('says so where there is nobody to ask, and takes more students at once than it can record for none', async () => {
  const alone = await makeCourse(journeys.started.deps);
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
  await page.getByLabel('Supportive').check();
  await page.getByLabel('University e-mail').check();
  await page.getByLabel('Waiting for a reply').check();
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByText('At most 500 students at once.').waitFor();
  expect(await ActionModel.countDocuments({ courseId: alone.courseId })).toBe(0);
});

it('keeps its many pages behind one button on a phone, with what waits in a number', async () => {
  await journeys.ask();
  const page = await openAs(journeys.grace, '/', 320);
  await page.getByRole('heading', { level: 1, name: 'Who may welcome a conversation' }).waitFor();
  expect(await page.getByRole('link', { name: /^Questions/ }).isVisible()).toBe(false);
  await page.getByText(/^Pages\d+ waiting/).click();
  await page.getByRole('link', { name: /^Questions/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Questions from students' }).waitFor();
  expect(await page.getByRole('link', { name: 'Support list' }).isVisible()).toBe(false);
});

it('keeps its bar in one line of a frame as wide as Moodle’s and in two of a narrower one, with every page by keyboard', async () => {
  const page = await openAs(journeys.grace, '/', 883, 577);
  const height = () => page.locator('header').evaluate((bar) => bar.getBoundingClientRect().height);
  const oneLine = 64;
  expect(await height()).toBeLessThan(oneLine);
  await page.setViewportSize({ width: 768, height: 577 });
  expect(await height()).toBeLessThan(2 * oneLine);
  await page.setViewportSize({ width: 883, height: 577 });

  await page.getByRole('link', { name: 'Discussions' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const names = [];
  for (const _ of [1, 2, 3, 4, 5, 6]) {
    await page.keyboard.press('Tab');
    names.push(await page.evaluate(() => document.activeElement?.textContent));
  }
  expect(names).toEqual(['Log', 'Rules', 'What helped', 'Fairness', 'Import files', 'Aa']);
  expect(await page.getByRole('link', { name: 'Rules' }).isVisible()).toBe(false);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('More');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Rules' }).click();
  await page.getByRole('heading', { level: 1, name: 'Rules of this module' }).waitFor();
  expect(await page.locator('summary[aria-current]').textContent()).toBe('More');
  await expectAccessible(page);
  await page.close();
});

it('shows whom the list begins with without scrolling in a frame as low as Moodle’s, with the filters one step away', async () => {
  const student = await journeys.course.add('student', 'In Sight');
  await journeys.course.flag(student.personId, { openedDaysAgo: 300 });
  const page = await openAs(journeys.grace, '/', 883, 577);
  await page.locator('.grid-line').first().waitFor();
  const { y, height } = (await page.locator('.grid-line').first().boundingBox())!;
  expect(y + Math.min(height, 64)).toBeLessThan(577);
  expect(await page.getByLabel('Reason').isVisible()).toBe(false);
  await page.locator('summary', { hasText: 'Filters' }).click();
  await page.getByLabel('Waiting').selectOption('14');
  await page.getByText('Filters (1 on)').waitFor();
  await page.locator('summary', { hasText: 'Order' }).click();
  await page.getByText(/^Order: students who asked come first/).waitFor();
  await expectAccessible(page);
  await page.close();
});

it('lets staff choose how text looks, in their own browser', async () => {
  const page = await openAs(journeys.grace, '/');
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
  const student = await journeys.course.add('student', 'Wolfeschlegelsteinhausenbergerdorff, Maria del Carmen', {
    groups: ['Lab 1'],
  });
  await journeys.course.flag(student.personId);
  const page = await openAs(journeys.grace, '/');
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
