import type { AccountNames, ActivityKind, DropReason } from '../../domain/vocabulary.ts';
import { personRef, type CourseRef, type PersonRef, type SourceEvent } from '../source-event.ts';
import { isObject, timeOfTimestamp } from './checks.ts';
import { deriveId, hashStatement } from './identity.ts';
import { voidedVerb, type ActivityObject, type Agent, type Statement } from './statement.ts';

/** Whose accounts a feed may speak of, and what an account's name is there. */
export interface AccountHome {
  /** As in `account.homePage`, without a slash at the end, in lower case. */
  readonly homePage: string;
  readonly names: AccountNames;
}

/** A statement about an account of a platform that this feed does not speak for. */
export class ForeignAccount extends Error {
  constructor() {
    super('is about an account of another platform than this feed speaks for');
    this.name = 'ForeignAccount';
  }
}

const video = 'https://w3id.org/xapi/video/verbs';
/** What a verb means for engagement. Some depend on what it was done to. */
const kindByVerb: Readonly<Record<string, ActivityKind>> = {
  'http://id.tincanapi.com/verb/viewed': 'view',
  'http://adlnet.gov/expapi/verbs/experienced': 'view',
  'http://adlnet.gov/expapi/verbs/launched': 'view',
  'http://adlnet.gov/expapi/verbs/interacted': 'view',
  'http://activitystrea.ms/schema/1.0/access': 'view',
  'https://w3id.org/xapi/dod-isd/verbs/downloaded': 'view',
  'http://id.tincanapi.com/verb/downloaded': 'view',
  'http://activitystrea.ms/schema/1.0/read': 'view',
  // To come into an online class; without "schema" it is said of whoever was put into a group.
  'http://activitystrea.ms/schema/1.0/join': 'view',
  'https://w3id.org/xapi/tla/verbs/resumed': 'view',
  'https://w3id.org/xapi/tla/verbs/suspended': 'view',
  'https://xapi.edlm/profiles/edlm-lms/concepts/verbs/restarted': 'view',
  'https://w3id.org/xapi/acrossx/verbs/edited': 'forum-post',
  'http://activitystrea.ms/schema/1.0/submit': 'submission',
  'http://activitystrea.ms/submit': 'submission',
  'http://adlnet.gov/expapi/verbs/answered': 'quiz-attempt',
  'http://activitystrea.ms/schema/1.0/start': 'quiz-attempt',
  'http://activitystrea.ms/start': 'quiz-attempt',
  'http://adlnet.gov/expapi/verbs/attempted': 'quiz-attempt',
  'http://id.tincanapi.com/verb/replied': 'forum-post',
  'http://adlnet.gov/expapi/verbs/commented': 'forum-post',
  'http://activitystrea.ms/schema/1.0/post': 'forum-post',
  'http://activitystrea.ms/create': 'forum-post',
  'http://activitystrea.ms/schema/1.0/create': 'forum-post',
  'http://adlnet.gov/expapi/verbs/completed': 'completion',
  // That it was done, never how well.
  'http://adlnet.gov/expapi/verbs/passed': 'completion',
  'http://adlnet.gov/expapi/verbs/failed': 'completion',
  'http://adlnet.gov/expapi/verbs/attended': 'attendance',
  [`${video}/played`]: 'lecture-capture',
  [`${video}/paused`]: 'lecture-capture',
  [`${video}/completed`]: 'lecture-capture',
  'http://activitystrea.ms/schema/1.0/watch': 'lecture-capture',
  'http://activitystrea.ms/schema/1.0/play': 'lecture-capture',
  'http://activitystrea.ms/watch': 'lecture-capture',
};
const attemptTypes = ['http://adlnet.gov/expapi/activities/attempt', 'http://adlnet.gov/expapi/activities/assessment'];
const postTypes = /discussion|forum|post/;
const jisc = 'http://xapi.jisc.ac.uk';

/**
 * Maps a sound statement. What is no student activity comes back with `ignoredBecause`. `receivedAt` stands in for a
 * missing timestamp. Throws ForeignAccount.
 */
export function mapStatement(
  statement: Statement,
  { homes, receivedAt }: { homes: readonly AccountHome[]; receivedAt: number },
): SourceEvent {
  const isVoiding = statement.verb.id === voidedVerb;
  // Who keeps the sender's records is nobody of the course, and may have an account anywhere.
  const person = isVoiding ? undefined : mapActor(statement.actor, homes);
  const id = statement.id?.toLowerCase() ?? deriveId(statement);
  const at = statement.timestamp === undefined ? receivedAt : timeOfTimestamp(statement.timestamp);
  const base = {
    id,
    ...(statement.id !== undefined && { contentHash: hashStatement(statement) }),
    at,
    ...(person && { person }),
  };
  const ignore = (ignoredBecause: DropReason): SourceEvent => ({ ...base, ignoredBecause });

  if (isVoiding) return { ...ignore('voiding'), voids: statement.object.id?.toLowerCase() };
  if (!person) return ignore('nobody-named');
  const { object } = statement;
  if (object.id === undefined) return ignore('object-not-an-activity');
  const kind = kindOf(statement, object);
  if (!kind) return ignore('verb-not-of-interest');
  const course = findCourse(statement, object, homes);
  if (!course) return ignore('no-course');
  const objectId = objectIdOf(statement, object);
  const activity = { eventId: `xapi:${id}`, kind, at, source: 'xapi' as const, ...(objectId && { objectId }) };

  if (kind === 'attendance') {
    const startsAt = timeOf(object.definition?.extensions?.[`${jisc}/starttime`]) ?? at;
    // Moodle's face-to-face names the whole activity, sends nothing of absences, and calls half a session not completed.
    const isOfMany = moodleModule.test(object.id);
    const wasAttended = isOfMany || statement.result?.completion !== false;
    const sessionId = isOfMany ? `${object.id}#${new Date(startsAt).toISOString().slice(0, 10)}` : object.id;
    const session = { sessionId, at: startsAt, wasAttended };
    // To have been absent is no activity.
    return { ...base, course, session, ...(wasAttended && { activity: { ...activity, objectId: sessionId } }) };
  }
  if (kind === 'lecture-capture') {
    const title = Object.values(object.definition?.name ?? {})[0] ?? 'Recording';
    return { ...base, course, activity, recording: { recordingId: object.id, title, watchedAt: at } };
  }
  return { ...base, course, activity };
}

function kindOf({ verb, result }: Statement, object: ActivityObject): ActivityKind | undefined {
  const kind = kindByVerb[verb.id.replace(/\/$/, '')] ?? kindByVerb[verb.id];
  const type = object.definition?.type ?? '';
  if (kind === 'completion') {
    if (result?.completion === false) return undefined;
    if (type.endsWith('/attempt')) return 'quiz-attempt';
    // To complete a course is decided by rules, not done on a day.
    if (type.endsWith('/activitytype/course')) return undefined;
  }
  if (kind === 'quiz-attempt' && verb.id.endsWith('/start') && !attemptTypes.includes(type)) return 'view';
  if (kind === 'forum-post' && /(create|edited)$/.test(verb.id) && !postTypes.test(type)) return undefined;
  // The same words are said of enrolments, where they are not the student's doing.
  if (/(resumed|suspended)$/.test(verb.id) && type.endsWith('/course')) return undefined;
  return kind;
}

/** Undefined for groups and for identifiers that no roster holds. */
function mapActor(actor: Agent, homes: readonly AccountHome[]): PersonRef | undefined {
  if (actor.objectType === 'Group') return undefined;
  if (actor.account) {
    const home = homes.find(({ homePage }) => homePage === foldHome(actor.account!.homePage));
    if (!home) throw new ForeignAccount();
    return personRef(home.names, actor.account.name);
  }
  if (actor.mbox) return personRef('email', actor.mbox.slice('mailto:'.length));
  if (actor.mbox_sha1sum) return personRef('emailSha1', actor.mbox_sha1sum);
  return undefined;
}

export function foldHome(url: string): string {
  return url.trim().toLowerCase().replace(/\/+$/, '');
}

/** The course's page among the object and the context, or the course area of Jisc's profiles. */
function findCourse(
  statement: Statement,
  object: ActivityObject,
  homes: readonly AccountHome[],
): CourseRef | undefined {
  const { contextActivities: context = {}, extensions } = statement.context ?? {};
  const around = [context.parent, context.grouping, context.other, context.category].flatMap((list) => list ?? []);
  for (const { id } of [object, ...around.flat()]) {
    const contextId = courseIdIn(id, homes);
    if (contextId !== undefined) return { contextId };
  }
  const area = extensions?.[`${jisc}/courseArea`];
  const candidates = isObject(area)
    ? [area[`${jisc}/vle_mod_id`], area['id'], area[`${jisc}/uddModInstanceID`]]
    : [extensions?.[`${jisc}/uddModInstanceID`]];
  for (const candidate of candidates) {
    if (typeof candidate !== 'string' || !candidate.trim()) continue;
    const contextId = courseIdIn(candidate, homes);
    return contextId === undefined ? { code: candidate.trim() } : { contextId };
  }
  return undefined;
}

/** A page of another site may have the same path: only the sites that the feed speaks for count. */
function courseIdIn(url: string, homes: readonly AccountHome[]): string | undefined {
  const match = /^(.*)\/course\/view\.php\?(?:.*&)?id=(\d+)/.exec(url);
  if (!match) return undefined;
  return homes.some(({ homePage }) => homePage === foldHome(match[1]!)) ? match[2] : undefined;
}

const moodleModule = /\/mod\/\w+\/view\.php\?(?:.*&)?id=(\d+)/;

/** The course-module id where the object, or what it belongs to, is a page of one; else the object's own id. */
function objectIdOf(statement: Statement, object: ActivityObject): string | undefined {
  const parents = [statement.context?.contextActivities?.parent ?? []].flat() as readonly ActivityObject[];
  const grouping = [statement.context?.contextActivities?.grouping ?? []].flat() as readonly ActivityObject[];
  for (const { id } of [object, ...parents, ...grouping]) {
    const match = moodleModule.exec(id);
    if (match) return match[1];
  }
  if (/\/course\/(view|section)\.php/.test(object.id)) return undefined;
  return object.id.length <= 300 ? object.id : undefined;
}

function timeOf(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
