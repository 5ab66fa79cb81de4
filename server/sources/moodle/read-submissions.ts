import { MoodleFailure } from './failure.ts';
import { attemptReading } from './loss.ts';
import { mapSubmission } from './map-activity.ts';
import { readOwnDates } from './read-own-dates.ts';
import { readEach, type ReadingJob } from './reading-job.ts';
import { type MoodleUser } from './replies.ts';
import {
  submissionsSchema,
  submissionStatusSchema,
  type MoodleAssignment,
  type MoodleSubmission,
} from './work-replies.ts';
import { keepEarliest, type SubmissionsOf } from './submissions-of.ts';

/** All assignments, one call each; undefined where nothing can be said of what is missing. */
export async function readSubmissions(job: ReadingJob): Promise<SubmissionsOf | undefined> {
  const { course, students } = job;
  if (!course.assessments) return undefined;
  const shown = new Set(course.assessments.map(({ id }) => id));
  const result: SubmissionsOf = new Map(job.users.map(({ id }) => [id, []]));
  const members = membersByGroup(job.users);
  // Essays come along with every submission: in a reading of changes, only those that changed are asked for.
  const since = job.users.some(({ id }) => job.isNew(id)) ? undefined : job.since;
  for (const assignment of course.assignments) {
    if (!shown.has(String(assignment.cmid))) continue;
    const read = await attemptReading(job.losses, ['submissions'], () => readAssignment(job, assignment, since));
    if (!read) return undefined;
    const changed = new Set<number>();
    const ownersOf = ({ userid, groupid }: MoodleSubmission) => (userid ? [userid] : (members.get(groupid) ?? []));
    const hasTeams = new Set<number>();
    const take = (submission: MoodleSubmission, owners: readonly number[]) => {
      const mapped = mapSubmission(submission, assignment.cmid);
      if (!mapped) return;
      for (const owner of owners) {
        keepEarliest(result.get(owner), mapped.submission);
        // Whoever pressed the button for a team has an entry of their own beside the team's: it is one submission.
        if (!submission.userid) hasTeams.add(owner);
        else if (hasTeams.has(owner)) continue;
        if (mapped.activity) students.get(owner)?.activities.push(mapped.activity);
      }
    };
    // Teams first.
    for (const submission of read.sort((one, other) => one.userid - other.userid)) {
      // Also one that was taken back to a draft: what was known of it no longer holds.
      for (const owner of ownersOf(submission)) changed.add(owner);
      take(submission, ownersOf(submission));
    }
    await readEarlierAttempts(job, assignment, read, (submission, latest) => take(submission, ownersOf(latest)));
    if (since !== undefined) keepStored(job, String(assignment.cmid), changed, result);
    if (!(await readOwnDates(job, assignment, result))) return undefined;
  }
  return result;
}

/** Where the service user may not see an assignment's submissions, Moodle says so in a warning and sends none. */
async function readAssignment(
  job: ReadingJob,
  { id }: MoodleAssignment,
  since: number | undefined,
): Promise<MoodleSubmission[]> {
  const name = 'mod_assign_get_submissions';
  const { elements, rest } = await job.client.callForList(
    name,
    { assignmentids: [id], ...(since !== undefined && { since: Math.floor(since / 1000) }) },
    submissionsSchema,
  );
  const isListed = rest.assignments.some(({ assignmentid }) => assignmentid === id);
  const hasNone = rest.warnings.some(({ warningcode }) => warningcode === '3');
  if (!isListed && !hasNone) {
    throw new MoodleFailure(
      'not-permitted',
      name,
      'the service user may not see the submissions (mod/assign:viewgrades, and moodle/site:accessallgroups where groups are separate)',
    );
  }
  return elements;
}

/**
 * Where staff allowed another attempt, the list has that one alone, often still empty: what was handed in first, and when, is
 * told one student a call.
 */
async function readEarlierAttempts(
  job: ReadingJob,
  { id }: MoodleAssignment,
  read: readonly MoodleSubmission[],
  take: (submission: MoodleSubmission, latest: MoodleSubmission) => void,
): Promise<void> {
  const reopened = read.filter(({ attemptnumber }) => attemptnumber > 0);
  await readEach(job, reopened, [], async (latest) => {
    const userid =
      latest.userid || job.users.find(({ groups }) => groups.some((group) => group.id === latest.groupid))?.id;
    if (!userid || !job.students.has(userid)) return;
    const params = { assignid: id, userid };
    const { previousattempts } = await job.client.call(
      'mod_assign_get_submission_status',
      params,
      submissionStatusSchema,
    );
    for (const submission of previousattempts) take(submission, latest);
  });
}

/** What was handed in before and has not changed since. */
function keepStored(job: ReadingJob, assessmentId: string, changed: ReadonlySet<number>, result: SubmissionsOf): void {
  for (const [moodleId, own] of result) {
    const submittedAt = job.storedSubmission(moodleId, assessmentId)?.submittedAt;
    if (submittedAt !== undefined && !changed.has(moodleId)) own.push({ assessmentId, submittedAt });
  }
}

function membersByGroup(users: readonly MoodleUser[]): Map<number, number[]> {
  const members = new Map<number, number[]>();
  for (const { id, groups } of users) {
    // Whoever is in no group is in a team of all such; Moodle calls it 0.
    for (const group of groups.length === 0 ? [{ id: 0 }] : groups) {
      const own = members.get(group.id);
      if (own) own.push(id);
      else members.set(group.id, [id]);
    }
  }
  return members;
}
