import type { Activity } from '../../domain/activity.ts';
import type { Submission } from '../../domain/facts.ts';
import type { MoodleClient } from './client.ts';
import { attemptReading, type Loss } from './loss.ts';
import { mapAccess, mapAttempts, mapCompletions, mapPost, mapSubmission } from './map-activity.ts';
import type { CourseReading } from './read-course.ts';
import {
  attemptsSchema,
  completionSchema,
  discussionsSchema,
  forumsSchema,
  gradeItemsSchema,
  participantsSchema,
  postsSchema,
  submissionsSchema,
  submissionStatusSchema,
  type MoodleUser,
} from './replies.ts';

export interface StudentReading {
  readonly moodleId: number;
  readonly lastAccessAt?: number | undefined;
  readonly activities: Activity[];
  /** Of all assignments, and of those quizzes that were read; undefined where one of them could not be. */
  submissions?: Submission[];
  /** Only where it was read in this run. */
  completions?: { itemId: string; completedAt?: number }[];
}

export interface StudentsReading {
  readonly students: ReadonlyMap<number, StudentReading>;
  readonly losses: readonly Loss[];
  /** The site gives no access times for anybody. */
  readonly isAccessHidden: boolean;
  /** Readings for single students that failed although their function worked for others. */
  readonly failedCalls: number;
}

export interface ReadStudentsOptions {
  readonly client: MoodleClient;
  readonly courseId: number;
  readonly course: CourseReading;
  /** Users to read: the matched students. */
  readonly users: readonly MoodleUser[];
  /** Time of the last complete reading in milliseconds; absent: read everything. */
  readonly since?: number | undefined;
  /** Students whose completion was never read. */
  readonly isNew: (moodleId: number) => boolean;
  readonly timeZone: string;
  readonly now: number;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

// A failure for one student is theirs alone; as many as this in a row mean that the function is lost.
const failuresUntilLost = 5;
/** Grade items are one reply of about 1 kB for each student and item; beyond this it would not fit in memory. */
const maxGradeRows = 15_000;

/**
 * Reads what concerns single students: whole-course calls first, then one call a student only where the last access or the
 * change feed says that something can have changed. Throws MoodleFailure where the token is refused.
 */
export async function readStudents(options: ReadStudentsOptions): Promise<StudentsReading> {
  const { users, now, timeZone, since } = options;
  const losses: Loss[] = [];
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
  const job: Job = { ...options, students, losses, changedUsers, failedCalls: 0, done: 0, total: 0 };

  const attemptUsers = await planAttempts(job);
  job.total = changedUsers.length + attemptUsers.length;
  const submissions = await readSubmissions(job);
  const finished = await readAttempts(job, attemptUsers);
  combineSubmissions(job, submissions, finished);
  await readPosts(job);
  await readCompletions(job);
  // Whatever claims to come from after now is a clock gone wrong, not activity.
  for (const student of students.values()) dropFuture(student.activities, now);
  return { students, losses, isAccessHidden, failedCalls: job.failedCalls };
}

interface Job extends ReadStudentsOptions {
  readonly students: Map<number, StudentReading>;
  readonly losses: Loss[];
  readonly changedUsers: readonly MoodleUser[];
  failedCalls: number;
  done: number;
  total: number;
}

type SubmissionsOf = Map<number, Submission[]>;

/** All assignments, one call each: a single call with every essay of a large course would not fit in memory. */
async function readSubmissions(job: Job): Promise<SubmissionsOf | undefined> {
  const { client, course, students } = job;
  if (!course.assessments) return undefined;
  const shown = new Set(course.assessments.map(({ id }) => id));
  const result: SubmissionsOf = new Map(job.users.map(({ id }) => [id, []]));
  for (const assignment of course.assignments) {
    if (!shown.has(String(assignment.cmid))) continue;
    const read = await attemptReading(job.losses, ['submissions'], async () => {
      const params = { assignmentids: [assignment.id] };
      const { assignments } = await client.call('mod_assign_get_submissions', params, submissionsSchema);
      return assignments.flatMap(({ submissions }) => submissions);
    });
    if (!read) return undefined;
    const members = assignment.teamsubmission ? membersByGroup(job.users) : undefined;
    for (const submission of read) {
      const owners = submission.userid ? [submission.userid] : (members?.get(submission.groupid) ?? []);
      const mapped = mapSubmission(submission, assignment.cmid);
      if (!mapped) continue;
      for (const owner of owners) {
        if (mapped.activity) students.get(owner)?.activities.push(mapped.activity);
        keepEarliest(result.get(owner), mapped.submission);
      }
    }
    await readExtensions(job, assignment, result);
  }
  return result;
}

async function readExtensions(job: Job, assignment: { id: number; cmid: number }, result: SubmissionsOf) {
  const participants = await attemptReading(job.losses, [], () =>
    job.client.call(
      'mod_assign_list_participants',
      { assignid: assignment.id, groupid: 0, filter: '', onlyids: true },
      participantsSchema,
    ),
  );
  if (!participants) return;
  const asked = new Set(participants.map(({ id }) => id));
  const assessmentId = String(assignment.cmid);
  for (const [moodleId, own] of result) {
    // Restricted to a group, or otherwise not asked of this student.
    if (!asked.has(moodleId) && participants.length > 0) edit(own, assessmentId, { isExcused: true });
  }
  const extended = participants.filter(({ id, grantedextension }) => grantedextension && result.has(id));
  await eachStudent(job, extended, [], async ({ id }) => {
    const params = { assignid: assignment.id, userid: id };
    const { lastattempt } = await job.client.call('mod_assign_get_submission_status', params, submissionStatusSchema);
    const extendedTo = lastattempt?.extensionduedate;
    if (extendedTo !== undefined) edit(result.get(id)!, assessmentId, { extendedTo });
  });
}

/** Pairs of student and quiz that can have a new attempt since the last reading. */
async function planAttempts(job: Job) {
  const { course, since, changedUsers, users } = job;
  if (!course.assessments || course.quizzes.length === 0) return [];
  const shown = new Set(course.assessments.map(({ id }) => id));
  const quizzes = course.quizzes.filter(({ coursemodule }) => shown.has(String(coursemodule)));
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
    return [...candidates].map((userId) => ({ id: userId, quiz }));
  });
}

async function readAttempts(job: Job, pairs: Awaited<ReturnType<typeof planAttempts>>) {
  const finished: SubmissionsOf = new Map();
  const isWhole = await eachStudent(job, pairs, ['submissions'], async ({ id, quiz }) => {
    const { attempts } = await job.client.call(
      'mod_quiz_get_user_attempts',
      { quizid: quiz.id, userid: id, status: 'all', includepreviews: false },
      attemptsSchema,
    );
    const { activities, submission } = mapAttempts(attempts, quiz.coursemodule);
    job.students.get(id)?.activities.push(...activities);
    if (submission) finished.set(id, [...(finished.get(id) ?? []), submission]);
  });
  return isWhole ? finished : undefined;
}

/** When each student's work was handed in, by the grade book: dates only, the marks are dropped as they arrive. */
async function readGradeDates(job: Job): Promise<Map<string, number> | undefined> {
  const { course, users, courseId, client } = job;
  const rows = users.length * (course.assignments.length + course.quizzes.length);
  if (rows > maxGradeRows || job.since === undefined) return undefined;
  const reply = await attemptReading(job.losses, [], () =>
    client.call('gradereport_user_get_grade_items', { courseid: courseId, userid: 0 }, gradeItemsSchema),
  );
  if (!reply) return undefined;
  const dates = new Map<string, number>();
  for (const { userid, gradeitems } of reply.usergrades) {
    for (const { cmid, gradedatesubmitted } of gradeitems) {
      if (cmid && gradedatesubmitted !== undefined) dates.set(`${userid}:${cmid}`, gradedatesubmitted);
    }
  }
  return dates;
}

function combineSubmissions(job: Job, assignments: SubmissionsOf | undefined, quizzes: SubmissionsOf | undefined) {
  if (!assignments || !quizzes) return;
  for (const [moodleId, student] of job.students) {
    student.submissions = [...(assignments.get(moodleId) ?? []), ...(quizzes.get(moodleId) ?? [])];
  }
}

async function readPosts(job: Job): Promise<void> {
  const { client, course, courseId, since } = job;
  const forums = await attemptReading(job.losses, [], () =>
    client.call('mod_forum_get_forums_by_courses', { courseids: [courseId] }, forumsSchema),
  );
  for (const forum of forums ?? []) {
    // Announcements are written by staff.
    if (forum.type === 'news' || forum.numdiscussions === 0) continue;
    if (since !== undefined && course.changes && !course.changes.get(forum.cmid)?.has('discussions')) continue;
    const listed = await attemptReading(job.losses, [], () =>
      client.call('mod_forum_get_forum_discussions', { forumid: forum.id }, discussionsSchema),
    );
    const changed = (listed?.discussions ?? []).filter(
      ({ timemodified }) => since === undefined || timemodified === undefined || timemodified >= since,
    );
    await eachStudent(job, changed, [], async ({ discussion }) => {
      const { posts } = await client.call('mod_forum_get_discussion_posts', { discussionid: discussion }, postsSchema);
      for (const post of posts) {
        const activity = mapPost(post, forum.cmid);
        if (activity && post.author.id) job.students.get(post.author.id)?.activities.push(activity);
      }
    });
  }
}

async function readCompletions(job: Job): Promise<void> {
  const tracked = new Set(job.course.items?.filter(({ isTracked }) => isTracked).map(({ id }) => id));
  if (!job.course.items || tracked.size === 0) return;
  await eachStudent(job, job.changedUsers, ['completion'], async ({ id }) => {
    const { statuses } = await job.client.call(
      'core_completion_get_activities_completion_status',
      { courseid: job.courseId, userid: id },
      completionSchema,
    );
    const { completions, activities } = mapCompletions(statuses, tracked);
    const student = job.students.get(id)!;
    student.completions = completions;
    student.activities.push(...activities);
  });
}

/**
 * One call for each entry, as many at a time as the client allows. Answers whether all of them were read; a function that
 * fails several times in a row is noted as lost and not called again.
 */
async function eachStudent<T>(
  job: Job,
  entries: readonly T[],
  speaksOf: Loss['speaksOf'],
  read: (entry: T) => Promise<void>,
): Promise<boolean> {
  let inARow = 0;
  let failed = 0;
  const queue = entries.values();
  const worker = async () => {
    for (const entry of queue) {
      if (inARow >= failuresUntilLost) return;
      const own: Loss[] = [];
      const isRead = await attemptReading(own, speaksOf, async () => {
        await read(entry);
        return true;
      });
      job.onProgress?.((job.done += 1), job.total);
      inARow = isRead ? 0 : inARow + 1;
      if (isRead) continue;
      failed += 1;
      if (failed === 1 || inARow === failuresUntilLost) job.losses.push(...own);
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  job.failedCalls += failed;
  return failed === 0;
}

function membersByGroup(users: readonly MoodleUser[]): Map<number, number[]> {
  const members = new Map<number, number[]>();
  for (const { id, groups } of users) {
    for (const group of groups) members.set(group.id, [...(members.get(group.id) ?? []), id]);
  }
  return members;
}

function keepEarliest(own: Submission[] | undefined, submission: Submission): void {
  if (!own) return;
  const known = own.find(({ assessmentId }) => assessmentId === submission.assessmentId);
  if (!known) own.push(submission);
  else if ((submission.submittedAt ?? Infinity) < (known.submittedAt ?? Infinity))
    edit(own, known.assessmentId, submission);
}

function edit(own: Submission[], assessmentId: string, change: Partial<Submission>): void {
  const at = own.findIndex((submission) => submission.assessmentId === assessmentId);
  if (at < 0) own.push({ assessmentId, ...change });
  else own[at] = { ...own[at]!, ...change };
}

/** What was read, with what was known of the quizzes that there was no reason to read again. */
export function mergeSubmissions(
  stored: readonly Submission[] | undefined,
  read: readonly Submission[],
  quizIds: ReadonlySet<string>,
): Submission[] {
  const fresh = new Set(read.map(({ assessmentId }) => assessmentId));
  const kept = (stored ?? []).filter(({ assessmentId }) => quizIds.has(assessmentId) && !fresh.has(assessmentId));
  return [...read, ...kept];
}

function dropFuture(activities: Activity[], now: number): void {
  const kept = activities.filter(({ at }) => at <= now + 3_600_000);
  activities.splice(0, activities.length, ...kept);
}
