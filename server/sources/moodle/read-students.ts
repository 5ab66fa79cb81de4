import type { Activity } from '../../domain/activity.ts';
import type { Loss } from './loss.ts';
import { mapAccess } from './map-activity.ts';
import { applyRestrictions } from './apply-restrictions.ts';
import { planAttempts, readAttempts } from './read-attempts.ts';
import { readCompletions } from './read-completions.ts';
import { readPosts } from './read-posts.ts';
import { readSubmissions } from './read-submissions.ts';
import type { ReadingJob, ReadStudentsOptions, StudentReading } from './reading-job.ts';
import type { SubmissionsOf } from './submissions-of.ts';
import type { MoodleUser } from './replies.ts';

export interface StudentsReading {
  /** How many traces were read, known ones included. */
  readonly traces: number;
  readonly losses: readonly Loss[];
  /** The site gives no access times for anybody. */
  readonly isAccessHidden: boolean;
  readonly failedCalls: number;
}

const studentsAtOnce = 200;

/**
 * Reads what concerns single students: whole-course calls first, then one call a student only where the last access or the
 * change feed says that something can have changed. Throws MoodleFailure where the token is refused,
 * and whatever `store` throws.
 */
export async function readStudents(options: ReadStudentsOptions): Promise<StudentsReading> {
  const { users, now, timeZone, since } = options;
  const isAccessHidden = users.length > 0 && users.every(({ lastcourseaccess }) => lastcourseaccess === undefined);
  const students = new Map(
    users.map((user): [number, StudentReading] => [
      user.id,
      {
        moodleId: user.id,
        lastAccessAt: user.lastcourseaccess ?? undefined,
        activities: user.lastcourseaccess ? [mapAccess(user.lastcourseaccess, timeZone)] : [],
      },
    ]),
  );
  const wasHere = (user: MoodleUser) =>
    since === undefined || options.isNew(user.id) || isAccessHidden || (user.lastcourseaccess ?? 0) >= since;
  const changedUsers = users.filter(wasHere);
  const job: ReadingJob = { ...options, students, losses: [], changedUsers, failedCalls: 0, done: 0, total: 0 };

  const attempts = await planAttempts(job);
  job.total = changedUsers.length + attempts.length;
  const submissions = await readSubmissions(job);
  const finished = await readAttempts(job, attempts);
  if (submissions && finished) combine(students, submissions, finished);
  for (const user of users) applyRestrictions(job, user, students.get(user.id)!);
  await readPosts(job);
  let traces = 0;
  const wereHere = new Set(changedUsers);
  for (let from = 0; from < users.length; from += studentsAtOnce) {
    const batch = users.slice(from, from + studentsAtOnce);
    await readCompletions(
      job,
      batch.filter((user) => wereHere.has(user)),
    );
    const read = batch.map(({ id }) => students.get(id)!);
    // Whatever claims to come from after now is a clock gone wrong, not activity.
    for (const student of read) dropFuture(student.activities, now);
    traces += read.reduce((sum, { activities }) => sum + activities.length, 0);
    await options.store(read);
    for (const { id } of batch) students.delete(id);
  }
  return { traces, losses: job.losses, isAccessHidden, failedCalls: job.failedCalls };
}

function combine(students: ReadonlyMap<number, StudentReading>, assignments: SubmissionsOf, quizzes: SubmissionsOf) {
  for (const [moodleId, student] of students) {
    if (student.isGone) continue;
    student.submissions = [...(assignments.get(moodleId) ?? []), ...(quizzes.get(moodleId) ?? [])];
  }
}

function dropFuture(activities: Activity[], now: number): void {
  const kept = activities.filter(({ at }) => at <= now + 3_600_000);
  activities.splice(0, activities.length, ...kept);
}
