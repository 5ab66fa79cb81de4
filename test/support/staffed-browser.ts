import type { Express, Router } from 'express';
import type { Browser, Page } from 'playwright-core';
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
