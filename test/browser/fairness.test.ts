import { afterAll, beforeAll, expect, it } from 'vitest';
import { EnrolmentModel } from '../../server/database/models/enrolment.ts';
import { expectAccessible } from '../support/accessible.ts';
import { watchProblems } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { startStaffedBrowser, type StaffedBrowser } from '../support/staffed-browser.ts';
import { makeCourse, type StaffedCourse } from '../support/staffed-course.ts';

const { uri } = useDatabase();
let started: StaffedBrowser;
let course: StaffedCourse;

beforeAll(async () => {
  started = await startStaffedBrowser(uri);
  course = started.course;
  for (let index = 0; index < 60; index++) {
    const isLate = index >= 40;
    const { personId } = await course.add('student', `Hidden ${index}`);
    const joinedAt = new Date(isLate ? '2026-10-28T09:00:00Z' : '2026-09-20T09:00:00Z');
    await EnrolmentModel.updateOne({ courseId: course.courseId, personId }, { joinedAt });
    if (isLate || index < 12) await course.flag(personId, { openedDaysAgo: 3 });
  }
});
afterAll(() => started.close());

it.each([
  ['tutor', 1280, 'This module'],
  ['tutor', 320, 'This module'],
  ['lead', 1280, 'The one module here'],
] as const)(
  'shows a %s at %d pixels whether the list is fair, in words and without names',
  async (role, width, title) => {
    const person = await course.add(role, 'Grace Hopper');
    const page = await started.browser.newPage({ viewport: { width, height: 800 } });
    const problems = watchProblems(page);
    await page.goto(`${started.server.url}/app/#code=${await person.launch()}`);
    // On a phone the pages are behind one button.
    if (width < 768) await page.locator('summary', { hasText: 'Pages' }).click();
    await page.getByRole('link', { name: 'Fairness' }).click();
    await page.getByRole('heading', { name: title }).waitFor();
    expect(await page.getByRole('table', { name: /when they joined/ }).innerText()).toMatch(
      /In week 4 or later\s+20\s+100% \(84% to 100%\)[^]*Differs more than chance would explain/,
    );
    expect(await page.locator('body').innerText()).not.toContain('Hidden');
    await expectAccessible(page);
    expect(problems).toEqual([]);
    await page.close();
  },
);

it.each([
  [2, 'Both modules you teach'],
  [3, 'All 3 modules you teach'],
])('speaks of %d modules as a person would', async (count, title) => {
  const tutor = await course.add('tutor', 'Ada Lovelace');
  for (let further = 1; further < count; further++) {
    const other = await makeCourse(started.deps, { platformId: course.platformId });
    await EnrolmentModel.create({
      courseId: other.courseId,
      personId: tutor.personId,
      role: 'tutor',
      roleFrom: 'roster',
      name: tutor.name,
      sortName: tutor.name,
    });
  }
  for (const path of ['/fairness', '/what-helped']) {
    const page = await started.openAs(tutor, path);
    await page.getByRole('heading', { level: 2, name: title, exact: true }).waitFor();
    await page.close();
  }
});
