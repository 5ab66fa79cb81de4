import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openDatabase } from '../server/database/open-database.ts';
import { createTutorRouters } from '../server/tutor-routers.ts';
import { openBrowser, serve } from '../test/support/browser.ts';
import { startApp } from '../test/support/staffed-course.ts';
import type { Bench, Figure } from './figure.ts';
import { makeFlaggedCourse } from './flagged-course.ts';
import { percentile } from './steady.ts';

const students = 2000;
const frameMs = 1000 / 60;
const rounds = 12;

/** Kept on the page while it is measured. */
interface Watched {
  answers: number[];
}

/**
 * From each change of a filter to the page laid out anew, in milliseconds: what stands between the reader's key and the next
 * frame, whenever the screen shows it.
 */
function watchAnswers(): void {
  const watched: Watched = { answers: [] };
  (window as unknown as { watched: Watched }).watched = watched;
  let isWaiting = false;
  // A change fires two events, and the page answers within them: the message comes after both.
  const onChange = () => {
    if (isWaiting) return;
    isWaiting = true;
    const startedAt = performance.now();
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      void document.body.offsetHeight;
      watched.answers.push(performance.now() - startedAt);
      isWaiting = false;
    };
    channel.port2.postMessage(null);
  };
  for (const kind of ['input', 'change']) document.addEventListener(kind, onChange, true);
}

async function takeAnswers(page: Page): Promise<number[]> {
  await page.waitForTimeout(300);
  return page.evaluate(() => {
    const { watched } = window as unknown as { watched: Watched };
    return watched.answers.splice(0);
  });
}

/** Times between frames while the whole list is scrolled through, in milliseconds. */
async function scrollThrough(page: Page): Promise<number[]> {
  return page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const frames: number[] = [];
        let last = performance.now();
        const step = (at: number) => {
          frames.push(at - last);
          last = at;
          const before = scrollY;
          scrollBy(0, 900);
          if (scrollY === before || frames.length > 400) resolve(frames.slice(2));
          else requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
  );
}

/** The list of 2,000 in Chromium: how long a filter takes, and whether scrolling keeps up. Wants a built client. */
export const flagListPageBench: Bench = {
  name: 'flag-list-page',
  async run() {
    if (!existsSync('dist/client/index.html')) throw new Error('Build the client first: npx vite build');
    const dataDir = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
    const embedded = await openDatabase({ dataDir });
    const { app, deps, clock, close } = await startApp(embedded.uri, createTutorRouters, { clientDir: 'dist/client' });
    clock.now = new Date();
    const server = await serve(app);
    const browser = await openBrowser();
    try {
      const course = await makeFlaggedCourse(deps, students, 1);
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      // The compiler names functions by a helper that a page does not have.
      await page.addInitScript('globalThis.__name = (named) => named');
      const openedAt = performance.now();
      await page.goto(`${server.url}/app/#code=${await course.tutor.launch()}`);
      await page.getByText(`${students.toLocaleString('en-GB')} students`).waitFor();
      const opening = performance.now() - openedAt;
      await page.evaluate(watchAnswers);

      const choices: number[] = [];
      for (let round = 0; round < rounds; round++) {
        await page.getByLabel('Group').selectOption({ index: 1 + round });
        await page.waitForTimeout(60);
        await page.getByLabel('Group').selectOption({ index: 0 });
        choices.push(...(await takeAnswers(page)));
      }
      const letters: number[] = [];
      for (let round = 0; round < rounds; round++) {
        await page.getByLabel('Search by name').fill('Student');
        await takeAnswers(page);
        await page.getByLabel('Search by name').pressSequentially(` ${round}`, { delay: 60 });
        letters.push(...(await takeAnswers(page)));
      }
      await page.getByLabel('Search by name').fill('');
      await page.waitForTimeout(300);
      const frames = await scrollThrough(page);
      const row = (figure: string, value: number, floor: number | null) => ({
        figure: `list of ${students} in Chromium: ${figure}`,
        value,
        unit: 'ms',
        floor,
        ratio: null,
      });
      const figures: Figure[] = [
        row('a drop-down, p50', percentile(choices, 0.5), frameMs),
        row('a drop-down, p95', percentile(choices, 0.95), frameMs),
        row('a letter of the search, p50', percentile(letters, 0.5), frameMs),
        row('a letter of the search, p95', percentile(letters, 0.95), frameMs),
        row('between frames while scrolling, p95', percentile(frames, 0.95), 2 * frameMs),
        row('from launch to the list', opening, null),
      ];
      return figures;
    } finally {
      await browser.close();
      await server.close();
      await close();
      await embedded.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};
