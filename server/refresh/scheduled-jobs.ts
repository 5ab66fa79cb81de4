import { createHash } from 'node:crypto';
import type { Agenda } from 'agenda';
import mongoose from 'mongoose';
import { scheduledJobs, type ScheduledJob } from '../domain/vocabulary.ts';

/** Where Agenda keeps its jobs. */
export const jobsCollection = 'jobs';

/**
 * Puts a job on Agenda's list, to be done at once and then at every interval, unless it is there; how it stands (when it is
 * due next, which process is at it) is left alone. Agenda's own `every` can be trusted with neither: of two processes that
 * start together both may insert the job, and it takes from a process that is at work the lock that keeps others away.
 *
 * `interval`: in words, as Agenda reads them ("24 hours").
 */
export async function scheduleEvery(agenda: Agenda, interval: string, name: ScheduledJob): Promise<void> {
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

interface StoredJob {
  readonly _id: mongoose.Types.ObjectId;
  readonly nextRunAt?: Date | null;
  readonly lastFinishedAt?: Date | null;
}

/** How the scheduled work stands, in the order of the vocabulary; empty where no process ever began any. */
export async function readSchedule(): Promise<{ name: ScheduledJob; lastDoneAt?: Date; dueAt?: Date }[]> {
  const stored = await mongoose.connection.collection<StoredJob>(jobsCollection).find({}).toArray();
  return scheduledJobs.flatMap((name) => {
    const job = stored.find(({ _id }) => _id.equals(idOf(name)));
    if (!job) return [];
    return [
      {
        name,
        ...(job.lastFinishedAt && { lastDoneAt: job.lastFinishedAt }),
        ...(job.nextRunAt && { dueAt: job.nextRunAt }),
      },
    ];
  });
}

/** The same in every process: the database takes an id only once. */
function idOf(name: ScheduledJob): mongoose.Types.ObjectId {
  return new mongoose.Types.ObjectId(createHash('sha256').update(name).digest().subarray(0, 12));
}
