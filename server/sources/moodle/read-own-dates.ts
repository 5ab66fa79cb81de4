import type { Submission } from '../../domain/facts.ts';
import { attemptReading } from './loss.ts';
import { readEach, type ReadingJob } from './reading-job.ts';
import {
  participantSchema,
  participantsSchema,
  submissionStatusSchema,
  type MoodleAssignment,
} from './work-replies.ts';
import { amendSubmission, type SubmissionsOf } from './submissions-of.ts';

const dayMs = 86_400_000;

/** Who is asked at all, and for whom another due time holds. False where that is not known: then nobody is late. */
export async function readOwnDates(
  job: ReadingJob,
  assignment: MoodleAssignment,
  result: SubmissionsOf,
): Promise<boolean> {
  const participants = await attemptReading(job.losses, ['submissions'], () =>
    job.client.call(
      'mod_assign_list_participants',
      { assignid: assignment.id, groupid: 0, filter: '', onlyids: true },
      participantsSchema,
    ),
  );
  if (!participants) return false;
  const asked = new Set(participants.map(({ id }) => id));
  const assessmentId = String(assignment.cmid);
  for (const [moodleId, own] of result) {
    // Restricted to a group, or otherwise not asked of this student.
    if (!asked.has(moodleId) && participants.length > 0) amendSubmission(own, assessmentId, { isExcused: true });
  }
  const known = participants.filter(({ id }) => result.has(id));
  await readExtensions(
    job,
    assignment,
    known.filter(({ grantedextension }) => grantedextension),
    result,
  );
  await readOverrides(
    job,
    assignment,
    known.filter(({ grantedextension }) => !grantedextension),
    result,
  );
  return true;
}

async function readExtensions(
  job: ReadingJob,
  assignment: MoodleAssignment,
  extended: readonly { id: number }[],
  result: SubmissionsOf,
): Promise<void> {
  const assessmentId = String(assignment.cmid);
  // Until its date is read, an extension has one that nobody knows.
  for (const { id } of extended) amendSubmission(result.get(id)!, assessmentId, { isDueUnknown: true });
  await readEach(
    job,
    extended,
    [],
    async ({ id }) => {
      const params = { assignid: assignment.id, userid: id };
      const { lastattempt } = await job.client.call('mod_assign_get_submission_status', params, submissionStatusSchema);
      const extendedTo = lastattempt?.extensionduedate;
      if (extendedTo !== undefined) amendSubmission(result.get(id)!, assessmentId, { extendedTo, isDueUnknown: false });
    },
    ({ id }) => id,
  );
}

/**
 * Due times of single students and groups. Moodle tells them one student a call, and neither its change feed nor its course
 * says where there are any. So only those are asked about whom the usual due time would call late or missing, and
 * not again on the same day; of work long due about once a week, some students each day.
 */
async function readOverrides(
  job: ReadingJob,
  assignment: MoodleAssignment,
  candidates: readonly { id: number }[],
  result: SubmissionsOf,
): Promise<void> {
  const { cmid, duedate } = assignment;
  if (duedate === undefined || duedate >= job.now) return;
  const assessmentId = String(cmid);
  const ofAssessment = ({ assessmentId: id }: Submission) => id === assessmentId;
  const overdue = candidates.filter(({ id }) => {
    const own = result.get(id)!.find(ofAssessment);
    return own?.isExcused !== true && (own?.submittedAt ?? Infinity) > duedate;
  });
  const unknown = overdue.filter(({ id }) => {
    const stored = job.storedSubmission(id, assessmentId);
    if (!stored || stored.usualDueAt !== duedate || isToBeAskedAgain(job, id, stored)) return true;
    const { extendedTo, isExcused, usualDueAt, dueAskedAt } = stored;
    amendSubmission(result.get(id)!, assessmentId, {
      usualDueAt,
      dueAskedAt,
      ...(extendedTo !== undefined && { extendedTo }),
      ...(isExcused && { isExcused }),
    });
    return false;
  });
  await readEach(
    job,
    unknown,
    [],
    async ({ id }) => {
      const params = { assignid: assignment.id, userid: id, embeduser: false };
      const { duedate: ownDue } = await job.client.call('mod_assign_get_participant', params, participantSchema);
      amendSubmission(result.get(id)!, assessmentId, {
        usualDueAt: duedate,
        dueAskedAt: job.now,
        ...(ownDue === undefined ? { isExcused: true } : ownDue !== duedate && { extendedTo: ownDue }),
      });
    },
    ({ id }) => id,
  );
}

/** An override given later is found in the next whole reading while the work is newly due, and in a week or so afterwards. */
function isToBeAskedAgain(
  { since, now }: ReadingJob,
  moodleId: number,
  { usualDueAt = 0, dueAskedAt = 0 }: Submission,
): boolean {
  if (since !== undefined) return false;
  const isNewlyDue = now - usualDueAt < 7 * dayMs;
  return isNewlyDue || now - dueAskedAt >= (4 + (moodleId % 7)) * dayMs;
}
