import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { CourseModel } from '../../server/database/models/course.ts';
import { FreshnessModel } from '../../server/database/models/freshness.ts';
import { ReflectionModel } from '../../server/database/models/reflection.ts';
import { requestSeal, SupportRequestModel } from '../../server/database/models/support-request.ts';
import { expectAccessible } from '../support/accessible.ts';
import { usualDays, useStudentBrowser } from '../support/student-browser.ts';
import { makeLivedCourse, noonOf } from '../support/student-course.ts';

/** Goal, plan, week, looking back, and on to the next; and weeks that are not like the others. */

const its = useStudentBrowser();
beforeEach(() => its.openWindow());

const card = (name: string) => its.page.getByRole('region', { name, exact: true });

describe('a goal', () => {
  it('is said in words, shows how far it has come, and leads on to a line in the journal once it was looked back on', async () => {
    await its.launch(await its.addStudent('Ada Student', { days: usualDays }));
    await card('My goal this week').getByRole('link', { name: 'Set a goal' }).click();
    await its.page.getByLabel('Do something for this module on some days').check();
    await its.page.getByText(/^Your usual week has \d.* active days?\.$/).waitFor();
    await its.page.getByLabel('On how many days?').fill('2');
    await its.page.getByLabel(/^My plan/).fill('Tuesday, in the library');
    await its.page.getByRole('button', { name: 'Keep this goal' }).click();
    const goal = card('My goal for this week');
    await goal.getByText('Do something for this module on 2 days', { exact: true }).first().waitFor();
    await goal.getByText('1 of 2 so far').waitFor();
    await goal.getByText('Tuesday, in the library').waitFor();
    await goal.getByRole('button', { name: 'Partly' }).click();
    await goal.getByRole('status').filter({ hasText: 'A part counts too.' }).waitFor();
    expect(await goal.getByRole('button', { name: 'Partly' }).getAttribute('aria-pressed')).toBe('true');
    await expectAccessible(its.page, 'a goal that was looked back on');
    await its.page.getByRole('link', { name: 'This week', exact: true }).click();
    await card('My goal this week').getByText('A part counts too.').waitFor();
    await card('My goal this week').getByRole('link', { name: 'Write a few lines' }).click();
    await expect
      .poll(() => its.page.getByLabel('My thoughts').evaluate((field) => field === document.activeElement))
      .toBe(true);
  });

  it('of the last week is asked about in one press, and what was said stays in sight', async () => {
    const student = await its.addStudent('Bea Student', { days: usualDays });
    const now = its.waymark.clock.now;
    its.waymark.clock.now = new Date(now.getTime() - 7 * 86_400_000);
    const { week } = (await (await its.api(student, 'GET', '/api/journal')).json()) as { week: string };
    await its.api(student, 'PUT', '/api/journal/goal', {
      week,
      kind: 'own-words',
      text: 'Explain loops to Sam',
      rev: 0,
    });
    its.waymark.clock.now = now;
    await its.launch(student);
    const goal = card('My goal this week');
    await goal.getByText('Your last goal: Explain loops to Sam').waitFor();
    await goal.getByRole('button', { name: 'Another time' }).click();
    await goal.getByText(/^That happens\./).waitFor();
    await goal.getByRole('link', { name: 'Set a goal' }).click();
    await its.page.getByRole('heading', { name: 'Earlier goals' }).waitFor();
    await its.page.getByText('Another time', { exact: true }).first().waitFor();
    await its.page.getByText(/^Look back on it or change it/).click();
    expect(await its.page.getByRole('button', { name: 'Another time' }).getAttribute('aria-pressed')).toBe('true');
  });

  it('can begin with an idea, which no idea writes over', async () => {
    await its.launch(await its.addStudent('Cy Student', { days: usualDays.slice(5) }));
    await its.page
      .getByRole('link', { name: /^Make this my goal/ })
      .first()
      .click();
    const words = its.page.getByLabel('My goal', { exact: true });
    await expect.poll(() => words.inputValue()).toMatch(/\w+ \w+/);
    await words.fill('Half an hour on Friday');
    await its.page.getByRole('button', { name: 'Keep this goal' }).click();
    await its.page.getByRole('button', { name: /^Change this goal ?: Half an hour on Friday/ }).waitFor();
    await its.page.getByRole('link', { name: 'This week', exact: true }).click();
    await its.page.getByText('You might try').waitFor();
    await expect.poll(() => its.page.getByRole('link', { name: /^Make this my goal/ }).count()).toBe(0);
  });
});

describe('asking for a conversation', () => {
  const asks = () => its.page.locator('main').getByRole('link', { name: 'Ask for a conversation' });

  it('has one place on the page, and none while a request is on its way', async () => {
    const student = await its.addStudent('Ann Student', {
      days: [33, 38, 40, 44, 45, 47, 50, 52],
      handedIn: ['cw1'],
    });
    await its.launch(student);
    await its.page.getByRole('heading', { name: 'Somebody may get in touch' }).waitFor();
    expect(await asks().count()).toBe(1);
    await asks().click();
    await its.page.getByLabel('How would you like to talk?').selectOption({ label: 'Meeting in person' });
    await its.page.getByRole('button', { name: 'Send my request' }).click();
    await its.page.getByText('Sent; nobody has read it yet').waitFor();
    await its.page.getByRole('link', { name: 'This week', exact: true }).click();
    await card('What you asked').getByText('Nobody has read it yet.').waitFor();
    expect(await asks().count()).toBe(0);
  });

  it('is answered where the student looks first, with a date that their calendar takes', async () => {
    const student = await its.addStudent('Abe Student', { days: usualDays });
    const asked = await its.api(student, 'POST', '/api/rights/support', { channel: 'meeting' });
    const { id } = (await asked.json()) as { id: string };
    const { vault } = its.waymark.deps;
    const tutor = await its.course.add('tutor', 'Tom Tutor');
    const answered = {
      state: 'arranged',
      sealedReply: vault.seal('Gladly. Bring what you have.', requestSeal(id, 'reply')),
      answeredById: tutor.personId,
      answeredAt: its.waymark.clock.now,
      meetingAt: new Date(noonOf(-1)),
    };
    await SupportRequestModel.updateOne({ _id: id }, { $set: answered });
    await its.launch(student);
    await card('What you asked').getByText('Tom Tutor will meet you on Thursday 26 November at 12:00').waitFor();
    await card('What you asked').getByText('Gladly. Bring what you have.').waitFor();
    await expectAccessible(its.page, 'an answer');
    const [file] = await Promise.all([
      its.page.waitForEvent('download'),
      its.page.getByRole('button', { name: 'Put it into my calendar' }).click(),
    ]);
    const calendar = readFileSync(await file.path(), 'utf8');
    expect(calendar).toContain('SUMMARY:Conversation with Tom Tutor\r\n');
    expect(calendar).toContain('DTSTART:20261126T120000Z\r\n');
  });
});

describe('what is due', () => {
  it('goes into the student’s own calendar, with work that is handed in left out', async () => {
    await its.launch(await its.addStudent('Amy Student', { days: usualDays }));
    const [file] = await Promise.all([
      its.page.waitForEvent('download'),
      its.page.getByRole('button', { name: 'Put the due dates into my calendar' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('due-dates.ics');
    const calendar = readFileSync(await file.path(), 'utf8');
    expect(calendar.match(/^SUMMARY:.*/gm)).toEqual(['SUMMARY:Due: Coursework 3: data and files']);
  });
});

describe('an entry that can’t be opened', () => {
  it('says so in its place, beside the others, and can still be deleted', async () => {
    const student = await its.addStudent('Ali Student', { days: usualDays });
    await its.api(student, 'POST', '/api/journal/entries', { text: 'Loops make sense', isShared: false });
    const kept = await its.api(student, 'POST', '/api/journal/entries', { text: 'Gone', isShared: false });
    const { id } = (await kept.json()) as { id: string };
    await ReflectionModel.updateOne({ _id: id }, { $set: { sealedText: 'v1.lost.AAAA.AAAA' } });
    await its.launch(student);
    await its.goTo('/goals');
    await its.page.getByText('Loops make sense', { exact: true }).waitFor();
    const entry = its.page.getByRole('listitem').filter({ hasText: 'This text can’t be opened at the moment.' });
    expect(await entry.getByRole('button').allInnerTexts()).toEqual([expect.stringContaining('Delete')]);
  });
});

describe('a student who opted out', () => {
  it('is told that staff see none of what stands out, and not that anybody may get in touch', async () => {
    const student = await its.addStudent('Dot Student', { days: [33, 38, 40, 44, 45, 47, 50, 52] });
    await its.launch(student);
    await its.page.getByText('Somebody may get in touch').waitFor();
    await its.api(student, 'PUT', '/api/rights/contact', { isOptedOut: true });
    await its.launch(student);
    await its.page.getByText('What stands out in your figures').waitFor();
    await its.page.getByText('You opted out, so staff do not see this').waitFor();
    expect(await its.page.getByText('Somebody may get in touch').count()).toBe(0);
    await its.page.getByRole('link', { name: 'About me', exact: true }).click();
    await its.page.getByText('You opted out, so staff see neither your figures nor your flags.').waitFor();
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
    const other = await makeLivedCourse(its.waymark.deps);
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
    await its.launch(await its.addStudent('Eve Student', { in: other }));
    await its.page.getByText(words).first().waitFor();
    await its.page.getByText('First quiz').first().waitFor();
    await expectAccessible(its.page, _name);
    await its.page.getByRole('link', { name: 'My weeks', exact: true }).click();
    await its.page.getByText('Nothing has been seen so far.').waitFor();
  });

  it('in a course of which nothing is known are met without a row of question marks', async () => {
    const empty = await makeLivedCourse(its.waymark.deps);
    await CourseModel.updateOne({ _id: empty.courseId }, { $set: { assessments: [], items: [] } });
    await FreshnessModel.deleteMany({ courseId: empty.courseId });
    await its.launch(await its.addStudent('Ema Student', { in: empty }));
    await its.page.getByText('There are no figures here').waitFor();
    expect(await its.page.getByText(/Not known yet|See all your work|into my calendar/).count()).toBe(0);
    await expectAccessible(its.page, 'an empty course');
  });

  it('full of work: what was due this morning is not next, and marks that would cover each other are one with a number', async () => {
    const busy = await makeLivedCourse(its.waymark.deps);
    const assessments = Array.from({ length: 9 }, (_, index) => ({
      id: `lab${index}`,
      title: `Lab ${index}`,
      kind: 'assignment' as const,
      dueAt: noonOf(8 - (index > 7 ? 8 : index)),
    }));
    await CourseModel.updateOne({ _id: busy.courseId }, { $set: { assessments } });
    await its.launch(await its.addStudent('Flo Student', { in: busy, days: usualDays }));
    await its.page.getByText('Nothing is due in the weeks ahead').waitFor();
    await its.page.getByRole('link', { name: 'See all your work' }).click();
    await its.page.locator('svg[role=img]').waitFor();
    await its.page.getByText('So far', { exact: true }).waitFor();
    expect(await its.page.locator('svg[role=img] .chart-due').count()).toBeLessThan(4);
  });
});

describe('reading settings', () => {
  it('bring the letters that they promise, and only once they are asked for', async () => {
    const asked: string[] = [];
    its.page.on('request', (request) => void asked.push(request.url()));
    await its.launch(await its.addStudent('Gil Student', { days: usualDays }));
    await its.page.getByRole('link', { name: 'Reading settings' }).click();
    expect(asked.filter((url) => url.includes('.woff'))).toEqual([]);
    await its.page.getByLabel('Easier to tell apart').check();
    await expect
      .poll(() =>
        its.page.evaluate(() =>
          [...document.fonts].some(({ family, status }) => /Atkinson/.test(family) && status === 'loaded'),
        ),
      )
      .toBe(true);
    expect(asked.filter((url) => url.includes('.woff')).every((url) => url.startsWith(its.server.url))).toBe(true);
  });
});

describe('about me', () => {
  it('takes whoever reads or listens straight to the part they came for', async () => {
    await its.launch(await its.addStudent('Hal Student', { days: usualDays }));
    await its.page.getByRole('link', { name: 'About me', exact: true }).click();
    await its.page.getByRole('link', { name: 'Complaints', exact: true }).click();
    const heading = its.page.getByRole('heading', { name: 'If you are not happy with how this was handled' });
    await expect.poll(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
  });
});

describe('a slow connection', () => {
  it('takes nothing of what is typed on while something is being saved', async () => {
    const student = await its.addStudent('Ivy Student', { days: usualDays });
    await its.launch(student);
    let letThrough: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letThrough = resolve));
    await its.page.route('**/api/journal/{goal,entries}', async (route) => {
      await gate;
      await route.continue();
    });
    await its.page.getByRole('link', { name: 'Goals', exact: true }).click();
    await its.page.getByLabel('My goal', { exact: true }).fill('Explain loops');
    await its.page.getByRole('button', { name: 'Keep this goal' }).click();
    await its.page.getByLabel('My goal', { exact: true }).fill('Explain loops to Sam');
    await its.page.getByLabel('My thoughts').fill('A first line');
    await its.page.getByRole('button', { name: 'Keep this entry' }).click();
    await its.page.getByLabel('My thoughts').fill('A first line, and a second');
    letThrough();
    await its.page.getByText('A first line', { exact: true }).waitFor();
    await its.page.getByRole('button', { name: /^Delete this goal ?: Explain loops$/ }).waitFor();
    expect(await its.page.getByLabel('My thoughts').inputValue()).toBe('A first line, and a second');
    expect(await its.page.getByLabel('My goal', { exact: true }).inputValue()).toBe('Explain loops to Sam');
    // What was typed on goes over what this window saved itself: nobody else changed it.
    await its.page.getByRole('button', { name: 'Keep this goal' }).click();
    await its.page.getByRole('button', { name: /^Change this goal ?: Explain loops to Sam/ }).waitFor();
  });
});
