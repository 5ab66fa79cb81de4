import type { CourseEvent, CourseModule, PracticeCourse } from './practice-course.ts';
import { fullName, type Person } from './people.ts';
import type { Site } from './site.ts';

/**
 * The course log as Moodle's logstore_xapi sends it: statements without ids, the account's name being the user number.
 * Only what that plugin has a transformer for is sent; the rest of the log stays where it is.
 */
const VERBS: Record<string, { id: string; display: string }> = {
  'course-viewed': { id: 'http://id.tincanapi.com/verb/viewed', display: 'Viewed' },
  'module-viewed': { id: 'http://id.tincanapi.com/verb/viewed', display: 'Viewed' },
  'submission-sent': { id: 'http://activitystrea.ms/schema/1.0/submit', display: 'Submitted' },
  'completion-updated': { id: 'http://adlnet.gov/expapi/verbs/completed', display: 'Completed' },
};

/** Every statement of a course between two times (epoch seconds, the first excluded, the second included), oldest first. */
export function* statementsOf(site: Site, course: PracticeCourse, after: number, until: number): Generator<object> {
  const modules = new Map(course.modules.map((module) => [module.id, module]));
  const all = [...course.enrolments.values()].flatMap(({ person, events }) =>
    events.filter(({ at, action }) => at > after && at <= until && action in VERBS).map((event) => ({ person, event })),
  );
  all.sort((a, b) => a.event.at - b.event.at);
  for (const { person, event } of all) {
    const module = modules.get(event.moduleId);
    if (event.action === 'course-viewed' || module) yield statement(site, course, person, event, module);
  }
}

function statement(
  site: Site,
  course: PracticeCourse,
  person: Person,
  event: CourseEvent,
  module?: CourseModule,
): object {
  const activity = (id: string, type: string, name: string) => ({
    objectType: 'Activity',
    id,
    definition: { type, name: { en: name } },
  });
  const verb = VERBS[event.action]!;
  const inCourse = activity(
    `${site.url}/course/view.php?id=${course.id}`,
    'https://w3id.org/xapi/cmi5/activitytype/course',
    course.fullName,
  );
  const inModule =
    module && activity(`${site.url}/mod/${module.modname}/view.php?id=${module.id}`, moduleType(module), module.name);
  const isSubmission = event.action === 'submission-sent' && inModule;
  const object = isSubmission
    ? activity(
        `${inModule.id}#submission`,
        'https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/submission',
        `${module.name} Submission`,
      )
    : (inModule ?? inCourse);
  const parents = [...(isSubmission ? [inModule] : []), ...(object === inCourse ? [] : [inCourse])];
  return {
    context: {
      platform: 'Moodle',
      language: 'en',
      contextActivities: {
        ...(parents.length > 0 && { parent: parents }),
        category: [activity(site.url, 'http://id.tincanapi.com/activitytype/lms', site.name)],
      },
    },
    timestamp: new Date(event.at * 1000).toISOString(),
    actor: {
      ...(site.withholdsNames ? {} : { name: fullName(person) }),
      account: { homePage: site.url, name: String(person.id) },
    },
    verb: { id: verb.id, display: { en: verb.display } },
    object,
    ...(event.action === 'completion-updated' && { result: { completion: true } }),
  };
}

function moduleType({ modname }: CourseModule): string {
  if (modname === 'assign') return 'https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/assignment';
  if (modname === 'url') return 'http://adlnet.gov/expapi/activities/link';
  return 'http://id.tincanapi.com/activitytype/resource';
}

/** Where and with what logstore_xapi is set up to send. */
export interface StatementTarget {
  /** Without `/statements`. */
  readonly endpoint: string;
  readonly username: string;
  readonly password: string;
}

/**
 * Sends statements in batches as the plugin's scheduled task does; only 200 counts as taken. Returns how many were sent;
 * rejects at the first batch that is refused, as the plugin keeps it for its next run.
 */
export async function pushStatements(
  statements: Iterable<object>,
  target: StatementTarget,
  batchSize = 30,
): Promise<number> {
  let sent = 0;
  let batch: object[] = [];
  const send = async () => {
    if (batch.length === 0) return;
    const response = await fetch(`${target.endpoint}/statements`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${target.username}:${target.password}`).toString('base64')}`,
        'content-type': 'application/json',
        'x-experience-api-version': '1.0.3',
      },
      body: JSON.stringify(batch),
    });
    if (response.status !== 200) throw new Error(`The record store answered ${response.status}.`);
    await response.arrayBuffer();
    sent += batch.length;
    batch = [];
  };
  for (const one of statements) {
    batch.push(one);
    if (batch.length >= batchSize) await send();
  }
  await send();
  return sent;
}
