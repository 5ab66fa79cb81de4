import { isDatabaseAway } from '../database/away.ts';
import { LaunchRefused } from './refusals.ts';

/** How long somebody who waits for a page waits for the database: a changeover between servers is shorter, patience is not. */
const patienceMs = 2_000;

/** Waits for work on the database, so long and no longer. Throws LaunchRefused `database-away` where it does not answer. */
export async function withinPatience<Result>(work: Promise<Result>, ms = patienceMs): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LaunchRefused('database-away')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw isDatabaseAway(error) ? new LaunchRefused('database-away', undefined, { cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}
