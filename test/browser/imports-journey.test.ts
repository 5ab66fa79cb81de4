import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PersonModel } from '../../server/database/models/person.ts';
import { StudentRecordModel } from '../../server/database/models/student-record.ts';
import { createImportsRouter } from '../../server/features/imports/router.ts';
import { createTutorRouters } from '../../server/tutor-routers.ts';
import { expectAccessible } from '../support/accessible.ts';
import { watchProblems } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { startStaffedBrowser, type StaffedBrowser } from '../support/staffed-browser.ts';
import type { StaffedCourse, TestPerson } from '../support/staffed-course.ts';

const { uri } = useDatabase();
let started: StaffedBrowser;
let course: StaffedCourse;
let tutor: TestPerson;

beforeAll(async () => {
  started = await startStaffedBrowser(uri, (deps) => [...createTutorRouters(deps), createImportsRouter(deps)]);
  course = started.course;
  tutor = await course.add('tutor', 'Grace Hopper');
  const student = await course.add('student', 'Amina Ahmed');
  await PersonModel.updateOne({ _id: student.personId }, { $set: { sourcedId: '260001007' } });
});
afterAll(() => started.close());

async function open(width: number): Promise<{ page: Page; problems: string[] }> {
  const page = await started.browser.newPage({ viewport: { width, height: 800 } });
  const problems = watchProblems(page);
  await page.goto(`${started.server.url}/app/#code=${await tutor.launch()}`);
  return { page, problems };
}

const day = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
const file = (text: string) => ({ name: 'register.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
const register = `Student ID,Day,Session,Status\n260001007,${day} 10:00,Lecture 8,Present\n`;
const broken = `${register}260001007,someday,Lecture 9,Perhaps\n`;
const sessions = async () =>
  (await StudentRecordModel.findOne({ courseId: course.courseId }).lean())?.sessions?.length ?? 0;
/** Where set, the screens are kept there to be looked at. */
const shots = process.env['SHOTS'];
const shoot = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
};

it.each([320, 1280])('imports a file and takes it back by mouse at %i px', async (width) => {
  const { page, problems } = await open(width);
  // On a phone the pages are behind one button.
  if (width < 768) await page.locator('summary', { hasText: 'Pages' }).click();
  await page.getByRole('link', { name: 'Import files' }).click();
  await page.getByRole('heading', { level: 1, name: 'Import files' }).waitFor();
  await page.getByText('Nothing has been imported yet.').or(page.getByText('Taken back').first()).waitFor();
  await expectAccessible(page);
  await shoot(page, `imports-empty-${width}`);

  // A file with a column it can't place and a row that can't be read: both are shown, and nothing can be saved.
  await page.getByLabel('File', { exact: true }).setInputFiles(file(broken));
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByText('Some rows need another look. Nothing has been saved.').waitFor();
  expect(await page.getByRole('button', { name: 'Import all rows' }).isDisabled()).toBe(true);
  await page.getByLabel('Date and time').selectOption('Day');
  const problemsByRow = page.getByRole('row').filter({ hasText: '3' });
  await problemsByRow.filter({ hasText: 'This is not a date' }).waitFor();
  expect(await problemsByRow.filter({ hasText: 'none of present' }).count()).toBe(1);
  await expectAccessible(page);
  await shoot(page, `imports-problems-${width}`);

  await page.getByLabel('File', { exact: true }).setInputFiles(file(register));
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByLabel('Date and time').selectOption('Day');
  await page.getByText('Every row can be read.').waitFor();
  await page.getByRole('button', { name: 'Import all rows' }).click();
  await page.getByText('The file has been imported.').waitFor();
  expect(await sessions()).toBe(1);
  await expectAccessible(page);
  await shoot(page, `imports-done-${width}`);

  await page.getByRole('button', { name: 'Take back everything from register.csv' }).click();
  await page.getByText('Taken back. Figures follow').waitFor();
  expect(await sessions()).toBe(0);
  expect(problems).toEqual([]);
  await page.close();
});

it('does the same by keyboard alone', async () => {
  const { page, problems } = await open(1280);
  // The browser's own dialogue is the platform's; what comes of it is put in here.
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('link', { name: 'Import files' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Import files' }).waitFor();
  await page.getByLabel('What the file holds').focus();
  await page.keyboard.press('Tab');
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('type') ?? document.activeElement?.textContent);
  expect(await focused()).toBe('file');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(file(register));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const column = page.getByLabel('Date and time');
  await column.waitFor();
  await column.focus();
  // One key: between two, a busy machine may take so long that the second begins another search.
  await page.keyboard.press('D');
  await page.getByText('Every row can be read.').waitFor();
  expect(await column.inputValue()).toBe('Day');
  await page.getByLabel('Module', { exact: true }).focus();
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('button');
  await page.keyboard.press('Enter');
  await page.getByText('The file has been imported.').waitFor();
  expect(await sessions()).toBe(1);
  // The button that was pressed is gone; the keyboard goes on from the outcome to what was imported.
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
    'Take back everything from register.csv',
  );
  await page.keyboard.press('Enter');
  await page.getByText('Taken back. Figures follow').waitFor();
  expect(await sessions()).toBe(0);
  expect(problems).toEqual([]);
  await page.close();
});
