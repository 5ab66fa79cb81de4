import type { CourseAt } from './course-at.ts';
import { isExempt } from './due-assessments.ts';
import type { CourseItem, Submission } from './facts.ts';
import type { SeenStudent } from './seen-student.ts';
import type { NoDataReason } from './vocabulary.ts';

/** How far a student has come with what was expected to be complete by now. */
export interface ExpectedItems {
  readonly expected: number;
  readonly completed: number;
  /** Expected before joining or in a pause, not asked of this student or not yet, and not complete. Not among those expected. */
  readonly leftOut: number;
  /** Of those that are not complete the first, to be named. */
  readonly firstMissing: readonly CourseItem[];
}

/** So many of the activities that are not complete are named; the others are counted. */
const namedAtMost = 5;

/**
 * Counts what was expected by now; undefined where no source reads completion and nobody corrected it. An item that is
 * handed in, too, is expected by the student's own due time.
 */
export function countExpectedItems(
  student: SeenStudent,
  submissions: ReadonlyMap<string, Submission> | undefined,
  at: CourseAt,
): ExpectedItems | undefined {
  const { completions, corrections, notAsked } = student.student;
  const corrected = corrections.length === 0 ? undefined : corrections.filter((each) => each.about === 'completion');
  if (completions === undefined && !corrected?.length) return undefined;

  const isComplete = new Uint8Array(at.expectedItems.length);
  for (const known of [completions, corrected])
    for (const { itemId, completedAt } of known ?? []) {
      const place = at.expectedPlaces.get(itemId);
      if (place !== undefined && completedAt !== undefined && completedAt <= at.now) isComplete[place] = 1;
    }

  let completed = 0;
  let leftOut = 0;
  const firstMissing: CourseItem[] = [];
  let place = 0;
  for (const { item, day } of at.expectedItems) {
    if (isComplete[place++] === 1) completed++;
    else if (isExempt(day, student, at) || notAsked?.includes(item.id) || isAskedLater(submissions?.get(item.id), at))
      leftOut++;
    else if (firstMissing.length < namedAtMost) firstMissing.push(item);
  }
  return { expected: at.expectedItems.length - leftOut, completed, leftOut, firstMissing };
}

function isAskedLater(submission: Submission | undefined, at: CourseAt): boolean {
  if (submission === undefined) return false;
  const { extendedTo, isExcused, isDueUnknown } = submission;
  return isExcused === true || (extendedTo === undefined ? isDueUnknown === true : extendedTo >= at.now);
}

/** Why nothing was expected of a student so far, where nothing was. */
export function whyNothingExpected({ leftOut }: ExpectedItems, at: CourseAt): NoDataReason {
  if (leftOut > 0) return 'exempt';
  const tracked = at.course.items.filter(({ isTracked }) => isTracked);
  // Many courses track completion and date none of it: an activity that may be done at any time is never late.
  const isUndated = tracked.length > 0 && tracked.every(({ expectedBy }) => expectedBy === undefined);
  return isUndated ? 'no-dates' : 'nothing-due';
}
