import { fullName } from '../people.ts';
import type { CourseModule, Enrolment, PracticeCourse } from '../practice-course.ts';
import { findCourse, instanceOf, integerParameter, listParameter, MoodleException, type Call } from './call.ts';
import { studentsOf, submissionOf, visibleModules } from './course-state.ts';

/** gradereport_user_get_grade_items: the log holds no marks, so every item is without a value; userid 0 is everybody. */
export function getGradeItems(call: Call): unknown {
  const course = findCourse(call, integerParameter(call, 'courseid'));
  const userId = integerParameter(call, 'userid', 0);
  const assignments = visibleModules(course, call.now).filter((module) => module.modname === 'assign');
  const usergrades = studentsOf(course)
    .filter(({ person }) => userId === 0 || person.id === userId)
    .map((enrolment) => ({
      courseid: course.id,
      courseidnumber: course.idNumber,
      userid: enrolment.person.id,
      userfullname: fullName(enrolment.person),
      useridnumber: enrolment.person.idNumber,
      maxdepth: 2,
      gradeitems: assignments.map((module) => presentGradeItem(call, course, module, enrolment)),
    }));
  return { usergrades, warnings: [] };
}

const gradeItemId = (course: PracticeCourse, module: CourseModule) => instanceOf(course, module) + 10;

function presentGradeItem({ now }: Call, course: PracticeCourse, module: CourseModule, enrolment: Enrolment) {
  return {
    id: gradeItemId(course, module),
    itemname: module.name,
    itemtype: 'mod',
    itemmodule: 'assign',
    iteminstance: instanceOf(course, module),
    itemnumber: 0,
    idnumber: '',
    categoryid: course.resourceLinkId,
    outcomeid: null,
    scaleid: null,
    locked: false,
    cmid: module.id,
    weightraw: 0,
    weightformatted: '0.00 %',
    status: 'novalue',
    graderaw: null,
    gradedatesubmitted: submissionOf(module, enrolment, now)?.modifiedAt ?? null,
    gradedategraded: null,
    gradehiddenbydate: false,
    gradeneedsupdate: false,
    gradeishidden: false,
    gradeislocked: false,
    gradeisoverridden: false,
    gradeformatted: '-',
    grademin: 0,
    grademax: 100,
    rangeformatted: '0&ndash;100',
    percentageformatted: '-',
    feedback: '',
    feedbackformat: 2,
  };
}

/** mod_quiz_get_quizzes_by_courses: no course here has a quiz. */
export const getQuizzes = () => ({ quizzes: [], warnings: [] });

/** core_grades_get_gradeitems: what the grade book counts, whoever may see it. */
export function getGradeBook(call: Call): unknown {
  const course = findCourse(call, integerParameter(call, 'courseid'));
  const gradeItems = visibleModules(course, call.now)
    .filter((module) => module.modname === 'assign')
    .map((module) => ({ id: String(gradeItemId(course, module)), itemname: module.name, category: course.fullName }));
  return { gradeItems, warnings: [] };
}

/** mod_quiz_get_overrides: no course here has quizzes. */
export function getQuizOverrides(): never {
  return getQuizAttempts();
}

/** mod_quiz_get_user_attempts: there is no quiz to attempt. */
export function getQuizAttempts(): never {
  throw new MoodleException(
    'dml_missing_record_exception',
    'invalidrecord',
    "Can't find data record in database table quiz.",
  );
}

/** mod_forum_get_forums_by_courses. */
export function getForums(call: Call): unknown {
  const ids = listParameter(call, 'courseids').map(Number);
  return call.site.courses
    .filter((course) => ids.includes(course.id))
    .flatMap((course) =>
      visibleModules(course, call.now)
        .filter((module) => module.modname === 'forum')
        .map((module) => presentForum(course, module)),
    );
}

function presentForum(course: PracticeCourse, module: CourseModule) {
  return {
    id: instanceOf(course, module),
    course: course.id,
    type: module.name === 'Announcements' ? 'news' : 'general',
    name: module.name,
    intro: '',
    introformat: 1,
    introfiles: [],
    lang: '',
    duedate: 0,
    cutoffdate: 0,
    assessed: 0,
    assesstimestart: 0,
    assesstimefinish: 0,
    scale: 0,
    grade_forum: 0,
    grade_forum_notify: 0,
    maxbytes: 0,
    maxattachments: 1,
    forcesubscribe: 1,
    trackingtype: 1,
    rsstype: 0,
    rssarticles: 0,
    timemodified: module.appearsAt,
    warnafter: 0,
    blockafter: 0,
    blockperiod: 0,
    completiondiscussions: 0,
    completionreplies: 0,
    completionposts: 0,
    cmid: module.id,
    numdiscussions: 0,
    cancreatediscussions: false,
    lockdiscussionafter: 0,
    istracked: false,
  };
}

/** mod_forum_get_forum_discussions: the log shows forums being read, and nobody writing. */
export const getForumDiscussions = () => ({ discussions: [], warnings: [] });

/** core_calendar_get_calendar_events: due dates, for the courses asked for in events[courseids]. */
export function getCalendarEvents(call: Call): unknown {
  const asked = (call.parameters['events'] ?? {}) as { courseids?: unknown };
  const courseIds = Object.values(asked.courseids ?? []).map(Number);
  const options = (call.parameters['options'] ?? {}) as { timestart?: string; timeend?: string };
  const from = Number(options.timestart ?? 0);
  const until = Number(options.timeend ?? 0) || Number.MAX_SAFE_INTEGER;
  const events = call.site.courses
    .filter((course) => courseIds.includes(course.id))
    .flatMap((course) =>
      visibleModules(course, call.now)
        .filter((module) => module.dueAt >= Math.max(from, 1) && module.dueAt <= until)
        .map((module) => presentDueDate(call, course, module)),
    );
  return { events, warnings: [] };
}

function presentDueDate({ site }: Call, course: PracticeCourse, module: CourseModule) {
  return {
    id: instanceOf(course, module),
    name: `${module.name} is due`,
    description: '',
    format: 1,
    courseid: course.id,
    categoryid: null,
    groupid: null,
    userid: site.administrator.id,
    repeatid: null,
    modulename: 'assign',
    instance: instanceOf(course, module),
    eventtype: 'due',
    timestart: module.dueAt,
    timeduration: 0,
    visible: 1,
    sequence: 1,
    timemodified: module.appearsAt,
    subscriptionid: null,
  };
}
