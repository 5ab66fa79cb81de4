import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FreshnessModel } from '../../server/database/models/freshness.ts';
import { StudentRecordModel } from '../../server/database/models/student-record.ts';
import { createDashboardRouter } from '../../server/features/dashboard/router.ts';
import { createReflectionsRouter } from '../../server/features/reflections/router.ts';
import { createRightsRouter } from '../../server/features/rights/router.ts';
import { recomputeCourse } from '../../server/refresh/recompute-course.ts';
import { createTutorRouters } from '../../server/tutor-routers.ts';
import { openBrowser, serve, watchProblems } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { makeCourse, startApp, type StaffedCourse, type TestPerson } from '../support/staffed-course.ts';

/** What a student asks, shares, objects to and chooses, followed to the tutor's page and back. */

const { uri } = useDatabase();
let started: Awaited<ReturnType<typeof startApp>>;
let server: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let course: StaffedCourse;
let tutor: TestPerson;
const problems: string[][] = [];

beforeAll(async () => {
  started = await startApp(
    uri,
    (deps) => [
      ...createTutorRouters(deps),
      createDashboardRouter(deps),
      createReflectionsRouter(deps),
      createRightsRouter(deps),
    ],
    { clientDir: 'dist/client' },
  );
  server = await serve(started.app);
  course = await makeCourse(started.deps);
  tutor = await course.add('tutor', 'Grace Hopper');
  await FreshnessModel.create({
    courseId: course.courseId,
    source: 'moodle',
    speaksOf: ['presence', 'submissions'],
    triedAt: started.clock.now,
    okAt: started.clock.now,
  });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await started.close();
  expect(problems.flat()).toEqual([]);
});

async function openAs(person: TestPerson, path: string, width = 360): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, locale: 'en-GB' });
  problems.push(watchProblems(page));
  await page.clock.setFixedTime(started.clock.now);
  await page.goto(`${server.url}/app/#code=${await person.launch()}`);
  await page.locator('main h1').waitFor();
  await page.evaluate((hash) => (location.hash = hash), path);
  return page;
}

async function addStudent(name: string): Promise<TestPerson> {
  const student = await course.add('student', name);
  await StudentRecordModel.create({
    courseId: course.courseId,
    personId: student.personId,
    submissions: [],
    pauses: [],
    corrections: [],
  });
  await compute();
  return student;
}

function compute(): Promise<unknown> {
  const { deps } = started;
  return recomputeCourse(course.courseId, {
    now: deps.now,
    log: deps.log,
    defaultRuleset: { version: 1, rules: deps.pack.rules },
  });
}

it('a request reaches the tutor as the student’s own, and its answer comes back', async () => {
  const student = await addStudent('Ada Asking');
  const asking = await openAs(student, '/support');
  await asking.getByLabel('With whom?').selectOption({ label: 'Grace Hopper' });
  await asking.getByLabel('How would you like to talk?').selectOption({ label: 'Meeting in person' });
  await asking.getByLabel(/^When suits you/).fill('Thursday after two');
  await asking.getByLabel(/^What about/).fill('I lost the thread after week four.');
  await asking.getByRole('button', { name: 'Send my request' }).click();
  await asking.getByText('Sent; nobody has read it yet').waitFor();

  const answering = await openAs(tutor, '/answers', 1280);
  await answering.getByText('I lost the thread after week four.').waitFor();
  await answering.getByText('Thursday after two').waitFor();
  await answering.getByLabel('How it stands').selectOption('done');
  await answering.getByLabel('Your answer').fill('It was good to talk. Bring the lab sheet next time.');
  await answering.getByRole('button', { name: 'Save the answer' }).click();
  await answering.getByText('Your answer is saved.').waitFor();

  const following = await openAs(student, '/support');
  const card = following.getByRole('listitem').filter({ hasText: 'I lost the thread' });
  await card.getByText('Answer from Grace Hopper:').waitFor();
  await card.getByText('It was good to talk. Bring the lab sheet next time.').waitFor();
  await card.getByRole('heading', { name: /With Grace Hopper ?Done/ }).waitFor();
  await expect.poll(() => card.getByRole('button').count()).toBe(0);
});

it('only what is shared is seen by the tutor, and no longer once it was taken back', async () => {
  const student = await addStudent('Bea Writing');
  const writing = await openAs(student, '/goals');
  await writing.getByLabel('My thoughts').fill('This stays with me.');
  await writing.getByRole('button', { name: 'Keep this entry' }).click();
  await writing.getByText('Private', { exact: true }).waitFor();
  await writing.getByLabel('My thoughts').fill('This I would like you to know.');
  await writing.getByLabel(/^Share this entry/).check();
  await writing.getByRole('button', { name: 'Keep this entry' }).click();
  await writing.getByText(/^Shared since/).waitFor();

  const reading = await openAs(tutor, `/students/${student.personId}`, 1280);
  await reading.getByText('This I would like you to know.').waitFor();
  expect(await reading.getByText('This stays with me.').count()).toBe(0);

  await writing.getByRole('button', { name: /^Stop sharing/ }).click();
  await writing.getByText(/^Shared since/).waitFor({ state: 'detached' });
  const again = await openAs(tutor, `/students/${student.personId}`, 1280);
  await again.getByRole('heading', { level: 1, name: 'Bea Writing' }).waitFor();
  expect(await again.getByText('This I would like you to know.').count()).toBe(0);
});

it('what is not right is answered, and what was accepted counts from then on', async () => {
  const student = await addStudent('Cy Objecting');
  const objecting = await openAs(student, '/');
  await objecting.getByRole('link', { name: /^Something is wrong here ?: Coursework 1/ }).click();
  await objecting.getByLabel('What is not right?').fill('I handed it in on paper.');
  await objecting.getByLabel('Which day?').fill('2026-11-10');
  await objecting.getByRole('button', { name: 'Send' }).click();
  await objecting.getByText('Sent. You can follow it').waitFor();

  const answering = await openAs(tutor, `/students/${student.personId}`, 1280);
  await answering.getByLabel('Decision').selectOption('proposed');
  await answering.getByLabel('Your answer').last().fill('Found it, thank you.');
  await answering.getByRole('button', { name: 'Save the answer' }).click();
  await answering.getByText('Your answer is saved.').waitFor();
  await compute();

  const following = await openAs(student, '/about');
  await following.getByText('Found it, thank you.').waitFor();
  await following.getByRole('heading', { name: /Coursework 1 ?Accepted/ }).waitFor();
  await following.getByRole('link', { name: 'This week', exact: true }).click();
  await following.getByRole('heading', { name: 'What is due next' }).waitFor();
  await expect.poll(() => following.getByText('Not seen yet', { exact: true }).count()).toBe(0);
});

it('whoever opts out is no longer shown to the tutor with figures, and sees that the tutor looked', async () => {
  const student = await addStudent('Dot Choosing');
  const choosing = await openAs(student, '/about');
  await choosing.getByRole('button', { name: 'Opt out of this contact' }).click();
  await choosing.getByRole('button', { name: 'Yes, opt me out' }).click();
  await choosing.getByText(/^You opted out on/).waitFor();
  const looking = await openAs(tutor, `/students/${student.personId}`, 1280);
  await looking.getByRole('heading', { level: 1, name: 'Dot Choosing' }).waitFor();
  expect(await looking.getByText('Days since last seen').count()).toBe(0);
  const seeing = await openAs(student, '/about');
  await seeing.getByText(/Grace Hopper .*opened your page/).waitFor();
});
