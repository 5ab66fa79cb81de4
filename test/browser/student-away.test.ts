import { beforeEach, describe, expect, it } from 'vitest';
import { usualDays, useStudentBrowser } from '../support/student-browser.ts';
import type { Member } from '../support/student-course.ts';

/** A train, a tunnel, another tab, and the way back. */

const its = useStudentBrowser();
let student: Member;
beforeEach(async () => {
  student = await its.addStudent('Ada Student', { days: usualDays });
  await its.openWindow();
  await its.launch(student);
});

const offline = (isOffline: boolean) => its.page.context().setOffline(isOffline);

describe('offline for a moment', () => {
  it('what is kept then is said not to be, stays on the page, and is kept at the next press', async () => {
    await its.goTo('/goals');
    await its.page.getByLabel('My goal', { exact: true }).fill('Explain loops to Sam');
    await offline(true);
    await its.page.getByRole('button', { name: 'Keep this goal' }).click();
    await its.page.getByRole('alert').getByText('Waymark could not be reached.').waitFor();
    expect(await its.page.getByLabel('My goal', { exact: true }).inputValue()).toBe('Explain loops to Sam');
    await offline(false);
    await its.page.getByRole('button', { name: 'Keep this goal' }).click();
    await its.page.getByRole('button', { name: /^Delete this goal ?: Explain loops to Sam/ }).waitFor();
  });

  it('a page that was not here yet says so, and fills by itself once the connection is back', async () => {
    await offline(true);
    await its.page.getByRole('link', { name: 'Support', exact: true }).click();
    await its.page.getByRole('alert').getByText('Waymark could not be reached.').waitFor();
    // What needs no connection is there all the same.
    await its.page.getByRole('link', { name: 'Urgent help' }).click();
    await its.page.getByRole('link', { name: 'Call 116 123' }).waitFor();
    await its.page.getByRole('link', { name: 'Support', exact: true }).click();
    await its.page.getByRole('alert').getByText('Waymark could not be reached.').waitFor();
    await offline(false);
    await its.page.getByRole('button', { name: 'Send my request' }).waitFor();
  });
});

describe('the way back', () => {
  it('by the browser’s button leads to the page before, with its heading focused and half a line still there', async () => {
    await its.page.getByRole('link', { name: 'Goals', exact: true }).click();
    await its.page.getByLabel('My thoughts').fill('Half a line');
    await its.page.getByRole('link', { name: 'Support', exact: true }).click();
    await its.page.getByRole('heading', { name: 'Support', level: 1 }).waitFor();
    await its.page.goBack();
    const heading = its.page.getByRole('heading', { name: 'Goals and reflection' });
    await expect.poll(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await its.page.getByLabel('My thoughts').inputValue()).toBe('Half a line');
    await its.page.goBack();
    await its.page.getByRole('heading', { name: 'Ada, this is your week' }).waitFor();
  });

  it('after a reload says where to open it again, with urgent help beside it, and then has the half line', async () => {
    await its.goTo('/goals');
    await its.page.getByLabel('My thoughts').fill('Half a line');
    await its.page.reload();
    await its.page.getByRole('heading', { name: 'Please open Waymark again' }).waitFor();
    await its.page.getByRole('link', { name: /^Urgent help/ }).waitFor();
    await its.launch(student);
    await its.goTo('/goals');
    expect(await its.page.getByLabel('My thoughts').inputValue()).toBe('Half a line');
  });
});

it('two tabs that share and change one entry: the later one is told, and nothing that was shared comes back by itself', async () => {
  const kept = await its.api(student, 'POST', '/api/journal/entries', { text: 'Loops make sense', isShared: true });
  const { id } = (await kept.json()) as { id: string };
  await its.goTo('/goals');
  await its.page.getByRole('button', { name: /^Change ?:/ }).click();
  await its.page.getByRole('listitem').getByLabel('My thoughts').fill('Loops make sense now');
  // The other tab stops sharing it.
  await its.api(student, 'PUT', `/api/journal/entries/${id}`, { text: 'Loops make sense', isShared: false, rev: 1 });
  await its.page.getByRole('listitem').getByRole('button', { name: 'Keep this entry' }).click();
  await its.page.getByText('This was changed in another window').waitFor();
  await its.page.getByRole('button', { name: 'Keep what I have here' }).click();
  await its.page.getByText('Loops make sense now', { exact: true }).waitFor();
  await its.page.getByText('Private', { exact: true }).waitFor();
});
