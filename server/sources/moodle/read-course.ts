import type { z } from 'zod';
import type { Assessment, CourseItem, SourceTopic } from '../../domain/facts.ts';
import type { MoodleClient } from './client.ts';
import { MoodleFailure } from './failure.ts';
import { mapAssessments, mapItems } from './course-structure.ts';
import { attemptReading, type Loss } from './loss.ts';
import { readUnseen } from './read-unseen.ts';
import {
  calendarSchema,
  contentsSchema,
  coursesSchema,
  enrolledUsersSchema,
  updatesSchema,
  type MoodleUser,
} from './replies.ts';
import { assignmentsSchema, quizzesSchema, type MoodleAssignment, type MoodleQuiz } from './work-replies.ts';

export interface CourseReading {
  readonly startsAt?: number | undefined;
  readonly endsAt?: number | undefined;
  /** Undefined where they could not be read. */
  readonly users?: readonly MoodleUser[] | undefined;
  readonly items?: readonly CourseItem[] | undefined;
  readonly assessments?: readonly Assessment[] | undefined;
  readonly assignments: readonly MoodleAssignment[];
  readonly quizzes: readonly MoodleQuiz[];
  /** Access restrictions of activities that have any, by course-module id; undefined where the contents could not be read. */
  readonly restrictions?: ReadonlyMap<string, string> | undefined;
  /** How many modules of each kind the contents list. */
  readonly modules: ReadonlyMap<string, number>;
  /** Course-module ids with any change since the given time; undefined where the change feed is not to be had. */
  readonly changes?: ReadonlyMap<number, ReadonlySet<string>> | undefined;
  readonly losses: readonly Loss[];
}

/**
 * Reads what concerns the whole course, one call each. Takes Moodle's course id and the time of the last complete
 * reading (milliseconds). A function that fails is lost alone, and so is one by which Moodle leaves out what the service user
 * may not see; a refused token or a site that is away throws MoodleFailure, as nothing else can succeed.
 */
export async function readCourse(client: MoodleClient, courseId: number, since?: number): Promise<CourseReading> {
  const losses: Loss[] = [];
  const attempt = <T>(speaksOf: SourceTopic[], read: () => Promise<T>) => attemptReading(losses, speaksOf, read);
  // The list of people first and alone: where the token is refused or the site away, nothing more is asked.
  const users = await attempt(['presence'], () =>
    client.call('core_enrol_get_enrolled_users', { courseid: courseId }, enrolledUsersSchema),
  );
  const [first] = losses;
  if (first?.trouble === 'unreachable') throw new MoodleFailure(first.trouble, first.functionName, first.detail);
  const [course, sections, assignments, quizzes, events, updates] = await Promise.all([
    attempt([], async () => {
      const { courses } = await client.call(
        'core_course_get_courses_by_field',
        { field: 'id', value: courseId },
        coursesSchema,
      );
      return courses.find(({ id }) => id === courseId);
    }),
    attempt(['completion'], () => client.call('core_course_get_contents', { courseid: courseId }, contentsSchema)),
    attempt(['submissions'], () => readAssignments(client, courseId)),
    attempt(['submissions'], async () => {
      const params = { courseids: [courseId] };
      return (await client.call('mod_quiz_get_quizzes_by_courses', params, quizzesSchema)).quizzes;
    }),
    // Without it nobody can say by when completion is expected.
    attempt(['completion'], () => readEvents(client, courseId)),
    since === undefined
      ? undefined
      : attempt([], async () => {
          const params = { courseid: courseId, since: Math.floor(since / 1000) };
          return (await client.call('core_course_get_updates_since', params, updatesSchema)).instances;
        }),
  ]);
  const modules = countModules(sections ?? []);
  const parts = {
    course,
    sections: sections ?? [],
    assignments: assignments?.seen ?? [],
    quizzes: quizzes ?? [],
    events: events ?? [],
  };
  // Half the list would read as "nothing else is due".
  const areListed = assignments !== undefined && quizzes !== undefined;
  const unseen = areListed
    ? await readUnseen(client, courseId, { ...parts, modules, hiddenAssignments: assignments.hidden, users })
    : [];
  losses.push(...unseen);
  const restrictions = sections && readRestrictions(sections, losses);
  const isWhole = areListed && !unseen.some(({ speaksOf }) => speaksOf.includes('submissions'));
  return {
    startsAt: course?.startdate,
    endsAt: course?.enddate,
    users,
    items: sections && events && mapItems(parts),
    assessments: isWhole ? mapAssessments(parts) : undefined,
    assignments: parts.assignments,
    quizzes: parts.quizzes,
    restrictions,
    modules,
    changes:
      updates &&
      new Map(
        updates
          .filter(({ contextlevel }) => contextlevel === 'module')
          .map(({ id, updates: areas }) => [id, new Set(areas.map(({ name }) => name))]),
      ),
    losses,
  };
}

/** Those that may be seen, and how many Moodle names in warnings only: hidden ones, or all without mod/assign:view. */
async function readAssignments(client: MoodleClient, courseId: number) {
  const name = 'mod_assign_get_assignments';
  // Without the flag a caller who is not enrolled gets an empty list and a warning.
  const params = { courseids: [courseId], includenotenrolledcourses: true };
  const { courses, warnings } = await client.call(name, params, assignmentsSchema);
  const own = courses.find(({ id }) => id === courseId);
  if (!own && warnings.length > 0) {
    throw new MoodleFailure('not-permitted', name, 'the service user may not see this course (moodle/course:view)');
  }
  return { seen: own?.assignments ?? [], hidden: warnings.filter(({ item }) => item === 'module').length };
}

async function readEvents(client: MoodleClient, courseId: number) {
  const name = 'core_calendar_get_calendar_events';
  const params = { events: { courseids: [courseId] }, options: { userevents: false, siteevents: false } };
  const { events, warnings } = await client.call(name, params, calendarSchema);
  if (warnings.some(({ item }) => item === 'course')) {
    throw new MoodleFailure('not-permitted', name, 'the service user may not see this course (moodle/course:view)');
  }
  return events;
}

/** Moodle names them only to who may see hidden activities, and leaves them out without an error. */
function readRestrictions(sections: z.output<typeof contentsSchema>, losses: Loss[]): Map<string, string> {
  const modules = sections.flatMap((section) => section.modules);
  if (modules.length > 0 && modules.every(({ availability }) => availability === undefined)) {
    const functionName = 'core_course_get_contents';
    const detail =
      'the service user may not see to whom activities are restricted (moodle/course:viewhiddenactivities): quizzes and steps that only some students can open count for all';
    losses.push({
      functionName,
      trouble: 'not-permitted',
      detail,
      message: `${functionName}: ${detail}`,
      speaksOf: [],
    });
    return new Map();
  }
  return new Map(
    modules.flatMap(({ id, availability }) => (availability ? [[String(id), availability] as const] : [])),
  );
}

function countModules(sections: readonly { readonly modules: readonly { readonly modname: string }[] }[]) {
  const counts = new Map<string, number>();
  for (const { modname } of sections.flatMap(({ modules }) => modules)) {
    counts.set(modname, (counts.get(modname) ?? 0) + 1);
  }
  return counts;
}
