import type mongoose from 'mongoose';
import { keepLease } from '../database/models/course-state.ts';
import { RefreshRunModel, type RefreshRun, type RefreshStep } from '../database/models/refresh-run.ts';

export const leaseMs = 120_000;
const writeEveryMs = 1_000;
const keptMs = 30 * 86_400_000;

/** Another process took the course over, because this one did not answer in time: nothing more may be written. */
export class LeaseLost extends Error {
  constructor() {
    super('Another process has taken this refresh over.');
    this.name = 'LeaseLost';
  }
}

export interface RunProgress {
  readonly runId: mongoose.Types.ObjectId;
  /** Begins a step. Throws LeaseLost. */
  begin(step: RefreshStep): Promise<void>;
  /** How far the step is; written about once a second. Throws nothing: a lost lease shows at the next step. */
  advance(done: number, total: number): void;
  finish(result: Partial<RefreshRun> & { state: 'done' | 'failed' }): Promise<void>;
}

/**
 * Starts the document by which a refresh is followed from outside, and keeps the lease of its course while it runs, also
 * where a single step takes longer than the lease.
 */
export async function startRun(
  courseId: string,
  askedBy: RefreshRun['askedBy'],
  owner: string,
  now: () => Date,
): Promise<RunProgress> {
  const startedAt = now();
  const expiresAt = new Date(startedAt.getTime() + keptMs);
  const run = await RefreshRunModel.create({ courseId, askedBy, state: 'running', startedAt, expiresAt });
  const which = { _id: run._id };
  let writtenAt = 0;
  const heartbeat = setInterval(() => {
    keepLease(courseId, owner, now(), leaseMs).catch(() => undefined);
  }, leaseMs / 4);
  heartbeat.unref();

  return {
    runId: run._id,
    async begin(step) {
      if (!(await keepLease(courseId, owner, now(), leaseMs))) throw new LeaseLost();
      await RefreshRunModel.updateOne(which, { $set: { step, done: 0, total: 0 } });
    },
    advance(done, total) {
      const at = Date.now();
      if (at - writtenAt < writeEveryMs) return;
      writtenAt = at;
      // Progress is a courtesy: where it can't be written, the refresh goes on.
      RefreshRunModel.updateOne({ ...which, state: 'running' }, { $set: { done, total } }).then(
        () => undefined,
        () => undefined,
      );
    },
    async finish(result) {
      clearInterval(heartbeat);
      await RefreshRunModel.updateOne(which, { $set: { ...result, finishedAt: now() }, $unset: { step: 1 } });
    },
  };
}
