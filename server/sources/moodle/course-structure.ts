import type { Assessment, CourseItem } from '../../domain/facts.ts';
import type { MoodleModule } from './replies.ts';
import type { MoodleAssignment, MoodleQuiz } from './work-replies.ts';

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

export interface MoodleCourseParts {
  readonly course?: { readonly startdate?: number | undefined; readonly format?: string | undefined } | undefined;
  readonly sections: readonly {
    readonly section?: number | undefined;
    readonly visible?: boolean | undefined;
    readonly modules: readonly MoodleModule[];
  }[];
  readonly assignments: readonly MoodleAssignment[];
  readonly quizzes: readonly MoodleQuiz[];
  readonly events: readonly {
    readonly modulename?: string | null | undefined;
    readonly instance?: number | null | undefined;
    readonly eventtype: string;
    readonly timestart?: number | undefined;
  }[];
}

/** Modules a student can see and act on, with the section they stand in. Ids are course-module ids everywhere. */
function* visibleModules(sections: MoodleCourseParts['sections']) {
  for (const { section, visible = true, modules } of sections) {
    if (!visible) continue;
    for (const module of modules) {
      if (module.visible && module.modname !== 'label') yield { module, section };
    }
  }
}

/** The items of a course, for coverage and completion. */
export function mapItems(parts: MoodleCourseParts): CourseItem[] {
  const expected = new Map<string, number>();
  for (const { modulename, instance, eventtype, timestart } of parts.events) {
    if (modulename && instance && eventtype === 'expectcompletionon' && timestart !== undefined) {
      expected.set(`${modulename}:${instance}`, timestart);
    }
  }
  const dueByModule = new Map<number, number | undefined>([
    ...parts.assignments.map(({ cmid, duedate }) => [cmid, duedate] as const),
    ...parts.quizzes.map(({ coursemodule, timeclose }) => [coursemodule, timeclose] as const),
  ]);
  return [...visibleModules(parts.sections)].map(({ module, section }): CourseItem => {
    const week = weekOfSection(parts.course, section);
    const opensAt = datesOf(module, opening)[0];
    const releasedAt = opensAt ?? week?.startsAt;
    const isTracked = module.completion > 0;
    const expectedBy =
      expected.get(`${module.modname}:${module.instance}`) ??
      dueByModule.get(module.id) ??
      datesOf(module, closing).at(-1) ??
      week?.endsAt;
    return {
      id: String(module.id),
      title: module.name,
      kind: module.modname,
      isTracked,
      ...(module.url !== undefined && { url: module.url }),
      ...(releasedAt !== undefined && { releasedAt }),
      ...(isTracked && expectedBy !== undefined && { expectedBy }),
    };
  });
}

// What each kind of activity calls the time from which, and until which, it takes what students do.
const opening = ['allowsubmissionsfromdate', 'timeopen', 'available', 'timeavailablefrom', 'submissionstart'];
/** A workshop has two phases in which students act. */
const closing = ['duedate', 'timeclose', 'deadline', 'timeavailableto', 'submissionend', 'assessmentend'];

/** The dates of these kinds that Moodle shows with an activity, the earliest first. */
function datesOf({ dates }: MoodleModule, names: readonly string[]): number[] {
  return dates
    .flatMap(({ dataid, timestamp }) => (dataid !== undefined && names.includes(dataid) ? [timestamp * 1000] : []))
    .sort((a, b) => a - b);
}

/** In the weekly format, section n stands for the n-th week after the course's start. */
function weekOfSection(course: MoodleCourseParts['course'], section: number | undefined) {
  if (course?.format !== 'weeks' || course.startdate === undefined || !section) return undefined;
  const startsAt = course.startdate + (section - 1) * weekMs;
  return { startsAt, endsAt: startsAt + weekMs - 1000 };
}

/** What is asked of students: assignments that take a submission, and quizzes; never hidden ones. */
export function mapAssessments(parts: MoodleCourseParts): Assessment[] {
  const visible = new Map([...visibleModules(parts.sections)].map(({ module }) => [module.id, module]));
  // Where the contents could not be read, hidden and shown can't be told apart: everything is taken as shown.
  const isShown = (cmid: number) => parts.sections.length === 0 || visible.has(cmid);
  const assignments = parts.assignments
    .filter(({ cmid, nosubmissions }) => !nosubmissions && isShown(cmid))
    .map(({ cmid, name, duedate }) => assessment('assignment', cmid, name, duedate, visible.get(cmid)?.url));
  const quizzes = parts.quizzes
    .filter(({ coursemodule, visible: isVisible }) => isVisible && isShown(coursemodule))
    .map(({ coursemodule, name, timeclose }) =>
      assessment('quiz', coursemodule, name, timeclose, visible.get(coursemodule)?.url),
    );
  return [...assignments, ...quizzes].sort((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity));
}

function assessment(
  kind: Assessment['kind'],
  cmid: number,
  title: string,
  dueAt: number | undefined,
  url: string | undefined,
): Assessment {
  return { id: String(cmid), title, kind, ...(dueAt !== undefined && { dueAt }), ...(url !== undefined && { url }) };
}
