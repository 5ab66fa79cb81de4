import { expect, it } from 'vitest';
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
