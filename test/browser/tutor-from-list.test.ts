import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ActionModel } from '../../server/database/models/action.ts';
import { DiscussionModel } from '../../server/database/models/discussion.ts';
import { SavedViewModel } from '../../server/database/models/saved-view.ts';
import { SnapshotModel } from '../../server/database/models/snapshot.ts';
import { expectAccessible } from '../support/accessible.ts';
import { useDatabase } from '../support/database.ts';
import { useStaffedBrowser, type StaffedJourneys } from '../support/staffed-browser.ts';

/** What a tutor does straight from the list: narrow it to a piece of work, and come to a record in few steps. */

const { uri } = useDatabase();
const journeys = useStaffedBrowser(uri);
const openAs: StaffedJourneys['openAs'] = (...given) => journeys.openAs(...given);

it.each([320, 1280])(
  'narrows the list to a piece of work at %i px, counts what nobody knows apart, and keeps it as a view',
  async (width) => {
    for (const [name, work] of [
      ['Missing One', { notSeen: ['a1'], notKnown: [] }],
      ['Missing Two', { notSeen: ['a1'], notKnown: [] }],
      ['Not Read', { notSeen: [], notKnown: ['a1'] }],
      ['Handed In', { notSeen: [], notKnown: [] }],
    ] as const) {
      const { personId } = await journeys.course.add('student', `${name} ${width}`);
      await journeys.course.flag(personId);
      const own = { courseId: journeys.course.courseId, personId, work, presence: {} };
      await SnapshotModel.create({ ...own, computedAt: new Date(), rulesetVersion: 1, week: 9 });
    }
    const other = await journeys.course.add('student', 'Somebody Else');
    await journeys.course.flag(other.personId);
    const page = await openAs(journeys.grace, '/', width);
    await page.getByLabel('Search by name').fill(String(width));
    await page.getByText(/^4 of \d+ students$/).waitFor();
    if (width === 320) await page.locator('summary', { hasText: 'Filters' }).click();
    const work = page.getByLabel('Coursework', { exact: true });
    const [asked, unknown] = await work
      .locator('option')
      .allTextContents()
      .then((all) => all.slice(1));
    expect(asked).toMatch(/^Coursework 1, due .*: not seen yet$/);
    expect(unknown).toMatch(/^Coursework 1, due .*: not known$/);
    await work.selectOption({ label: asked! });
    await page.getByText(/^2 of \d+ students · for 1 more it is not known$/).waitFor();
    await page.getByRole('row', { name: /Missing One/ }).waitFor();
    expect(await page.getByRole('row', { name: /Not Read|Handed In/ }).count()).toBe(0);
    await expectAccessible(page);

    await page.getByText('Saved views').click();
    await page.getByLabel('Name of the view').fill(`No coursework 1 (${width})`);
    await page.getByRole('button', { name: 'Save this view' }).click();
    const view = page.getByRole('button', { name: `No coursework 1 (${width})`, exact: true });
    await view.waitFor();
    await work.selectOption({ label: unknown! });
    await page.getByText(/^1 of \d+ students$/).waitFor();
    await page.getByRole('row', { name: /Not Read/ }).waitFor();
    await view.click();
    await page.getByRole('row', { name: /Missing Two/ }).waitFor();
    expect(await work.inputValue()).toBe('notSeen a1');
    await page.close();
  },
);

it('says of a view whose piece of work is no longer on the list that it still narrows it', async () => {
  const { personId } = await journeys.course.add('student', 'Listed');
  await journeys.course.flag(personId);
  const { courseId } = journeys.course;
  const work = { notSeen: ['a1'], notKnown: [] };
  await SnapshotModel.create({
    courseId,
    personId,
    work,
    presence: {},
    computedAt: new Date(),
    rulesetVersion: 1,
    week: 9,
  });
  const ownerId = journeys.ada.personId;
  await SavedViewModel.create({ courseId, ownerId, name: 'An old essay', filters: { notSeen: 'gone' } });
  const page = await openAs(journeys.ada, '/');
  await page.getByText('Saved views').click();
  await page.getByRole('button', { name: 'An old essay', exact: true }).click();
  await page.getByText('Nobody matches these filters.').waitFor();
  const chosen = page.getByLabel('Coursework', { exact: true }).locator('option:checked');
  expect(await chosen.textContent()).toBe('No longer on this list');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('row', { name: /Listed/ }).waitFor();
});

/** Counts what a hand presses on a page from now on. */
function countPresses(page: Page): Promise<void> {
  return page.evaluate(() => {
    document.body.dataset['presses'] = '0';
    const count = () => (document.body.dataset['presses'] = String(1 + Number(document.body.dataset['presses'])));
    document.addEventListener('pointerdown', count, true);
  });
}

it('comes from the list to the record of a conversation in seven presses, with all that belongs before it', async () => {
  const student = await journeys.course.add('student', 'Spoken To');
  await journeys.course.flag(student.personId);
  const page = await openAs(journeys.grace, '/');
  await page.getByLabel('Search by name').fill('Spoken To');
  await page.getByText(/^1 of \d+ students$/).waitFor();
  await countPresses(page);

  await page
    .getByRole('row', { name: /Spoken To/ })
    .getByRole('link', { name: 'Record' })
    .click();
  const form = page.getByRole('form', { name: 'Record what happened' });
  await form.waitFor();
  // The page begins as it always does, with what it cannot tell, and the evidence is on it.
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Spoken To');
  expect(await page.getByText('This is not a complete picture.').isVisible()).toBe(true);
  await page.getByRole('heading', { name: 'Why this student is on the list' }).waitFor();
  await form.getByRole('group', { name: 'Before contact' }).waitFor();
  await expectAccessible(page);
  await form.getByText('Supportive', { exact: true }).click();
  await form.getByText('Phone call', { exact: true }).click();
  await form.getByText('We spoke', { exact: true }).click();
  await form.getByLabel('Talked over with').click();
  await page.keyboard.type('Ada Lovelace');
  await form.getByLabel('What we agreed').click();
  await page.keyboard.type('A call first.');
  await form.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByText('Recorded.').first().waitFor();
  expect(await page.evaluate(() => document.body.dataset['presses'])).toBe('7');

  const { courseId } = journeys.course;
  const { personId } = student;
  const action = await ActionModel.findOne({ courseId, personId }).lean();
  expect(action).toMatchObject({ category: 'supportive', channel: 'phone', initiator: 'staff', outcome: 'spoke' });
  expect(await DiscussionModel.countDocuments({ courseId, personId, isOpen: false })).toBe(1);
  // Read again, the page is the student's: the form was done with.
  expect(new URL(page.url()).hash).toBe(`#/students/${personId}`);
});

it('records nothing that was not chosen, and points at what is missing', async () => {
  const student = await journeys.course.add('student', 'Half Told');
  await journeys.course.flag(student.personId);
  const page = await openAs(journeys.grace, `/students/${student.personId}/record`, 320);
  const form = page.getByRole('form', { name: 'Record what happened' });
  await form.getByRole('button', { name: 'Record', exact: true }).click();
  await form.getByText('Choose a category.').waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'radiogroup');
  await form.getByText('Choose a channel.').waitFor();
  await form.getByText('Say how it stands.').waitFor();
  await expectAccessible(page);
  expect(await ActionModel.countDocuments({ personId: student.personId })).toBe(0);
});
