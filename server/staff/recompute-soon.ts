import { touchCourse } from '../database/models/course-state.ts';
import type { Deps } from '../deps.ts';
import { recomputeCourse } from '../refresh/recompute-course.ts';

/**
 * Computes a course again because a person changed what it rests on. The change is marked first, so that the next sweep
 * takes it in even where this process ends before it is done.
 */
export async function recomputeSoon({ pack, log, now }: Deps, courseId: string): Promise<void> {
  await touchCourse(courseId, now());
  await recomputeCourse(courseId, { now, log, defaultRuleset: { version: 1, rules: pack.rules } }).catch(
    (error: unknown) =>
      log.warn({ courseId, error: error instanceof Error ? error.name : 'unknown' }, 'recompute put off'),
  );
}
