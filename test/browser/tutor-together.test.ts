import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FlagModel } from '../../server/database/models/flag.ts';
import { SupportRequestModel } from '../../server/database/models/support-request.ts';
import { useDatabase } from '../support/database.ts';
import { startStaffedBrowser, type StaffedBrowser } from '../support/staffed-browser.ts';
import type { StaffedCourse, TestPerson } from '../support/staffed-course.ts';

/** Two people at one record, a page that is overtaken, a connection that goes: nothing that was typed is ever lost. */

const { uri } = useDatabase();
let started: StaffedBrowser;
let course: StaffedCourse;
let grace: TestPerson;
let ada: TestPerson;

beforeAll(async () => {
  started = await startStaffedBrowser(uri);
  course = started.course;
  grace = await course.add('tutor', 'Grace Hopper');
  ada = await course.add('tutor', 'Ada Lovelace');
});
afterAll(() => started.close());

const openAs: StaffedBrowser['openAs'] = (...given) => started.openAs(...given);

async function ask(): Promise<TestPerson> {
  const student = await course.add('student', 'Asking Student');
  await SupportRequestModel.create({
    courseId: course.courseId,
    personId: student.personId,
    channel: 'meeting',
    state: 'asked',
    askedAt: started.clock.now,
    updatedAt: started.clock.now,
  });
  return student;
}

it('keeps the answer of whoever comes second, and shows the first one beside it', async () => {
  const student = await ask();
  const [first, second] = [await openAs(grace, '/answers'), await openAs(ada, '/answers')];
  await second.getByLabel('How it stands').selectOption('seen');
  await second.getByLabel('Your answer').fill('I could see you on Thursday.');
  await first.getByLabel('How it stands').selectOption('done');
  await first.getByLabel('Your answer').fill('We have just spoken.');
  await first.getByRole('button', { name: 'Save the answer' }).click();
  await first.getByText('Your answer is saved.').waitFor();
  // It stays where it was answered, in sight, and the focus is on what became of it.
  await first.getByText('We have just spoken.').waitFor();
  expect(await first.evaluate(() => document.activeElement?.textContent)).toBe('Your answer is saved.');

  await second.getByRole('button', { name: 'Save the answer' }).click();
  await second.getByRole('button', { name: 'Show how it stands now' }).click();
  await second.getByText('We have just spoken.').waitFor();
  await second.getByText('This was settled while you were writing').waitFor();
  await second.getByText('I could see you on Thursday.').waitFor();
  await second.getByRole('button', { name: 'Throw away what I typed' }).click();
  await second.getByText('I could see you on Thursday.').waitFor({ state: 'hidden' });
  const stored = await SupportRequestModel.findOne({ personId: student.personId }).lean();
  expect(stored?.state).toBe('done');
});

it('says in its place that a flag was settled while its page was open', async () => {
  const student = await course.add('student', 'Quiet Student');
  const flagId = await course.flag(student.personId);
  const page = await openAs(grace, `/students/${student.personId}`);
  await page.getByLabel('Set to').selectOption('acting');
  const now = Date.now();
  await FlagModel.updateOne(
    { _id: flagId },
    {
      $set: { state: 'resolved' },
      $inc: { rev: 1 },
      $push: { history: { at: now, by: 'data', from: 'open', to: 'resolved', reason: 'engaging-again' } },
    },
  );
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByText('New data settled this flag while your page was open.').waitFor();
  await page.getByRole('button', { name: 'Show how it stands now' }).click();
  await page.getByRole('article').getByText('Settled', { exact: true }).waitFor();
});

it('keeps the page and what is being typed while the connection is gone', async () => {
  const student = await ask();
  await course.flag(student.personId);
  const page = await openAs(grace, `/students/${student.personId}`);
  await page.getByLabel('How it stands').selectOption('seen');
  await page.getByLabel('Your answer').fill('Shall we talk on Monday?');
  await page.route('**/api/**', (route) => route.abort());
  await page.getByRole('button', { name: 'Save the answer' }).click();
  await page.getByText('Waymark could not be reached').first().waitFor();
  // It comes back for long enough to store something else, and not for reading the page again.
  await page.unroute('**/api/**');
  await page.route('**/api/**', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()));
  await page.getByLabel('Set to').selectOption('acting');
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByText('This could not be loaded').waitFor();
  expect(await page.getByLabel('Your answer').inputValue()).toBe('Shall we talk on Monday?');
  await page.unroute('**/api/**');
  await page.getByRole('button', { name: 'Save the answer' }).click();
  await page.getByText('Your answer is saved.').waitFor();
});

it('tells a teaching assistant calmly that the list is for tutors', async () => {
  const assistant = await course.add('assistant', 'Alan Turing');
  const page = await openAs(assistant, '/');
  await page.getByRole('heading', { name: 'The support list is for the tutors of this module' }).waitFor();
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
});

it('shows whoever corrects an entry second what the first one wrote, and keeps every wording', async () => {
  const student = await course.add('student', 'Corrected Student');
  const { personId } = student;
  await request(started.app)
    .post('/api/actions')
    .set(grace.auth)
    .send({
      personIds: [personId],
      category: 'supportive',
      channel: 'phone',
      initiator: 'staff',
      outcome: 'spoke',
      at: Date.now() - 1000,
      steps: 'Read chapter 1.',
    })
    .expect(201);
  const [first, second] = [await openAs(grace, `/students/${personId}`), await openAs(ada, `/students/${personId}`)];
  for (const page of [first, second]) await page.getByRole('button', { name: 'Correct' }).click();
  await first.getByLabel('Agreed steps').fill('Read chapter 2.');
  await second.getByLabel('Agreed steps').fill('Read chapter 3.');
  await first.getByRole('button', { name: 'Save correction' }).click();
  await first.getByText('Read chapter 2.').waitFor();
  await second.getByRole('button', { name: 'Save correction' }).click();
  await second.getByText('A colleague saved first').waitFor();
  await second.getByText('Read chapter 2.').waitFor();
  expect(await second.getByLabel('Agreed steps').inputValue()).toBe('Read chapter 3.');
  await second.getByRole('button', { name: 'Save mine as a further correction' }).click();
  await second.getByRole('button', { name: 'Save correction' }).click();
  await second.getByText('Earlier wording (2)').click();
  for (const wording of ['Read chapter 1.', 'Read chapter 2.', 'Read chapter 3.']) {
    await second.getByText(wording, { exact: true }).waitFor();
  }
});

it('keeps the rules that the second of two tutors chose, beside those that the first one saved', async () => {
  const [first, second] = [await openAs(grace, '/rules'), await openAs(ada, '/rules')];
  await first.getByLabel(/^Threshold \(days\)/).fill('20');
  await second.getByLabel(/^Threshold \(days\)/).fill('25');
  await first.getByRole('button', { name: 'Save these rules' }).click();
  await first.getByText('Saved as version 2.').waitFor();
  await second.getByRole('button', { name: 'Save these rules' }).click();
  await second.getByText('A colleague saved first').waitFor();
  await second.getByText('Days since last seen: 20 days or more').waitFor();
  expect(await second.getByLabel(/^Threshold \(days\)/).inputValue()).toBe('25');
  await second.getByRole('button', { name: 'Save mine as a further correction' }).click();
  await second.getByRole('button', { name: 'Save these rules' }).click();
  await second.getByText('Saved as version 3.').waitFor();
  await second.getByText(/^Version 2, /).waitFor();
});
