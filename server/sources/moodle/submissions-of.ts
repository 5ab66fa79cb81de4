import type { Submission } from '../../domain/facts.ts';

/** What is known of each student's work, by Moodle's user id; one entry for an assessment at most. */
export type SubmissionsOf = Map<number, Submission[]>;

/** Adds to what is known of one student's work on one assessment. */
export function amendSubmission(own: Submission[], assessmentId: string, change: Partial<Submission>): void {
  const at = own.findIndex((submission) => submission.assessmentId === assessmentId);
  if (at < 0) own.push({ assessmentId, ...change });
  else own[at] = { ...own[at]!, ...change };
}

/** Of several submissions to one assessment, the earliest is when it was handed in. */
export function keepEarliest(own: Submission[] | undefined, submission: Submission): void {
  if (!own) return;
  const known = own.find(({ assessmentId }) => assessmentId === submission.assessmentId);
  const isEarlier = !known || (submission.submittedAt ?? Infinity) < (known.submittedAt ?? Infinity);
  if (isEarlier) amendSubmission(own, submission.assessmentId, submission);
}

/**
 * What was read, with what was known of the quizzes that there was no reason to read again. A `submittedAt` that is there and
 * undefined was read: nothing is handed in.
 */
export function mergeSubmissions(
  stored: readonly Submission[] | undefined,
  read: readonly Submission[],
  quizIds: ReadonlySet<string>,
): Submission[] {
  const known = (stored ?? []).filter(({ assessmentId }) => quizIds.has(assessmentId));
  const knownById = new Map(known.map((submission) => [submission.assessmentId, submission]));
  const fresh = new Set(read.map(({ assessmentId }) => assessmentId));
  return [
    // Another due time is read each time; the hand-in beside it may have been read before.
    ...read.flatMap((submission) => {
      const submittedAt =
        'submittedAt' in submission ? submission.submittedAt : knownById.get(submission.assessmentId)?.submittedAt;
      const { submittedAt: _, ...rest } = submission;
      const merged = { ...rest, ...(submittedAt !== undefined && { submittedAt }) };
      return Object.keys(merged).length > 1 ? [merged] : [];
    }),
    ...known
      .filter(({ assessmentId, submittedAt }) => !fresh.has(assessmentId) && submittedAt !== undefined)
      .map(({ assessmentId, submittedAt }) => ({ assessmentId, submittedAt })),
  ];
}
