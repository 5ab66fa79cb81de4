import type { Activity } from '../../domain/activity.ts';
import { dayOf } from '../../domain/days.ts';
import type { Submission } from '../../domain/facts.ts';
import type { MoodleSubmission } from './work-replies.ts';

/**
 * The dated traces that Moodle's services give, as activity. Event ids are made of Moodle's own ids, so that every later
 * reading of the same trace is the same event.
 */

/** No service reads the log: the last access to the course, read daily, says that the student was there that day. */
export function mapAccess(lastAccessAt: number, timeZone: string): Activity {
  return {
    eventId: `moodle:access:${dayOf(lastAccessAt, timeZone)}`,
    kind: 'presence',
    at: lastAccessAt,
    source: 'moodle',
  };
}

/** Null for drafts, and for shells that staff made by opening the grading page. */
export function mapSubmission(
  { id, status, timemodified }: MoodleSubmission,
  cmid: number,
): { activity?: Activity; submission: Submission } | null {
  if (timemodified === undefined) return null;
  const objectId = String(cmid);
  // Staff allowed another attempt: the one before was handed in, at the latest then. The day is not the student's.
  if (status === 'reopened') return { submission: { assessmentId: objectId, submittedAt: timemodified } };
  if (status !== 'submitted') return null;
  return {
    activity: {
      eventId: `moodle:submission:${id}:${timemodified}`,
      kind: 'submission',
      at: timemodified,
      source: 'moodle',
      objectId,
    },
    submission: { assessmentId: objectId, submittedAt: timemodified },
  };
}

interface Attempt {
  readonly id: number;
  readonly preview?: boolean | undefined;
  readonly state: string;
  readonly timestart?: number | undefined;
  readonly timefinish?: number | undefined;
}

/** Every attempt is activity; the first that was finished is the submission. */
export function mapAttempts(attempts: readonly Attempt[], cmid: number) {
  const own = attempts.filter(({ preview }) => !preview);
  const objectId = String(cmid);
  const activities = own.flatMap(({ id, timestart, timefinish }): Activity[] => {
    const at = timefinish ?? timestart;
    return at === undefined
      ? []
      : [{ eventId: `moodle:attempt:${id}`, kind: 'quiz-attempt', at, source: 'moodle', objectId }];
  });
  const finishedAt = own.flatMap(({ state, timefinish }) =>
    state === 'finished' && timefinish !== undefined ? [timefinish] : [],
  );
  const submission: Submission | undefined =
    finishedAt.length > 0 ? { assessmentId: objectId, submittedAt: Math.min(...finishedAt) } : undefined;
  return { activities, submission };
}

interface Status {
  readonly cmid: number;
  readonly modname?: string | undefined;
  readonly state: number;
  readonly timecompleted?: number | undefined;
  readonly overrideby?: number | null | undefined;
  readonly details: readonly { readonly rulename: string }[];
}

/** These mark themselves in the moment in which the student is done. */
const selfMarking: readonly (string | undefined)[] = ['h5pactivity', 'scorm'];

/** Failed is complete too: completion says that something was done, never how well. */
export function mapCompletions(statuses: readonly Status[], tracked: ReadonlySet<string>) {
  const completions: { itemId: string; completedAt?: number }[] = [];
  const activities: Activity[] = [];
  for (const { cmid, modname, state, timecompleted, overrideby, details } of statuses) {
    const itemId = String(cmid);
    if (state === 0 || !tracked.has(itemId)) continue;
    completions.push({ itemId, ...(timecompleted !== undefined && { completedAt: timecompleted }) });
    // Set by hand or by grading: the day is a member of staff's, not the student's.
    const isGraded = details.some(({ rulename }) => /grade$/.test(rulename)) && !selfMarking.includes(modname);
    const isByStaff = Boolean(overrideby) || isGraded;
    if (timecompleted === undefined || isByStaff) continue;
    activities.push({
      eventId: `moodle:completion:${cmid}`,
      kind: 'completion',
      at: timecompleted,
      source: 'moodle',
      objectId: itemId,
    });
  }
  return { completions, activities };
}

/** Null for a post that was deleted. */
export function mapPost(
  { id, timecreated, isdeleted }: { id: number; timecreated?: number | undefined; isdeleted?: boolean | undefined },
  cmid: number,
): Activity | null {
  if (isdeleted || timecreated === undefined) return null;
  return {
    eventId: `moodle:post:${id}`,
    kind: 'forum-post',
    at: timecreated,
    source: 'moodle',
    objectId: String(cmid),
  };
}
