import { mapCompletions } from './map-activity.ts';
import { readEach, type ReadingJob } from './reading-job.ts';
import { completionSchema, type MoodleUser } from './replies.ts';

/** Completion of tracked activities, one call for each of these students. */
export async function readCompletions(job: ReadingJob, users: readonly MoodleUser[]): Promise<void> {
  const tracked = new Set(job.course.items?.filter(({ isTracked }) => isTracked).map(({ id }) => id));
  if (!job.course.items || tracked.size === 0) return;
  await readEach(
    job,
    users,
    ['completion'],
    async ({ id }) => {
      const { statuses } = await job.client.call(
        'core_completion_get_activities_completion_status',
        { courseid: job.courseId, userid: id },
        completionSchema,
      );
      const { completions, activities } = mapCompletions(statuses, tracked);
      const student = job.students.get(id)!;
      student.completions = completions;
      student.activities.push(...activities);
    },
    ({ id }) => id,
  );
}
