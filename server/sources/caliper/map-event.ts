import { z } from 'zod';
import type { ActivityKind } from '../../domain/vocabulary.ts';
import { personRef, type CourseRef, type SourceEvent } from '../source-event.ts';
import { hashContent } from '../xapi/identity.ts';
import { ForeignAccount, foldHome, type AccountHome } from '../xapi/map-statement.ts';

/** An entity is named by its id alone, or described. */
const entitySchema = z.union([
  z
    .string()
    .transform((id) => ({ id, type: undefined, name: undefined, isPartOf: undefined, courseNumber: undefined })),
  z.looseObject({
    id: z.string().max(2000),
    type: z.string().optional(),
    name: z.string().nullish(),
    isPartOf: z.unknown().optional(),
    courseNumber: z.string().nullish(),
  }),
]);

/** What Waymark reads of a Caliper 1.2 event; the rest is dropped as it arrives. */
export const caliperEventSchema = z.looseObject({
  id: z.string().max(300).optional(),
  type: z.string(),
  actor: entitySchema,
  action: z.string(),
  object: entitySchema,
  eventTime: z.iso.datetime({ offset: true }),
  group: entitySchema.nullish(),
  target: entitySchema.nullish(),
});
export type CaliperEvent = z.output<typeof caliperEventSchema>;

export const envelopeSchema = z.object({
  sensor: z.string().max(2000),
  sendTime: z.string(),
  dataVersion: z.string().regex(/caliper\/v1p[12]/, 'must be Caliper 1.1 or 1.2'),
  data: z.array(z.unknown()).max(2000),
});

/** What type and action mean for engagement. `*`: any action of that type. */
const kinds: Readonly<Record<string, ActivityKind>> = {
  'SessionEvent LoggedIn': 'view',
  'NavigationEvent *': 'view',
  'ViewEvent *': 'view',
  'ReadingEvent *': 'view',
  'ToolUseEvent *': 'view',
  'ResourceManagementEvent Downloaded': 'view',
  'AssignableEvent Submitted': 'submission',
  'AssignableEvent Completed': 'completion',
  'AssignableEvent Started': 'view',
  'AssessmentEvent Started': 'quiz-attempt',
  'AssessmentEvent Restarted': 'quiz-attempt',
  'AssessmentEvent Submitted': 'submission',
  'AssessmentItemEvent Completed': 'quiz-attempt',
  'AssessmentEvent Resumed': 'quiz-attempt',
  'ForumEvent Subscribed': 'view',
  'ThreadEvent MarkedAsRead': 'view',
  'MessageEvent MarkedAsRead': 'view',
  'ThreadEvent Created': 'forum-post',
  'MessageEvent Posted': 'forum-post',
  'MediaEvent Started': 'lecture-capture',
  'MediaEvent Resumed': 'lecture-capture',
  'MediaEvent Restarted': 'lecture-capture',
  'MediaEvent Ended': 'lecture-capture',
};
/** Known, and not engagement with a course whatever their action, unless named above: a mark is never read. */
const known = [
  ...['SessionEvent', 'NavigationEvent', 'AssessmentEvent', 'AssessmentItemEvent', 'AssignableEvent', 'MediaEvent'],
  ...['ForumEvent', 'ThreadEvent', 'MessageEvent', 'GradeEvent', 'OutcomeEvent', 'ResourceManagementEvent'],
  ...['AnnotationEvent', 'FeedbackEvent', 'SearchEvent', 'SurveyEvent', 'SurveyInvitationEvent', 'QuestionnaireEvent'],
  ...['QuestionnaireItemEvent', 'ToolLaunchEvent'],
];

const longestId = 100;

/** Maps one event. What is no student activity comes back with the reason. Throws ForeignAccount. */
export function mapCaliperEvent(event: CaliperEvent, homes: readonly AccountHome[]): SourceEvent {
  const at = Date.parse(event.eventTime);
  const hash = hashContent(event);
  const id = event.id === undefined ? hash : event.id.length > longestId ? hashContent(event.id) : event.id;
  const base = { id, at, ...(event.id !== undefined && { contentHash: hash }) };
  const kind = kinds[`${event.type} ${event.action}`] ?? kinds[`${event.type} *`];
  if (!kind) {
    return { ...base, ignoredBecause: known.includes(event.type) ? 'event-not-of-interest' : 'event-unknown' };
  }
  const person = mapActor(event.actor.id, homes);
  if (!person) return { ...base, ignoredBecause: 'nobody-named' };
  const course = findCourse(event, homes);
  // To log in somewhere says nothing of a course; to begin a session in one does.
  const isSession = event.type === 'SessionEvent';
  if (!course) return { ...base, ignoredBecause: isSession ? 'event-not-of-interest' : 'no-course' };
  const cmid = /\/mod\/\w+\/view\.php\?(?:.*&)?id=(\d+)/.exec(event.object.id)?.[1];
  const objectId = cmid ?? event.object.id.slice(0, 300);
  const title = event.object.name ?? 'Recording';
  return {
    ...base,
    person,
    course,
    activity: { eventId: `caliper:${base.id}`, kind, at, source: 'caliper', ...(!isSession && { objectId }) },
    ...(kind === 'lecture-capture' && { recording: { recordingId: event.object.id, title, watchedAt: at } }),
  };
}

/** A person's id is an address on its site: a Moodle profile, or the site and a name at the end. */
function mapActor(id: string, homes: readonly AccountHome[]) {
  if (id.startsWith('mailto:')) return personRef('email', id.slice('mailto:'.length));
  if (!/^https?:/i.test(id)) return undefined;
  const home = homes.find(({ homePage }) => foldHome(id).startsWith(`${homePage}/`));
  if (!home) throw new ForeignAccount();
  const name = /[?&]id=([^&]+)/.exec(id)?.[1] ?? id.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return personRef(home.names, decode(name));
}

/** A name with a per-cent sign that stands for nothing is taken as it is. */
function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function findCourse({ group, object }: CaliperEvent, homes: readonly AccountHome[]): CourseRef | undefined {
  for (const entity of [group, object]) {
    const match = entity && /^(.*)\/course\/view\.php\?(?:.*&)?id=(\d+)/.exec(entity.id);
    if (match && homes.some(({ homePage }) => homePage === foldHome(match[1]!))) return { contextId: match[2]! };
  }
  if (group?.courseNumber) return { code: group.courseNumber };
  const last = group?.id.split('/').at(-1);
  return last ? { code: last } : undefined;
}
