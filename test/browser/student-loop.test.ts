import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CourseModel } from '../../server/database/models/course.ts';
import { expectAccessible } from '../support/accessible.ts';
import { openBrowser, serve, watchProblems } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import {
  makeLivedCourse,
  noonOf,
  startStudentApp,
  type LivedCourse,
  type Member,
  type StudentApp,
} from '../support/student-course.ts';

/** Goal, plan, week, looking back, and on to the next; and weeks that are not like the others. */

const database = useDatabase();
let waymark: StudentApp;
let course: LivedCourse;
let server: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;
let problems: string[];

const usualDays = [1, 9, 10, 12, 16, 25, 27, 30, 31, 33, 38, 40, 44, 45, 47, 50, 52, 54, 57];

beforeAll(async () => {
  waymark = await startStudentApp(database.uri, { clientDir: 'dist/client' });
  server = await serve(waymark.app);
  browser = await openBrowser();
  course = await makeLivedCourse(waymark.deps);
  await course.add('tutor', 'Tia Tutor');
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await waymark.close();
});
beforeEach(async () => {
  page = await (await browser.newContext({ viewport: { width: 360, height: 800 } })).newPage();
  problems = watchProblems(page);
  await page.clock.setFixedTime(waymark.clock.now);
});
afterEach(async () => {
  await page.context().close();
  expect(problems).toEqual([]);
});

async function addStudent(where: LivedCourse, name: string, days: readonly number[] = []): Promise<Member> {
  const student = await where.add('student', name);
  if (days.length > 0) await where.wasActive(student.personId, days);
  await where.has(student.personId, {
    submissions: ['cw1', 'quiz1', 'cw2'].map((id) => ({ assessmentId: id, submittedAt: noonOf(41) })),
  });
  await where.compute();
  return student;
}

async function open(student: Member): Promise<void> {
  await page.goto(`${server.url}/app/?${Math.random()}#code=${await student.startsSession()}`);
  await page.locator('main h1').waitFor();
  await page.getByRole('heading', { name: 'What is due next' }).waitFor();
}

const api = (who: Member, method: string, path: string, body?: object) =>
  fetch(server.url + path, {
    method,
    headers: { ...who.auth, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });

const card = (name: string) => page.getByRole('region', { name, exact: true });

describe('a goal', () => {
  it('is said in words, shows how far it has come, and leads on to a line in the journal once it was looked back on', async () => {
    await open(await addStudent(course, 'Ada Student', usualDays));
    await card('My goal this week').getByRole('link', { name: 'Set a goal' }).click();
    await page.getByLabel('Do something for this module on some days').check();
    await page.getByText(/^Your usual week has \d.* active days?\.$/).waitFor();
    await page.getByLabel('On how many days?').fill('2');
    await page.getByLabel(/^My plan/).fill('Tuesday, in the library');
    await page.getByRole('button', { name: 'Keep this goal' }).click();
    const goal = card('My goal for this week');
    await goal.getByText('Do something for this module on 2 days', { exact: true }).first().waitFor();
    await goal.getByText('1 of 2 so far').waitFor();
    await goal.getByText('Tuesday, in the library').waitFor();
    await goal.getByRole('button', { name: 'Partly' }).click();
    await goal.getByRole('status').filter({ hasText: 'A part counts too.' }).waitFor();
    expect(await goal.getByRole('button', { name: 'Partly' }).getAttribute('aria-pressed')).toBe('true');
    await expectAccessible(page, 'a goal that was looked back on');
    await page.getByRole('link', { name: 'This week', exact: true }).click();
    await card('My goal this week').getByText('A part counts too.').waitFor();
    await card('My goal this week').getByRole('link', { name: 'Write a few lines' }).click();
    await expect
      .poll(() => page.getByLabel('My thoughts').evaluate((field) => field === document.activeElement))
      .toBe(true);
  });

  it('of the last week is asked about in one press, and what was said stays in sight', async () => {
    const student = await addStudent(course, 'Bea Student', usualDays);
    const now = waymark.clock.now;
    waymark.clock.now = new Date(now.getTime() - 7 * 86_400_000);
    const { week } = (await (await api(student, 'GET', '/api/journal')).json()) as { week: string };
    await api(student, 'PUT', '/api/journal/goal', { week, kind: 'own-words', text: 'Explain loops to Sam', rev: 0 });
    waymark.clock.now = now;
    await open(student);
    const goal = card('My goal this week');
    await goal.getByText('Your last goal: Explain loops to Sam').waitFor();
    await goal.getByRole('button', { name: 'Another time' }).click();
    await goal.getByText(/^That happens\./).waitFor();
    await goal.getByRole('link', { name: 'Set a goal' }).click();
    await page.getByRole('heading', { name: 'Earlier goals' }).waitFor();
    expect(await page.getByRole('button', { name: 'Another time' }).getAttribute('aria-pressed')).toBe('true');
  });

  it('can begin with an idea, which no idea writes over', async () => {
    await open(await addStudent(course, 'Cy Student', usualDays.slice(5)));
    await page
      .getByRole('link', { name: /^Make this my goal/ })
      .first()
      .click();
    const words = page.getByLabel('My goal', { exact: true });
    await expect.poll(() => words.inputValue()).toMatch(/\w+ \w+/);
    await words.fill('Half an hour on Friday');
    await page.getByRole('button', { name: 'Keep this goal' }).click();
    await page.getByRole('button', { name: /^Change this goal ?: Half an hour on Friday/ }).waitFor();
    await page.getByRole('link', { name: 'This week', exact: true }).click();
    await page.getByText('You might try').waitFor();
    await expect.poll(() => page.getByRole('link', { name: /^Make this my goal/ }).count()).toBe(0);
  });
});

describe('a student who opted out', () => {
  it('is told that staff see none of what stands out, and not that anybody may get in touch', async () => {
    const student = await addStudent(course, 'Dot Student', [33, 38, 40, 44, 45, 47, 50, 52]);
    await open(student);
    await page.getByText('Somebody may get in touch').waitFor();
    await api(student, 'PUT', '/api/rights/contact', { isOptedOut: true });
    await open(student);
    await page.getByText('What stands out in your figures').waitFor();
    await page.getByText('You opted out, so staff do not see this').waitFor();
    expect(await page.getByText('Somebody may get in touch').count()).toBe(0);
    await page.getByRole('link', { name: 'About me', exact: true }).click();
    await page.getByText('You opted out, so staff see neither your figures nor your flags.').waitFor();
  });
});

describe('weeks that are not like the others', () => {
  const ahead = { id: 'a1', title: 'First quiz', kind: 'quiz', dueAt: noonOf(-16) };

  it.each([
    ['the first', { calendar: { firstDay: '2026-11-23', lastDay: '2027-02-19' } }, 'The first week is for finding'],
    [
      'before it begins',
      { calendar: { firstDay: '2026-12-07', lastDay: '2027-02-19' } },
      /begins on Monday 7 December/,
    ],
    ['after its end', { calendar: { firstDay: '2026-09-21', lastDay: '2026-11-13' } }, 'welcome back'],
  ])('%s is met with words that fit', async (_name, { calendar }, words) => {
    const other = await makeLivedCourse(waymark.deps);
    await CourseModel.updateOne(
      { _id: other.courseId },
      {
        $set: {
          'calendar.firstDay': calendar.firstDay,
          'calendar.lastDay': calendar.lastDay,
          'calendar.vacations': [],
          assessments: [ahead],
        },
      },
    );
    await open(await addStudent(other, 'Eve Student'));
    await page.getByText(words).first().waitFor();
    await page.getByText('First quiz').first().waitFor();
    await expectAccessible(page, _name);
    await page.getByRole('link', { name: 'My weeks', exact: true }).click();
    await page.getByText('Nothing has been seen so far.').waitFor();
  });

  it('full of work: what was due this morning is not next, and marks that would cover each other are one with a number', async () => {
    const busy = await makeLivedCourse(waymark.deps);
    const assessments = Array.from({ length: 9 }, (_, index) => ({
      id: `lab${index}`,
      title: `Lab ${index}`,
      kind: 'assignment' as const,
      dueAt: noonOf(8 - (index > 7 ? 8 : index)),
    }));
    await CourseModel.updateOne({ _id: busy.courseId }, { $set: { assessments } });
    await open(await addStudent(busy, 'Flo Student', usualDays));
    await page.getByText('Nothing is due in the weeks ahead').waitFor();
    await page.getByRole('link', { name: 'See all your work' }).click();
    await page.locator('svg[role=img]').waitFor();
    await page.getByText('So far', { exact: true }).waitFor();
    expect(await page.locator('svg[role=img] .chart-due').count()).toBeLessThan(4);
  });
});

describe('reading settings', () => {
  it('bring the letters that they promise, and only once they are asked for', async () => {
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(request.url()));
    await open(await addStudent(course, 'Gil Student', usualDays));
    await page.getByRole('link', { name: 'Reading settings' }).click();
    expect(asked.filter((url) => url.includes('.woff'))).toEqual([]);
    await page.getByLabel('Easier to tell apart').check();
    await expect
      .poll(() =>
        page.evaluate(() =>
          [...document.fonts].some(({ family, status }) => /Atkinson/.test(family) && status === 'loaded'),
        ),
      )
      .toBe(true);
    expect(asked.filter((url) => url.includes('.woff')).every((url) => url.startsWith(server.url))).toBe(true);
  });
});

describe('about me', () => {
  it('takes whoever reads or listens straight to the part they came for', async () => {
    await open(await addStudent(course, 'Hal Student', usualDays));
    await page.getByRole('link', { name: 'About me', exact: true }).click();
    await page.getByRole('link', { name: 'Complaints', exact: true }).click();
    const heading = page.getByRole('heading', { name: 'If you are not happy with how this was handled' });
    await expect.poll(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
  });
});

describe('a slow connection', () => {
  it('takes nothing of what is typed on while something is being saved', async () => {
    const student = await addStudent(course, 'Ivy Student', usualDays);
    await open(student);
    let letThrough: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letThrough = resolve));
    await page.route('**/api/journal/{goal,entries}', async (route) => {
      await gate;
      await route.continue();
    });
    await page.getByRole('link', { name: 'Goals', exact: true }).click();
    await page.getByLabel('My goal', { exact: true }).fill('Explain loops');
    await page.getByRole('button', { name: 'Keep this goal' }).click();
    await page.getByLabel('My goal', { exact: true }).fill('Explain loops to Sam');
    await page.getByLabel('My thoughts').fill('A first line');
    await page.getByRole('button', { name: 'Keep this entry' }).click();
    await page.getByLabel('My thoughts').fill('A first line, and a second');
    letThrough();
    await page.getByText('A first line', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Delete this goal ?: Explain loops$/ }).waitFor();
    expect(await page.getByLabel('My thoughts').inputValue()).toBe('A first line, and a second');
    expect(await page.getByLabel('My goal', { exact: true }).inputValue()).toBe('Explain loops to Sam');
    // What was typed on goes over what this window saved itself: nobody else changed it.
    await page.getByRole('button', { name: 'Keep this goal' }).click();
    await page.getByRole('button', { name: /^Change this goal ?: Explain loops to Sam/ }).waitFor();
  });
});
