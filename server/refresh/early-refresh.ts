import type { RefreshDeps } from './deps.ts';
import { askForRefresh, refreshDueCourses } from './jobs.ts';

export interface EarlyRefresh {
  /** Begins to read a platform's running courses, and answers with how many. */
  readCoursesSoon(platformId: string): Promise<number>;
  /** Resolves when what was begun has ended. */
  settled(): Promise<unknown>;
}

/**
 * Reads courses before their hour is up. That they are to be read is kept in the database, so that the next turn of any
 * process takes up what this one could not finish; one sweep at a time, so that many requests put no more load on a platform.
 */
export function createEarlyRefresh(deps: RefreshDeps, refreshMinutes: number): EarlyRefresh {
  let sweeps: Promise<unknown> = Promise.resolve();
  let isOneWaiting = false;
  async function sweep() {
    isOneWaiting = false;
    try {
      await refreshDueCourses(deps, refreshMinutes);
    } catch (error) {
      deps.log.error({ error: error instanceof Error ? error.name : typeof error }, 'courses could not be read early');
    }
  }
  return {
    async readCoursesSoon(platformId) {
      const count = await askForRefresh(platformId, deps.now());
      if (count > 0 && !isOneWaiting) {
        isOneWaiting = true;
        sweeps = sweeps.then(sweep);
      }
      return count;
    },
    settled: () => sweeps,
  };
}
