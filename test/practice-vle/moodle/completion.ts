import { findCourse, findEnrolment, instanceOf, integerParameter, MoodleException, type Call } from './call.ts';
import { completionDetails } from './course.ts';
import { completedAt, isStudent, visibleModules } from './course-state.ts';

/** core_completion_get_activities_completion_status: one person's tracked activities. */
export function getActivitiesCompletion(call: Call): unknown {
  const course = findCourse(call, integerParameter(call, 'courseid'));
  const enrolment = findEnrolment(course, integerParameter(call, 'userid'));
  const tracked = visibleModules(course, call.now).filter((module) => module.tracking);
  const statuses = tracked.map((module) => {
    const timecompleted = completedAt(module, enrolment, call.now);
    return {
      cmid: module.id,
      modname: module.modname,
      instance: instanceOf(course, module),
      state: timecompleted ? 1 : 0,
      timecompleted,
      tracking: module.tracking,
      overrideby: null,
      valueused: false,
      hascompletion: true,
      isautomatic: module.tracking === 2,
      istrackeduser: isStudent(enrolment),
      uservisible: true,
      details: completionDetails(module, timecompleted > 0),
      isoverallcomplete: timecompleted > 0,
    };
  });
  return { statuses, warnings: [] };
}

/** core_completion_get_course_completion_status: no course here has completion criteria, and Moodle says so. */
export function getCourseCompletion(call: Call): never {
  findCourse(call, integerParameter(call, 'courseid'));
  throw new MoodleException(
    'core\\exception\\moodle_exception',
    'nocriteriaset',
    'No completion criteria set for this course',
  );
}
