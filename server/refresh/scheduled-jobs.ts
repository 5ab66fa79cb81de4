import { createHash } from 'node:crypto';
import type { Agenda } from 'agenda';
import mongoose from 'mongoose';

/** Where Agenda keeps its jobs. */
export const jobsCollection = 'jobs';

/**
 * Puts a job on Agenda's list, to be done at once and then at every interval, unless it is there; how it stands (when it is
 * due next, which process is at it) is left alone. Agenda's own `every` can be trusted with neither: of two processes that
 * start together both may insert the job, and it takes from a process that is at work the lock that keeps others away.
 *
 * `interval`: in words, as Agenda reads them ("24 hours").
 */
export async function scheduleEvery(agenda: Agenda, interval: string, name: string): Promise<void> {
  const jobs = mongoose.connection.collection(jobsCollection);
  const _id = idOf(name);
  const { repeatInterval, ...rest } = agenda.create(name).repeatEvery(interval).toJson();
  try {
    await jobs.updateOne(
      { _id },
      { $set: { repeatInterval }, $setOnInsert: { ...rest, type: 'single', repeatTimezone: null, lockedAt: null } },
      { upsert: true },
    );
  } catch (error) {
    // Another process was quicker by a moment.
    if (!(error instanceof Error && 'code' in error && error.code === 11000)) throw error;
  }
  // What `every` had inserted, where data is of an earlier version.
  await jobs.deleteMany({ name, _id: { $ne: _id } });
}

/** The same in every process: the database takes an id only once. */
function idOf(name: string): mongoose.Types.ObjectId {
  return new mongoose.Types.ObjectId(createHash('sha256').update(name).digest().subarray(0, 12));
}
