import type { Express, Router } from 'express';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { SupportRequestModel } from '../../server/database/models/support-request.ts';
import type { Deps } from '../../server/deps.ts';
import { createTutorRouters } from '../../server/tutor-routers.ts';
import { openBrowser, serve } from './browser.ts';
import { makeCourse, startApp, type Clock, type StaffedCourse, type TestPerson } from './staffed-course.ts';

export interface StaffedBrowser {
  readonly app: Express;
  readonly deps: Deps;
  readonly clock: Clock;
  readonly server: { readonly url: string };
  readonly browser: Browser;
  /** Nobody is in it yet; its clock is the machine's, as a browser's is. */
  readonly course: StaffedCourse;
  /** A window of somebody's own, on the page of that path. */
  openAs(person: TestPerson, path: string, width?: number, height?: number): Promise<Page>;
  close(): Promise<void>;
}

/** What the journeys of a test file walk with. */
export interface StaffedJourneys {
  readonly started: StaffedBrowser;
  readonly course: StaffedCourse;
  /** Two tutors of the course. */
  readonly grace: TestPerson;
  readonly ada: TestPerson;
  readonly openAs: StaffedBrowser['openAs'];
  /** A new student who has asked for a conversation. */
  ask(): Promise<TestPerson>;
}

/** A course with two tutors for the journeys of a test file. Its parts are there once the first test runs. */
export function useStaffedBrowser(uri: string): StaffedJourneys {
  const journeys = {} as { -readonly [part in keyof StaffedJourneys]: StaffedJourneys[part] };
  beforeAll(async () => {
    const started = await startStaffedBrowser(uri);
    const { course } = started;
    Object.assign(journeys, {
      started,
      course,
      openAs: started.openAs.bind(started),
      grace: await course.add('tutor', 'Grace Hopper'),
      ada: await course.add('tutor', 'Ada Lovelace'),
      async ask() {
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
      },
    });
  });
  afterAll(() => journeys.started.close());
  return journeys;
}

/** A course with its staff's pages on a running server, and a browser to walk them with. */
export async function startStaffedBrowser(
  uri: string,
  createFeatures: (deps: Deps) => Router[] = createTutorRouters,
): Promise<StaffedBrowser> {
  const { app, deps, clock, close } = await startApp(uri, createFeatures, { clientDir: 'dist/client' });
  const server = await serve(app);
  clock.now = new Date();
  const course = await makeCourse(deps);
  const browser = await openBrowser();
  return {
    app,
    deps,
    clock,
    server,
    browser,
    course,
    async openAs(person, path, width = 1280, height = 800) {
      const page = await browser.newPage({ viewport: { width, height }, locale: 'en-GB' });
      await page.goto(`${server.url}/app/#code=${await person.launch()}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.evaluate((hash) => (location.hash = hash), path);
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
      await close();
    },
  };
}
