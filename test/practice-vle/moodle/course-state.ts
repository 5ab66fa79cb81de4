import type { CourseEvent, CourseModule, Enrolment, PracticeCourse } from '../practice-course.ts';

/** What Moodle's tables would hold about one person's work on one assignment at an instant. */
export interface Submission {
  id: number;
  userId: number;
  createdAt: number;
  modifiedAt: number;
  status: 'draft' | 'submitted';
}

const SAVING = new Set([
  'submission-added',
  'submission-created',
  'submission-updated',
  'submission-sent',
  'resubmission-sent',
]);

/** The modules of a course that are there at `now`. */
export const visibleModules = (course: PracticeCourse, now: number): CourseModule[] =>
  course.modules.filter((module) => module.appearsAt <= now && now < module.goesAt);

/** The part of a person's log that has happened by `now`. */
export function eventsUntil(enrolment: Enrolment, now: number): CourseEvent[] {
  const { events } = enrolment;
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.at ?? 0) <= now) low = middle + 1;
    else high = middle;
  }
  return events.slice(0, low);
}

/**
 * Completion of one module at `now`, in epoch seconds, or 0. What Moodle tracks by itself is complete once the log first
 * says so; what people tick by hand goes back and forth.
 */
export function completedAt(module: CourseModule, enrolment: Enrolment, now: number): number {
  const changes = eventsUntil(enrolment, now).filter(
    (event) => event.moduleId === module.id && event.action === 'completion-updated',
  );
  if (module.tracking === 2) return changes[0]?.at ?? 0;
  return changes.length % 2 === 1 ? (changes.at(-1)?.at ?? 0) : 0;
}

/** A person's submission to an assignment as it stands at `now`; undefined when there is none. */
export function submissionOf(module: CourseModule, enrolment: Enrolment, now: number): Submission | undefined {
  if (module.modname !== 'assign' || enrolment.role !== 'student') return undefined;
  const own = eventsUntil(enrolment, now).filter(
    (event) => event.moduleId === module.id && (SAVING.has(event.action) || event.action === 'submission-submitted'),
  );
  const [first] = own;
  if (!first) return undefined;
  const isSubmitted = !module.needsSubmitButton || own.some((event) => event.action === 'submission-submitted');
  return {
    id: module.instance * 1_000_000 + enrolment.person.id,
    userId: enrolment.person.id,
    createdAt: first.at,
    modifiedAt: own.at(-1)?.at ?? first.at,
    status: isSubmitted ? 'submitted' : 'draft',
  };
}

export const isStudent = (enrolment: Enrolment) => enrolment.role === 'student';

export const studentsOf = (course: PracticeCourse): Enrolment[] => [...course.enrolments.values()].filter(isStudent);
