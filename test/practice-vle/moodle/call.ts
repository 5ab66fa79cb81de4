import type { CourseModule, Enrolment, PracticeCourse } from '../practice-course.ts';
import type { Site } from '../site.ts';

/** An error as Moodle's REST server words it; it travels with status 200. */
export class MoodleException extends Error {
  readonly exception: string;
  readonly errorcode: string;
  constructor(exception: string, errorcode: string, message: string) {
    super(message);
    this.exception = exception;
    this.errorcode = errorcode;
  }
}

/** The parameters of one web-service call, PHP-style arrays already turned into lists and objects. */
export interface Call {
  site: Site;
  now: number;
  parameters: Record<string, unknown>;
}

export type WebServiceFunction = (call: Call) => unknown;

/** A whole-number parameter; Moodle refuses the call when it is required and missing. */
export function integerParameter({ parameters }: Call, name: string, fallback?: number): number {
  const value = parameters[name];
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value !== 'string' || !/^-?\d+$/.test(value)) {
    throw new MoodleException(
      'invalid_parameter_exception',
      'invalidparameter',
      `Invalid parameter value detected (Missing required key in single structure: ${name})`,
    );
  }
  return Number(value);
}

/** The items of a PHP-style array parameter; one that is missing is empty. */
export function listParameter({ parameters }: Call, name: string): unknown[] {
  const value = parameters[name];
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** The course with this number, or Moodle's answer for a course that is not there. */
export function findCourse(call: Call, courseId: number): PracticeCourse {
  const course = call.site.courses.find((one) => one.id === courseId);
  if (!course) {
    throw new MoodleException(
      'dml_missing_record_exception',
      'invalidrecord',
      "Can't find data record in database table course.",
    );
  }
  return course;
}

/** The assignment with this instance number, and its course. */
export function findAssignment(call: Call, instance: number): { course: PracticeCourse; module: CourseModule } {
  for (const course of call.site.courses) {
    const module = course.modules.find((one) => one.modname === 'assign' && instanceOf(course, one) === instance);
    if (module) return { course, module };
  }
  throw new MoodleException(
    'dml_missing_record_exception',
    'invalidrecord',
    "Can't find data record in database table assign.",
  );
}

/** Activity numbers are unique within their kind over the whole site, not only within a course. */
export const instanceOf = (course: PracticeCourse, module: CourseModule) =>
  course.resourceLinkId * 1000 + module.instance;

/** A person enrolled in the course, or Moodle's answer for one who is not. */
export function findEnrolment(course: PracticeCourse, userId: number): Enrolment {
  const enrolment = course.enrolments.get(userId);
  if (!enrolment) {
    throw new MoodleException(
      'core\\exception\\moodle_exception',
      'usernotenrolled',
      'This user is not enrolled in this course',
    );
  }
  return enrolment;
}
