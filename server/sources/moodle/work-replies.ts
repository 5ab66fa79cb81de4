import { z } from 'zod';
import { bit, id, time, warningsSchema } from './reply-fields.ts';

/** What Waymark reads of assignments and quizzes; essays, marks and feedback are dropped as they arrive. */

export const assignmentsSchema = z.object({
  courses: z.array(
    z.object({
      id,
      assignments: z.array(
        z.object({
          id,
          cmid: id,
          name: z.string(),
          nosubmissions: bit,
          duedate: time,
          allowsubmissionsfromdate: time,
          teamsubmission: bit,
        }),
      ),
    }),
  ),
  warnings: warningsSchema,
});
export type MoodleAssignment = z.output<typeof assignmentsSchema>['courses'][number]['assignments'][number];

const submissionSchema = z.object({
  id,
  /** 0 for a team's submission. */
  userid: id,
  groupid: id.default(0),
  status: z.string(),
  timemodified: time,
  /** From 0; the list holds the latest attempt only. */
  attemptnumber: z.number().int().default(0),
});
export type MoodleSubmission = z.output<typeof submissionSchema>;

/** Of one assignment. Essays come along in each submission. */
export const submissionsSchema = {
  name: 'submissions',
  element: submissionSchema,
  rest: z.object({ assignments: z.array(z.object({ assignmentid: id })), warnings: warningsSchema }),
};

export const participantsSchema = z.array(
  z.object({ id, submitted: bit.optional(), grantedextension: bit.optional() }),
);

/** The due time that holds for one student, overrides included and extensions not. */
export const participantSchema = z.object({ id, duedate: time });

export const submissionStatusSchema = z.object({
  lastattempt: z.object({ extensionduedate: time }).optional(),
  previousattempts: z
    .array(z.object({ submission: submissionSchema.nullish() }))
    .nullish()
    .transform((attempts) => (attempts ?? []).flatMap(({ submission }) => submission ?? [])),
});

export const quizzesSchema = z.object({
  quizzes: z.array(
    z.object({
      id,
      coursemodule: id,
      name: z.string(),
      visible: bit.default(true),
      timeopen: time,
      timeclose: time,
    }),
  ),
});
export type MoodleQuiz = z.output<typeof quizzesSchema>['quizzes'][number];

/** Undefined where an override leaves the closing time as it is. */
const overriddenTime = z
  .number()
  .int()
  .nullish()
  .transform((seconds) =>
    seconds === 0 ? ('never' as const) : seconds === null || seconds === undefined ? undefined : seconds * 1000,
  );

export const overridesSchema = z.object({
  overrides: z.array(z.object({ userid: id.nullish(), groupid: id.nullish(), timeclose: overriddenTime })),
});
export type MoodleOverride = z.output<typeof overridesSchema>['overrides'][number];

export const attemptsSchema = z.object({
  attempts: z.array(
    z.object({
      id,
      quiz: id,
      preview: bit.optional(),
      state: z.string(),
      timestart: time,
      timefinish: time,
    }),
  ),
});
