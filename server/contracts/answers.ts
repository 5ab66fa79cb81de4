import { z } from 'zod';
import { challengeStates, challengeTopics, requestStates } from '../domain/vocabulary.ts';
import { daySchema, idSchema, longTextSchema, momentSchema, neededTextSchema, revSchema } from './fields.ts';

/** What students ask and say is wrong, and what staff answer. */

export const shownRequestSchema = z.object({
  id: idSchema,
  rev: revSchema,
  personId: idSchema,
  studentName: z.string(),
  state: z.enum(requestStates),
  askedAt: momentSchema,
  /** Absent: whoever of the team can. */
  withWhom: z.string().optional(),
  isForMe: z.boolean(),
  channel: z.string(),
  topic: z.string().optional(),
  when: z.string().optional(),
  about: z.string().optional(),
  reply: z.string().optional(),
  answeredBy: z.string().optional(),
  answeredAt: momentSchema.optional(),
  meetingAt: momentSchema.optional(),
});
export type ShownRequest = z.infer<typeof shownRequestSchema>;

export const shownChallengeSchema = z.object({
  id: idSchema,
  rev: revSchema,
  personId: idSchema,
  studentName: z.string(),
  state: z.enum(challengeStates),
  topic: z.enum(challengeTopics),
  label: z.string().optional(),
  text: z.string(),
  /** What the student says is so, in words, where it can be taken over as it stands. */
  proposed: z.string().optional(),
  raisedAt: momentSchema,
  /** What counts since it was accepted, in words. */
  settledWith: z.string().optional(),
  answer: z.string().optional(),
  answeredBy: z.string().optional(),
  answeredAt: momentSchema.optional(),
});
export type ShownChallenge = z.infer<typeof shownChallengeSchema>;

export const answersSchema = z.object({
  now: momentSchema,
  me: idSchema,
  requests: z.array(shownRequestSchema),
  challenges: z.array(shownChallengeSchema),
  /** What an accepted correction can be about. */
  assessments: z.array(z.object({ id: z.string(), title: z.string() })),
});
export type Answers = z.infer<typeof answersSchema>;

export const answerRequestSchema = z.strictObject({
  rev: revSchema,
  to: z.enum(['seen', 'arranged', 'done'], 'Say how it stands.'),
  /** The student reads this. */
  reply: longTextSchema.optional(),
  meetingAt: momentSchema.optional(),
});
export type AnswerRequestInput = z.infer<typeof answerRequestSchema>;

const whichOne = (what: string) => z.string(what).min(1, what).max(200);
const onWhichDay = z.number('Say on which day.').int().nonnegative();

const correctionSchema = z.discriminatedUnion(
  'about',
  [
    /** The student's own word as it stands. */
    z.strictObject({ about: z.literal('proposed') }),
    z.strictObject({ about: z.literal('active-day'), day: daySchema }),
    z.strictObject({
      about: z.literal('submission'),
      assessmentId: whichOne('Choose one of the assessments.'),
      submittedAt: onWhichDay,
    }),
    z.strictObject({ about: z.literal('excused'), assessmentId: whichOne('Choose one of the assessments.') }),
    z.strictObject({
      about: z.literal('completion'),
      itemId: whichOne('Choose one of the activities.'),
      completedAt: onWhichDay,
    }),
    z.strictObject({ about: z.literal('attendance'), sessionId: whichOne('Choose one of the sessions.') }),
  ],
  'Say what is so.',
);

/** What another correction than the student's own can be about, for one challenge. */
export const correctionChoicesSchema = z.object({
  assessments: z.array(z.object({ id: z.string(), title: z.string() })),
  items: z.array(z.object({ id: z.string(), title: z.string() })),
  /** Sessions of this student that are recorded as missed. */
  sessions: z.array(z.object({ id: z.string(), at: momentSchema })),
});
export type CorrectionChoices = z.infer<typeof correctionChoicesSchema>;

export const answerChallengeSchema = z.strictObject({
  rev: revSchema,
  to: z.enum(['looking', 'accepted', 'declined'], 'Say how you decide.'),
  answer: neededTextSchema,
  /** With `accepted`: what counts from the next computation on. */
  correction: correctionSchema.optional(),
});
export type AnswerChallengeInput = z.infer<typeof answerChallengeSchema>;
