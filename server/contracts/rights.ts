import { z } from 'zod';
import {
  challengeStates,
  challengeTopics,
  indicatorIds,
  requestStates,
  requestTopics,
  roles,
} from '../domain/vocabulary.ts';
import { requiredText, writtenText } from './written-text.ts';

export const requestAboutLimit = 2000;
export const requestWhenLimit = 300;
export const challengeLimit = 2000;

const idSchema = z.string().regex(/^[0-9a-f]{24}$/, 'Please choose one from the list.');
const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'Please give a date.');

export const contactRequestSchema = z.strictObject({ isOptedOut: z.boolean() });
export const withdrawRequestSchema = z.strictObject({ rev: z.number().int().min(1) });

export const supportAskSchema = z.strictObject({
  /** One of the staff who are offered; absent: whoever can. */
  withPersonId: idSchema.optional(),
  channel: z.string().min(1, 'Please choose how you would like to talk.').max(60),
  topic: z.enum(requestTopics).optional(),
  when: writtenText(requestWhenLimit).optional(),
  about: writtenText(requestAboutLimit).optional(),
});
export type SupportAsk = z.infer<typeof supportAskSchema>;

const stepSchema = <State extends z.ZodType>(state: State) => z.object({ state, at: z.number() });

export const supportRequestSchema = z.object({
  id: z.string(),
  with: z.string().optional(),
  channel: z.string(),
  topic: z.enum(requestTopics).optional(),
  when: z.string().optional(),
  about: z.string().optional(),
  state: z.enum(requestStates),
  reply: z.string().optional(),
  answeredBy: z.string().optional(),
  meetingAt: z.number().optional(),
  askedAt: z.number(),
  history: z.array(stepSchema(z.enum(requestStates))),
  rev: z.number(),
});
export type SupportRequest = z.infer<typeof supportRequestSchema>;

/** What the student says is so; each kind is what a correction can hold. */
export const proposedCorrectionSchema = z.discriminatedUnion('about', [
  z.strictObject({ about: z.literal('active-day'), day: daySchema }),
  z.strictObject({ about: z.literal('submission'), assessmentId: z.string().max(200), submittedOn: daySchema }),
  z.strictObject({ about: z.literal('excused'), assessmentId: z.string().max(200) }),
]);

export const challengeRequestSchema = z.strictObject({
  topic: z.enum(challengeTopics),
  subject: z.string().max(200).optional(),
  text: requiredText(challengeLimit, 'Please say in a few words what is not right.'),
  proposed: proposedCorrectionSchema.optional(),
});
export type ChallengeRequest = z.infer<typeof challengeRequestSchema>;

export const challengeSchema = z.object({
  id: z.string(),
  topic: z.enum(challengeTopics),
  label: z.string().optional(),
  text: z.string(),
  state: z.enum(challengeStates),
  answer: z.string().optional(),
  answeredBy: z.string().optional(),
  answeredAt: z.number().optional(),
  raisedAt: z.number(),
  history: z.array(stepSchema(z.enum(challengeStates))),
  rev: z.number(),
});
export type Challenge = z.infer<typeof challengeSchema>;

export const serviceSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  url: z.string().optional(),
  /** What of the student's own figures it fits now; empty where it is for everybody. */
  fits: z.array(z.enum(indicatorIds)),
});
export type Service = z.infer<typeof serviceSchema>;

const staffSchema = z.object({ id: z.string(), name: z.string(), role: z.enum(roles) });
/** Where a person can turn: an office's name and an address. */
const routeSchema = z.object({
  name: z.string(),
  description: z.string(),
  url: z.string().optional(),
  phone: z.string().optional(),
});
export type Route = z.infer<typeof routeSchema>;

export const supportReplySchema = z.object({
  staff: z.array(staffSchema),
  channels: z.array(z.object({ id: z.string(), label: z.string() })),
  requests: z.array(supportRequestSchema),
  services: z.array(serviceSchema),
  route: routeSchema,
});
export type SupportReply = z.infer<typeof supportReplySchema>;

export const rightsReplySchema = z.object({
  optOut: z.object({ isAllowed: z.boolean(), effect: z.string(), since: z.number().optional() }),
  /** Who looked at or changed what, the newest first. */
  looks: z.array(z.object({ at: z.number(), by: z.string(), role: z.enum(roles), deed: z.string() })),
  challenges: z.array(challengeSchema),
  expectations: z.object({
    intro: z.string(),
    points: z.array(z.string()),
    whoMakesContact: z.string(),
    whatContactLooksLike: z.string(),
    yourPart: z.string(),
    staff: z.array(staffSchema),
  }),
  principles: z.array(z.string()),
  /** In the order in which they are meant to be taken, the informal one first. */
  complaints: z.array(routeSchema),
  questions: routeSchema,
  keptDays: z.object({ course: z.number(), audit: z.number() }),
  sources: z.array(z.object({ title: z.string(), url: z.string().optional() })),
});
export type RightsReply = z.infer<typeof rightsReplySchema>;
