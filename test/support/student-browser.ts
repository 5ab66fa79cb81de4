import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { openBrowser, serve, watchProblems } from './browser.ts';
import { useDatabase } from './database.ts';
import {
  makeLivedCourse,
  noonOf,
  startStudentApp,
  type LivedCourse,
  type Member,
  type StudentApp,
} from './student-course.ts';

/** Days before today on which a student with three active days in most weeks was seen. */
export const usualDays = [1, 9, 10, 12, 16, 25, 27, 30, 31, 33, 38, 40, 44, 45, 47, 50, 52, 54, 57] as const;

export interface StudentBrowser {
  waymark: StudentApp;
  server: { readonly url: string };
  browser: Browser;
  /** Tia Tutor teaches it, and nobody else is in it yet. */
  course: LivedCourse;
  /** The window of the test that runs; it is closed after it, and the test fails where the page complained. */
  page: Page;
  /** A student of a course, with the days and the work that were seen of them. */
  addStudent(
    name: string,
    options?: { in?: LivedCourse; days?: readonly number[]; handedIn?: readonly string[] },
  ): Promise<Member>;
  /** A fresh window, on an empty page; its clock is the course's. */
  openWindow(options?: BrowserContextOptions): Promise<Page>;
  /** Launches as a student in the window, and waits for their week. */
  launch(student: Member): Promise<void>;
  /** Goes to a page by its path, as a link does. */
  goTo(path: string): Promise<void>;
  /** Asks the API as somebody, past the pages. */
  api(who: Member, method: string, path: string, body?: object): Promise<Response>;
}

/** A course with the student's pages on a running server, and a browser to walk them with. Call it once in a test file. */
export function useStudentBrowser(): StudentBrowser {
  const database = useDatabase();
  let served: Awaited<ReturnType<typeof serve>>;
  let problems: string[] = [];
  const its = {
    async addStudent(name, { in: course = its.course, days = [], handedIn = ['cw1', 'quiz1', 'cw2'] } = {}) {
      const student = await course.add('student', name);
      if (days.length > 0) await course.wasActive(student.personId, days);
      await course.has(student.personId, {
        submissions: handedIn.map((assessmentId) => ({ assessmentId, submittedAt: noonOf(41) })),
      });
      await course.compute();
      return student;
    },
    async openWindow(options = {}) {
      const context = await its.browser.newContext({ viewport: { width: 360, height: 800 }, ...options });
      its.page = await context.newPage();
      problems = watchProblems(its.page);
      await its.page.clock.setFixedTime(its.waymark.clock.now);
      return its.page;
    },
    async launch(student) {
      // Another address each time, so that the page is loaded anew.
      await its.page.goto(`${served.url}/app/?${Math.random()}#code=${await student.startsSession()}`);
      await its.page.getByRole('heading', { name: 'What is due next' }).waitFor();
    },
    async goTo(path) {
      await its.page.evaluate((hash) => void (location.hash = hash), path);
      await its.page.waitForLoadState('networkidle');
      await its.page.locator('main h1').waitFor();
      if (path === '/weeks') await its.page.locator('svg[role=img]').waitFor();
    },
    api: (who, method, path, body) =>
      fetch(served.url + path, {
        method,
        headers: { ...who.auth, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      }),
  } as Pick<StudentBrowser, 'addStudent' | 'openWindow' | 'launch' | 'goTo' | 'api'> as StudentBrowser;
  beforeAll(async () => {
    its.waymark = await startStudentApp(database.uri, { clientDir: 'dist/client' });
    its.server = served = await serve(its.waymark.app);
    its.browser = await openBrowser();
    its.course = await makeLivedCourse(its.waymark.deps);
    await its.course.add('tutor', 'Tia Tutor');
  });
  afterEach(async () => {
    await its.page.context().close();
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    await its.browser.close();
    await served.close();
    await its.waymark.close();
  });
  return its;
}
