import { attemptReading } from './loss.ts';
import { mapAttempts } from './map-activity.ts';
import { effectiveClose } from './overrides.ts';
import { readEach, type ReadingJob } from './reading-job.ts';
import { gradeItemsSchema } from './replies.ts';
import { attemptsSchema, overridesSchema, type MoodleOverride, type MoodleQuiz } from './work-replies.ts';
import { amendSubmission, type SubmissionsOf } from './submissions-of.ts';

/** Grade items are one reply of about 1 kB for each student and item; beyond this the reply is not worth its memory. */
const maxGradeRows = 15_000;

interface PlannedAttempt {
  readonly id: number;
  readonly quiz: MoodleQuiz;
}

/** Pairs of student and quiz that can have a new attempt since the last reading. */
export async function planAttempts(job: ReadingJob): Promise<PlannedAttempt[]> {
  const { course, since, changedUsers, users } = job;
  const quizzes = shownQuizzes(job);
  if (quizzes.length === 0) return [];
  const graded = await readGradeDates(job);
  return quizzes.flatMap((quiz) => {
    const areas = course.changes?.get(quiz.coursemodule);
    const hasChanged = since === undefined || !course.changes || areas?.has('userattempts') || areas?.has('usergrades');
    const candidates = new Set(
      hasChanged
        ? changedUsers.map(({ id }) => id)
        : changedUsers.filter(({ id }) => job.isNew(id)).map(({ id }) => id),
    );
    // A graded attempt of somebody whose access time is hidden or older.
    for (const user of users) {
      const gradedAt = graded?.get(`${user.id}:${quiz.coursemodule}`);
      if (gradedAt !== undefined && gradedAt >= (since ?? 0)) candidates.add(user.id);
    }
    return [...candidates].map((id) => ({ id, quiz }));
  });
}

/** Finished attempts and own closing times; undefined where an attempt that was planned could not be read. */
export async function readAttempts(
  job: ReadingJob,
  planned: readonly PlannedAttempt[],
): Promise<SubmissionsOf | undefined> {
  const result: SubmissionsOf = new Map(job.users.map(({ id }) => [id, []]));
  const isWhole = await readEach(
    job,
    planned,
    ['submissions'],
    async ({ id, quiz }) => {
      const { attempts } = await job.client.call(
        'mod_quiz_get_user_attempts',
        { quizid: quiz.id, userid: id, status: 'all', includepreviews: false },
        attemptsSchema,
      );
      const { activities, submission } = mapAttempts(attempts, quiz.coursemodule);
      job.students.get(id)?.activities.push(...activities);
      // None that is finished is an answer too: staff may have deleted the one that was known.
      const assessmentId = String(quiz.coursemodule);
      amendSubmission(result.get(id)!, assessmentId, { submittedAt: submission?.submittedAt });
    },
    ({ id }) => id,
  );
  if (!isWhole) return undefined;
  await readOwnClosings(job, result);
  return result;
}

/** Closing times that differ for single students and groups, one call a quiz; what can't be read stays as it was known. */
async function readOwnClosings(job: ReadingJob, result: SubmissionsOf): Promise<void> {
  let isLost = false;
  for (const quiz of shownQuizzes(job)) {
    const read: { overrides: MoodleOverride[] } | undefined = isLost
      ? undefined
      : await attemptReading(job.losses, [], () =>
          job.client.call('mod_quiz_get_overrides', { quizid: quiz.id }, overridesSchema),
        );
    isLost ||= read === undefined;
    const assessmentId = String(quiz.coursemodule);
    for (const user of job.users) {
      const own = result.get(user.id)!;
      const close = read
        ? effectiveClose(read.overrides, user)
        : job.storedSubmission(user.id, assessmentId)?.extendedTo;
      // Without a closing time nothing falls due.
      if (close === 'never') amendSubmission(own, assessmentId, { isExcused: true });
      else if (close !== undefined) amendSubmission(own, assessmentId, { extendedTo: close });
    }
  }
}

function shownQuizzes({ course }: ReadingJob): MoodleQuiz[] {
  const shown = new Set(course.assessments?.map(({ id }) => id));
  return course.quizzes.filter(({ coursemodule }) => shown.has(String(coursemodule)));
}

/** When each student's work was handed in, by the grade book: dates only, the marks are dropped as they arrive. */
async function readGradeDates(job: ReadingJob): Promise<Map<string, number> | undefined> {
  const { course, users, courseId, client } = job;
  const rows = users.length * (course.assignments.length + course.quizzes.length);
  if (rows > maxGradeRows || job.since === undefined) return undefined;
  const reply = await attemptReading(job.losses, [], () =>
    client.callForList('gradereport_user_get_grade_items', { courseid: courseId, userid: 0 }, gradeItemsSchema),
  );
  if (!reply) return undefined;
  const dates = new Map<string, number>();
  for (const { userid, gradeitems } of reply.elements) {
    for (const { cmid, gradedatesubmitted } of gradeitems) {
      if (cmid && gradedatesubmitted !== undefined) dates.set(`${userid}:${cmid}`, gradedatesubmitted);
    }
  }
  return dates;
}
