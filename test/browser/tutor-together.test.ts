import request from 'supertest';
import { expect, it } from 'vitest';
import { ActionModel } from '../../server/database/models/action.ts';
import { FlagModel } from '../../server/database/models/flag.ts';
import { SupportRequestModel } from '../../server/database/models/support-request.ts';
import { useDatabase } from '../support/database.ts';
import { useStaffedBrowser, type StaffedJourneys } from '../support/staffed-browser.ts';
import { dayMs } from '../support/staffed-course.ts';

/** Two people at one record, a page that is overtaken, a connection that goes: nothing that was typed is ever lost. */

const { uri } = useDatabase();
const journeys = useStaffedBrowser(uri);
const openAs: StaffedJourneys['openAs'] = (...given) => journeys.openAs(...given);

it('keeps the answer of whoever comes second, and shows the first one beside it', async () => {
  const student = await journeys.ask();
  const [first, second] = [await openAs(journeys.grace, '/answers'), await openAs(journeys.ada, '/answers')];
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
  const student = await journeys.course.add('student', 'Quiet Student');
  const flagId = await journeys.course.flag(student.personId);
  const page = await openAs(journeys.grace, `/students/${student.personId}`);
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
  const student = await journeys.ask();
  await journeys.course.flag(student.personId);
  const page = await openAs(journeys.grace, `/students/${student.personId}`);
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

it('shows what waits today by name, hands it to a colleague, and says so to both', async () => {
  const student = await journeys.course.add('student', 'Followed Student');
  await ActionModel.create({
    courseId: journeys.course.courseId,
    personId: student.personId,
    byId: journeys.grace.personId,
    category: 'supportive',
    channel: 'phone',
    initiator: 'staff',
    outcome: 'spoke',
    at: new Date(Date.now() - 9 * dayMs),
    recordedAt: new Date(Date.now() - 9 * dayMs),
    followUp: {
      dueAt: new Date(Date.now() - 2 * dayMs),
      ownerId: journeys.grace.personId,
      isPending: true,
      handedOver: [],
    },
  });
  const [first, second] = [await openAs(journeys.grace, '/'), await openAs(journeys.ada, '/')];
  const dayOf = (page: typeof first) => page.getByRole('region', { name: 'Your day' });
  await dayOf(first).getByText('Followed Student (2 days ago)').waitFor();
  await dayOf(second).getByText('Nothing is due from you today.').waitFor();
  await dayOf(first).getByRole('link', { name: 'Follow up today' }).click();
  await first.getByRole('heading', { name: 'Due from you' }).waitFor();
  await first.getByText('Hand over or move').click();
  await first.getByLabel('Hand to').selectOption({ label: 'Ada Lovelace' });
  await first.getByRole('button', { name: 'Hand over', exact: true }).click();
  await first.getByText('Changed. This is how it stands now.').waitFor();
  expect(await first.getByLabel('Hand to').isVisible()).toBe(false);
  // It stays where it was handed over, in sight, with whose it is now.
  await first.getByText('Grace Hopper → Ada Lovelace').waitFor();

  // The other page was open all the while: what is on it is read anew when one comes back to it.
  await second.getByRole('link', { name: /^Questions/ }).click();
  await second.getByRole('link', { name: 'Support list' }).click();
  await dayOf(second).getByRole('link', { name: 'Followed Student' }).waitFor();
});

it('tells a teaching assistant calmly that the list is for tutors', async () => {
  const assistant = await journeys.course.add('assistant', 'Alan Turing');
  const page = await openAs(assistant, '/');
  await page.getByRole('heading', { name: 'The support list is for the tutors of this module' }).waitFor();
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
});

it('shows whoever corrects an entry second what the first one wrote, and keeps every wording', async () => {
  const student = await journeys.course.add('student', 'Corrected Student');
  const { personId } = student;
  await request(journeys.started.app)
    .post('/api/actions')
    .set(journeys.grace.auth)
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
  const [first, second] = [
    await openAs(journeys.grace, `/students/${personId}`),
    await openAs(journeys.ada, `/students/${personId}`),
  ];
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
  const [first, second] = [await openAs(journeys.grace, '/rules'), await openAs(journeys.ada, '/rules')];
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
