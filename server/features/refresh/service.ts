import { setTimeout as sleep } from 'node:timers/promises';
import type { RefreshReply } from '../../contracts/refresh.ts';
import { FreshnessModel, type Freshness } from '../../database/models/freshness.ts';
import { findLatestRun, type RefreshRun } from '../../database/models/refresh-run.ts';
import { isInCourse, type Actor, type CourseActor } from '../../domain/access.ts';
import { NotAllowed, NotFound } from '../../errors.ts';
import type { RefreshDeps } from '../../refresh/deps.ts';
import { refreshCourse } from '../../refresh/refresh-course.ts';

/** A run that was finished so recently is answer enough: the platform need not be asked again. */
const recentMs = 60_000;

/** How fresh the sources of the actor's course are. Throws NotFound outside a course. */
export async function readRefresh(actor: Actor): Promise<RefreshReply> {
  if (!isInCourse(actor)) throw new NotFound();
  const [run, freshness] = await Promise.all([
    findLatestRun(actor.courseId),
    FreshnessModel.find({ courseId: actor.courseId }).lean<Freshness[]>(),
  ]);
  return presentRefresh(actor, run, freshness);
}

/**
 * Starts a refresh for a member of staff and answers at once; its progress is read with `readRefresh`. One that runs
 * already, in whichever process, is joined. Throws NotAllowed for students.
 */
export async function startRefresh(actor: Actor, deps: RefreshDeps): Promise<RefreshReply> {
  if (!isInCourse(actor)) throw new NotFound();
  if (actor.role !== 'tutor' && actor.role !== 'assistant') throw new NotAllowed();
  const latest = await findLatestRun(actor.courseId);
  const isRecent =
    latest?.state === 'done' && latest.finishedAt && deps.now().getTime() - latest.finishedAt.getTime() < recentMs;
  if (isRecent) return readRefresh(actor);
  const running = refreshCourse(actor.courseId, deps, { askedBy: 'tutor' }).catch((error: unknown) => {
    deps.log.error(
      { error: error instanceof Error ? error.name : typeof error },
      'a refresh asked for could not finish',
    );
  });
  // Long enough for its first step to be visible, not for a browser to wait.
  await Promise.race([running, sleep(300)]);
  return readRefresh(actor);
}

function presentRefresh(actor: CourseActor, run: RefreshRun | null, freshness: readonly Freshness[]): RefreshReply {
  const isStaff = actor.role === 'tutor' || actor.role === 'assistant';
  return {
    state: run?.state ?? 'never',
    done: run?.done ?? 0,
    total: run?.total ?? 0,
    problems: isStaff ? (run?.problems ?? []) : [],
    sources: freshness.map(({ source, okAt, triedAt, failedBecause, notes }) => ({
      source,
      notes: isStaff ? notes : [],
      ...(okAt && { okAt: okAt.getTime() }),
      ...(triedAt && { triedAt: triedAt.getTime() }),
      ...(failedBecause && { problem: isStaff ? failedBecause : 'could not be read last time' }),
    })),
    ...(run && { startedAt: run.startedAt.getTime() }),
    ...(run?.finishedAt && { finishedAt: run.finishedAt.getTime() }),
    ...(run?.step && { step: run.step }),
  };
}
