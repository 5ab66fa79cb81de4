import { z } from 'zod';
import { accountNames, dropReasons, scheduledJobs, sourceIds } from '../domain/vocabulary.ts';

/** The administration page: the system, never the people in it. Times are milliseconds since the epoch. */

const id = z.string();
const address = z.string().trim().min(1).max(1_000);
const shortText = z.string().trim().min(1).max(255);

export const newPlatformSchema = z.strictObject({
  name: shortText,
  issuer: address,
  clientId: shortText,
  authenticationEndpoint: address,
  tokenEndpoint: address,
  jwksUri: address,
  deploymentId: shortText.optional(),
});
export type NewPlatform = z.infer<typeof newPlatformSchema>;

export const activitySwitchSchema = z.strictObject({ isActive: z.boolean() });
export const deploymentSchema = z.strictObject({ deploymentId: shortText });
export const moodleEntrySchema = z.strictObject({
  baseUrl: address.transform((url) => url.replace(/\/+$/, '')),
  token: z.string().trim().min(10).max(200),
});
/**
 * `homePage`: the accounts of another site that this feed may speak of, for systems that do not use the platform's own;
 * `names`: what such an account's name is.
 */
export const newFeedSchema = z.strictObject({
  kind: z.enum(['xapi', 'caliper']),
  name: shortText,
  homePage: z
    .url({ protocol: /^https?$/, message: 'must be an address such as https://capture.example.ac.uk' })
    .optional(),
  names: z.enum(accountNames).default('username'),
});
export type NewFeed = z.output<typeof newFeedSchema>;

export const moodleStateSchema = z.object({
  baseUrl: z.string(),
  testedAt: z.number().optional(),
  problem: z.string().optional(),
  /** Functions that the token may not call, and what is lost without each. */
  missing: z.array(z.object({ name: z.string(), without: z.string() })),
});

export const moodleTestReplySchema = z.object({
  state: moodleStateSchema,
  isAccepted: z.boolean(),
  release: z.string().optional(),
  warnings: z.array(z.string()),
  /** Courses that are being read now because this connection is new or may do more than before. */
  coursesQueued: z.number(),
});
export type MoodleTestReply = z.infer<typeof moodleTestReplySchema>;

const feedSchema = z.object({
  id,
  kind: z.enum(['xapi', 'caliper']),
  name: z.string(),
  key: z.string(),
  isActive: z.boolean(),
  lastReceivedAt: z.number().optional(),
  received: z.number(),
  stored: z.number(),
  dropped: z.partialRecord(z.enum(dropReasons), z.number()),
  /** Sites besides the platform's own whose accounts it may speak of. */
  homes: z.array(z.object({ homePage: z.string(), names: z.enum(accountNames) })),
});

/** The secret is in this answer and in no later one. */
export const newFeedReplySchema = z.object({
  id,
  key: z.string(),
  secret: z.string(),
  bearerToken: z.string(),
  endpoint: z.string(),
});
export type NewFeedReply = z.infer<typeof newFeedReplySchema>;

export const platformSchema = z.object({
  id,
  name: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  authenticationEndpoint: z.string(),
  tokenEndpoint: z.string(),
  jwksUri: z.string(),
  deploymentIds: z.array(z.string()),
  isActive: z.boolean(),
  /** The registration that this administrator came in by. */
  isOwn: z.boolean(),
  productFamily: z.string().optional(),
  moodle: moodleStateSchema.optional(),
  feeds: z.array(feedSchema),
});
export type PlatformReply = z.infer<typeof platformSchema>;

const sourceStateSchema = z.object({
  source: z.enum(sourceIds),
  speaksOf: z.array(z.string()),
  triedAt: z.number().optional(),
  okAt: z.number().optional(),
  failedBecause: z.string().optional(),
  /** The platform keeps to itself when people were last in the course. */
  isAccessHidden: z.boolean(),
  notes: z.array(z.string()),
  gaps: z.array(z.object({ from: z.string(), to: z.string() })),
  read: z.number(),
  stored: z.number(),
  dropped: z.partialRecord(z.enum(dropReasons), z.number()),
});

const courseSchema = z.object({
  id,
  title: z.string(),
  label: z.string().optional(),
  platform: z.string(),
  lastLaunchedAt: z.number(),
  refreshedAt: z.number().optional(),
  computedAt: z.number().optional(),
  calendarFrom: z.enum(['assumed', 'launch', 'moodle', 'tutor']),
  firstDay: z.string(),
  lastDay: z.string(),
  students: z.number(),
  sources: z.array(sourceStateSchema),
});

/** A page of courses, those opened last first. */
export const courseQuerySchema = z.strictObject({
  search: z.string().trim().max(200).default(''),
  only: z.enum(['all', 'troubled']).default('all'),
  page: z.coerce.number().int().min(0).max(10_000).default(0),
});
export type CourseQuery = z.output<typeof courseQuerySchema>;

export const adminCoursesSchema = z.object({
  total: z.number(),
  /** Courses on a page; the last may hold fewer. */
  perPage: z.number(),
  courses: z.array(courseSchema),
});
export type AdminCourses = z.infer<typeof adminCoursesSchema>;

/** Work that nobody asks for. `isLate`: it was due a while ago, and no process has taken it up. */
const scheduledJobSchema = z.object({
  name: z.enum(scheduledJobs),
  lastDoneAt: z.number().optional(),
  isLate: z.boolean(),
});

export const adminOverviewSchema = z.object({
  checkedAt: z.number(),
  database: z.object({ isUp: z.boolean(), isEmbedded: z.boolean(), pingMs: z.number().optional() }),
  /** None where no process does any. */
  jobs: z.array(scheduledJobSchema),
  /** How many stored texts none of the encryption keys opened when all were last gone through; absent before. */
  sealedTexts: z.object({ unopened: z.number(), checkedAt: z.number() }).optional(),
  policy: z.string(),
  tool: z.object({ login: z.string(), launch: z.string(), keys: z.string(), register: z.string() }),
  /** Whether a platform can register itself now, and until when. */
  registration: z.object({ isOpen: z.boolean(), until: z.number().optional() }),
  platforms: z.array(platformSchema),
  /** `troubled`: of which a source could not be read when it was last tried. */
  courses: z.object({ opened: z.number(), troubled: z.number() }),
});
export type AdminOverview = z.infer<typeof adminOverviewSchema>;
