import type { MiddleRangeReply } from '../../contracts/dashboard.ts';
import { CourseStateModel, type CourseState } from '../../database/models/course-state.ts';
import { minimumGroup } from '../../domain/thresholds.ts';

/**
 * The middle half of a course, week by week, as last computed. Two thousand snapshots are not read for each curious student:
 * it is the same for everybody and changes with a computation only.
 */
export async function findMiddleRange(courseId: string): Promise<MiddleRangeReply> {
  const state = await CourseStateModel.findOne({ courseId }, { middleWeeks: 1 }).lean<
    Pick<CourseState, 'middleWeeks'>
  >();
  const weeks = state?.middleWeeks ?? [];
  return { ...(weeks.length > 0 && { weeks }), minimumGroup };
}
