import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import pLimit from 'p-limit';
import { CourseModel } from '../database/models/course.ts';
import { CourseStateModel, type CourseState } from '../database/models/course-state.ts';
import { FeedModel, type Feed } from '../database/models/feed.ts';
import { FreshnessModel } from '../database/models/freshness.ts';
import { RefreshRunModel } from '../database/models/refresh-run.ts';
import type { ScheduledJob } from '../domain/vocabulary.ts';
import { NotFound } from '../errors.ts';
import type { RefreshDeps } from './deps.ts';
import { recomputeCourse } from './recompute-course.ts';
import { refreshCourse } from './refresh-course.ts';
import { jobsCollection, scheduleEvery } from './scheduled-jobs.ts';

export interface JobOptions {
  readonly databaseUri: string;
  readonly refreshMinutes: number;
  /** Run once a day by one process; for example the retention run. */
  readonly daily?: (() => Promise<unknown>) | undefined;
}

/** Courses whose launch lies longer back than this are let rest until somebody opens them again. */
const restAfterDays = 30;
const coursesAtOnce = 2;
const settleMs = 15_000;
const longestWaitMs = 60_000;
/** A job whose process died is taken up by another (or by the same, started anew) after this. */
const lockMs = 60_000;
const beatMs = 15_000;
/** The course that is at work when a process stops is let finish within this. */
const drainMs = 5_000;

/**
 * Starts the work that nobody asks for: refreshing courses that are due, computing courses that something came in for, and
 * what is done once a day. The jobs live in the database, so that of several processes one does each. Returns how to
 * stop: no further course is begun, and the one at work is let finish, for a few seconds.
 */
export async function startJobs(deps: RefreshDeps, options: JobOptions): Promise<{ stop(): Promise<void> }> {
  const agenda = new Agenda({
    backend: new MongoBackend({ address: options.databaseUri, collection: jobsCollection }),
    processEvery: '15 seconds',
    defaultLockLifetime: lockMs,
  });
  const stopping = new AbortController();
  const define = (name: ScheduledJob, work: (signal: AbortSignal) => Promise<unknown>) =>
    agenda.define(name, async (job) => {
      const beat = setInterval(() => void job.touch().catch(() => undefined), beatMs);
      try {
        await work(stopping.signal);
      } catch (error) {
        // The next turn tries again; the reason is in the log, without what it was about.
        deps.log.error({ job: name, error: error instanceof Error ? error.name : typeof error }, 'a job failed');
      } finally {
        clearInterval(beat);
      }
    });
  agenda.on('error', () => deps.log.warn('the job queue could not be read'));

  define('refresh-due-courses', (signal) => refreshDueCourses(deps, options.refreshMinutes, signal));
  define('compute-touched-courses', (signal) => computeTouchedCourses(deps, signal));
  define('once-a-day', async () => options.daily?.());
  await scheduleEvery(agenda, `${Math.max(1, Math.round(options.refreshMinutes / 6))} minutes`, 'refresh-due-courses');
  await scheduleEvery(agenda, '30 seconds', 'compute-touched-courses');
  await scheduleEvery(agenda, '24 hours', 'once-a-day');
  await agenda.start();
  return {
    async stop() {
      stopping.abort();
      await agenda.drain({ timeout: drainMs });
    },
  };
}

/** Refreshes every running course that was not refreshed for `refreshMinutes`, until told to stop. Returns how many are due. */
export async function refreshDueCourses(
  deps: RefreshDeps,
  refreshMinutes: number,
  signal?: AbortSignal,
): Promise<number> {
  const now = deps.now();
  await noteFeeds(now);
  await closeAbandonedRuns(now);
  const courses = await CourseModel.find(isRunning(now), { _id: 1 }).lean();
  const fresh = await CourseStateModel.find(
    { refreshedAt: { $gt: new Date(now.getTime() - refreshMinutes * 60_000) }, askedAt: null },
    { courseId: 1 },
  ).lean<CourseState[]>();
  const isFresh = new Set(fresh.map(({ courseId }) => String(courseId)));
  const limit = pLimit(coursesAtOnce);
  const due = courses.map(({ _id }) => _id.toHexString()).filter((courseId) => !isFresh.has(courseId));
  await Promise.all(
    due.map((courseId) => limit(() => withoutStopping(deps, () => refreshCourse(courseId, deps), signal))),
  );
  return due.length;
}

function isRunning(now: Date) {
  return { endedAt: null, lastLaunchedAt: { $gt: new Date(now.getTime() - restAfterDays * 86_400_000) } };
}

/**
 * Makes every running course of a platform due at once, and its Moodle to be read as a whole: for a connection that is new.
 * Returns how many. The next call of `refreshDueCourses`, in whichever process, reads them.
 */
export async function askForRefresh(platformId: string, now: Date): Promise<number> {
  const courses = await CourseModel.find({ platformId, ...isRunning(now) }, { _id: 1 }).lean();
  await CourseStateModel.updateMany(
    { courseId: { $in: courses.map(({ _id }) => _id) } },
    { $set: { askedAt: now }, $unset: { moodleReadFrom: 1, moodleReadWholeAt: 1 } },
  );
  return courses.length;
}

/** Computes courses that something came in for, once it has been quiet for a moment or waits for a minute. */
export async function computeTouchedCourses(deps: RefreshDeps, signal?: AbortSignal): Promise<number> {
  const now = deps.now().getTime();
  const isQuiet = { touchedAt: { $lt: new Date(now - settleMs) } };
  const waitsLong = { touchedAt: { $ne: null }, touchedFrom: { $lt: new Date(now - longestWaitMs) } };
  const touched = await CourseStateModel.find({ $or: [isQuiet, waitsLong] }, { courseId: 1 }).lean<CourseState[]>();
  for (const { courseId } of touched) {
    await withoutStopping(deps, () => recomputeCourse(courseId.toHexString(), deps), signal);
  }
  return touched.length;
}

/** One course that fails must not keep the others waiting. */
async function withoutStopping(deps: RefreshDeps, work: () => Promise<unknown>, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  try {
    await work();
  } catch (error) {
    if (error instanceof NotFound) return;
    deps.log.error({ error: error instanceof Error ? error.name : typeof error }, 'a course could not be refreshed');
  }
}

/** A feed that still delivers for other courses is alive for all of them, also where a course was quiet. */
async function noteFeeds(now: Date): Promise<void> {
  const feeds = await FeedModel.find({ isActive: true, lastReceivedAt: { $exists: true } }).lean<Feed[]>();
  for (const { platformId, kind, lastReceivedAt } of feeds) {
    const courses = await CourseModel.find({ platformId }, { _id: 1 }).lean();
    await FreshnessModel.updateMany(
      { courseId: { $in: courses.map(({ _id }) => _id) }, source: kind, okAt: { $lt: lastReceivedAt } },
      { $set: { okAt: lastReceivedAt, triedAt: now } },
    );
  }
}

/** A run whose process was killed would seem to go on for ever. */
async function closeAbandonedRuns(now: Date): Promise<void> {
  await RefreshRunModel.updateMany(
    { state: 'running', startedAt: { $lt: new Date(now.getTime() - 2 * 3_600_000) } },
    { $set: { state: 'failed', finishedAt: now, problems: ['The refresh was interrupted.'] }, $unset: { step: 1 } },
  );
}
