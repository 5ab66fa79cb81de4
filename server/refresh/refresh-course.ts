import { randomUUID } from 'node:crypto';
import { CourseModel, type Course } from '../database/models/course.ts';
import { CourseStateModel, releaseLease, takeLease } from '../database/models/course-state.ts';
import { PlatformModel, type Platform } from '../database/models/platform.ts';
import type { RefreshRun } from '../database/models/refresh-run.ts';
import { NotFound } from '../errors.ts';
import { claimWaiting } from '../ingest/claim-waiting.ts';
import { MoodleFailure } from '../sources/moodle/failure.ts';
import type { RefreshDeps } from './deps.ts';
import { recomputeCourse } from './recompute-course.ts';
import { LeaseLost, leaseMs, startRun, type RunProgress } from './run-progress.ts';
import { moodleTopics } from './note-moodle.ts';
import { refreshMoodle, type MoodleRefreshed } from './refresh-moodle.ts';
import { mayStandIn } from './stand-in-roster.ts';
import { noteFailure, noteSuccess } from './store-freshness.ts';
import { storeRoster } from './store-roster.ts';

export type RefreshResult =
  /** Another process is at it. */
  | { readonly state: 'busy' }
  | {
      readonly state: 'done';
      readonly runId: string;
      readonly problems: readonly string[];
      readonly students: number;
      readonly requests: number;
    };

/**
 * Reads every source of a course that is pulled, stores what they say, and computes indicators and flags. One source that
 * fails loses only what needs it; the rest is stored and computed. Throws NotFound for an unknown course, and whatever the
 * database throws.
 */
export async function refreshCourse(
  courseId: string,
  deps: RefreshDeps,
  { askedBy = 'schedule' }: { askedBy?: RefreshRun['askedBy'] } = {},
): Promise<RefreshResult> {
  const course = await CourseModel.findById(courseId).lean<Course>();
  if (!course) throw new NotFound();
  const owner = randomUUID();
  if (!(await takeLease(courseId, owner, deps.now(), leaseMs))) return { state: 'busy' };
  await CourseStateModel.updateOne({ courseId }, { $unset: { askedAt: 1 } });
  const progress = await startRun(courseId, askedBy, owner, deps.now);
  try {
    const result = await readAndCompute(course, deps, progress);
    await progress.finish({ state: 'done', ...result, problems: [...result.problems] });
    return { state: 'done', runId: progress.runId.toHexString(), ...result };
  } catch (error) {
    const because = error instanceof LeaseLost ? error.message : 'Waymark itself could not finish. It has been noted.';
    await progress.finish({ state: 'failed', problems: [because] });
    throw error;
  } finally {
    await releaseLease(courseId, owner);
  }
}

async function readAndCompute(course: Course, deps: RefreshDeps, progress: RunProgress) {
  const courseId = course._id.toHexString();
  await progress.begin('roster');
  const platform = await PlatformModel.findById(course.platformId).lean<Platform>();
  const startedAt = deps.now();
  let noRosterBecause = await refreshRoster(course, deps);
  // Asked before this failure is noted, because it looks at when the roster was last read.
  const isToStandIn = noRosterBecause !== undefined && platform?.moodle && (await mayStandIn(course, startedAt));

  const problems: string[] = [];
  let requests = 0;
  if (platform?.moodle) {
    const read = await tryMoodle(course, platform, deps, progress, { hasRoster: !isToStandIn });
    requests = read.requests;
    problems.push(...read.problems);
    if (read.standsIn === true) noRosterBecause = undefined;
    else if (isToStandIn && read.standsIn) noRosterBecause = `${noRosterBecause}, and ${read.standsIn}`;
  }
  if (noRosterBecause !== undefined) {
    await noteFailure(courseId, 'roster', startedAt, noRosterBecause, []);
    problems.unshift(`Roster: ${noRosterBecause}`);
  }
  await claimWaiting({ courseId, platformId: String(course.platformId), timeZone: course.calendar.timeZone });
  await progress.begin('compute');
  const { students, flagsChanged } = await recomputeCourse(courseId, deps);
  await CourseStateModel.updateOne({ courseId }, { $set: { refreshedAt: deps.now() } });
  return { problems, students, flagsChanged, requests };
}

/** Returns why the platform's roster could not be read, undefined where it was. */
async function refreshRoster(course: Course, deps: RefreshDeps): Promise<string | undefined> {
  const courseId = course._id.toHexString();
  const at = deps.now();
  try {
    const members = await deps.readRoster(courseId);
    const counts = await storeRoster(course, members, at);
    await noteSuccess(courseId, 'roster', at, { speaksOf: [], counts: { ...counts, dropped: { ...counts.dropped } } });
    return undefined;
  } catch (error) {
    if (isDatabaseError(error)) throw error;
    return error instanceof Error ? error.message : 'the roster could not be read';
  }
}

async function tryMoodle(
  course: Course,
  platform: Platform,
  deps: RefreshDeps,
  progress: RunProgress,
  options: { readonly hasRoster: boolean },
): Promise<MoodleRefreshed> {
  const courseId = course._id.toHexString();
  const at = deps.now();
  try {
    return await refreshMoodle(course, platform, deps, progress, options);
  } catch (error) {
    if (!(error instanceof MoodleFailure)) throw error;
    await noteFailure(courseId, 'moodle', at, error.message, moodleTopics);
    return { requests: 0, problems: [`Moodle: ${error.message}`], standsIn: false };
  }
}

/** What the database throws concerns everything; what a platform throws concerns one source. */
function isDatabaseError(error: unknown): boolean {
  return error instanceof Error && /^(Mongo|BSON|Document|Version|Validation|Cast)/.test(error.name);
}
