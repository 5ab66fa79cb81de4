import type { CourseModule, PracticeCourse } from '../practice-course.ts';
import { findCourse, instanceOf, integerParameter, listParameter, type Call } from './call.ts';
import { studentsOf, submissionOf, visibleModules } from './course-state.ts';

const PLURALS: Record<string, string> = {
  assign: 'Assignments',
  forum: 'Forums',
  label: 'Text and media areas',
  resource: 'Files',
  url: 'URLs',
};
const PURPOSES: Record<string, string> = { assign: 'assessment', forum: 'collaboration' };
const WEEK_SECONDS = 7 * 24 * 3600;

/** core_course_get_contents: sections by week; the completion inside is the service user's own, so nothing is done. */
export function getContents(call: Call): unknown {
  const course = findCourse(call, integerParameter(call, 'courseid'));
  const modules = visibleModules(course, call.now);
  const weeks = Math.round((course.endsAt - course.startsAt) / WEEK_SECONDS);
  return Array.from({ length: weeks + 1 }, (_, section) => ({
    id: course.id * 100 + section,
    name: section === 0 ? 'General' : weekName(course.startsAt + (section - 1) * WEEK_SECONDS),
    visible: 1,
    summary: '',
    summaryformat: 1,
    section,
    hiddenbynumsections: 0,
    uservisible: true,
    component: null,
    itemid: null,
    modules: modules
      .filter((module) => module.section === section)
      .map((module) => presentModule(call, course, module)),
  }));
}

function presentModule({ site }: Call, course: PracticeCourse, module: CourseModule) {
  return {
    id: module.id,
    ...(module.modname === 'label' ? {} : { url: moduleUrl(site.url, module) }),
    name: module.name,
    instance: instanceOf(course, module),
    contextid: module.id + 50_000,
    visible: 1,
    uservisible: true,
    visibleoncoursepage: 1,
    modicon: `${site.url}/theme/image.php/boost/${module.modname}/1795434256/monologo?filtericon=1`,
    modname: module.modname,
    purpose: PURPOSES[module.modname] ?? 'content',
    branded: false,
    modplural: PLURALS[module.modname] ?? module.modname,
    availability: null,
    indent: 0,
    onclick: '',
    afterlink: null,
    ...(module.modname === 'forum' ? { activitybadge: [] } : {}),
    customdata: '""',
    noviewlink: module.modname === 'label',
    completion: module.tracking,
    ...(module.tracking
      ? {
          completiondata: {
            state: 0,
            timecompleted: 0,
            overrideby: null,
            valueused: false,
            hascompletion: true,
            isautomatic: module.tracking === 2,
            istrackeduser: false,
            uservisible: true,
            details: completionDetails(module, false),
            isoverallcomplete: false,
          },
        }
      : {}),
    downloadcontent: 1,
    dates: moduleDates(module),
    groupmode: 0,
    ...(module.modname === 'resource' || module.modname === 'url' ? fileOf(site.url, module) : {}),
  };
}

function moduleDates(module: CourseModule) {
  if (module.modname !== 'assign') return [];
  const opened = { label: 'Opened:', timestamp: module.opensAt, dataid: 'allowsubmissionsfromdate' };
  return module.dueAt ? [opened, { label: 'Due:', timestamp: module.dueAt, dataid: 'duedate' }] : [opened];
}

function fileOf(siteUrl: string, module: CourseModule) {
  const isFile = module.modname === 'resource';
  return {
    contents: [
      {
        type: isFile ? 'file' : 'url',
        filename: isFile ? `${module.name}.pdf` : module.name,
        filepath: isFile ? '/' : null,
        filesize: 0,
        fileurl: moduleUrl(siteUrl, module),
        timecreated: isFile ? module.appearsAt : null,
        timemodified: module.appearsAt,
        sortorder: isFile ? 1 : null,
        userid: null,
        author: null,
        license: null,
      },
    ],
    contentsinfo: {
      filescount: 1,
      filessize: 0,
      lastmodified: module.appearsAt,
      mimetypes: isFile ? ['application/pdf'] : [],
      repositorytype: '',
    },
  };
}

/** The rules of automatic completion, as Moodle lists them. */
export const completionDetails = (module: CourseModule, isComplete: boolean) =>
  module.tracking === 2
    ? [{ rulename: 'completionview', rulevalue: { status: isComplete ? 1 : 0, description: 'View' } }]
    : [];

/** The address of an activity in this VLE. */
export const moduleUrl = (siteUrl: string, module: CourseModule) =>
  `${siteUrl}/mod/${module.modname}/view.php?id=${module.id}`;

const dayAndMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'Europe/London' });

function weekName(startsAt: number): string {
  // The middle of the first and last day, so that the hour a clock change adds or takes does not matter.
  const first = dayAndMonth.format((startsAt + 12 * 3600) * 1000);
  return `${first} - ${dayAndMonth.format((startsAt + 6.5 * 24 * 3600) * 1000)}`;
}

/** core_course_get_courses_by_field: field `id`, `ids`, `shortname` or `idnumber`. */
export function getCoursesByField(call: Call): unknown {
  const field = call.parameters['field'];
  const { value } = call.parameters;
  const values = typeof value === 'string' ? value.split(',') : [];
  const courses = call.site.courses.filter(
    (course) =>
      !field ||
      ((field === 'id' || field === 'ids') && values.includes(String(course.id))) ||
      (field === 'shortname' && values[0] === course.shortName) ||
      (field === 'idnumber' && values[0] === course.idNumber),
  );
  return { courses: courses.map(presentCourse), warnings: [] };
}

function presentCourse(course: PracticeCourse) {
  const staff = [...course.enrolments.values()].filter(({ role }) => role === 'editingteacher');
  return {
    id: course.id,
    fullname: course.fullName,
    displayname: course.fullName,
    shortname: course.shortName,
    idnumber: course.idNumber,
    courseimage: '',
    categoryid: 2,
    categoryname: 'Computing',
    sortorder: 20_000 + course.resourceLinkId,
    summary: '',
    summaryformat: 1,
    summaryfiles: [],
    overviewfiles: [],
    showactivitydates: true,
    showcompletionconditions: true,
    contacts: staff.map(({ person }) => ({ id: person.id, fullname: `${person.givenName} ${person.familyName}` })),
    enrollmentmethods: ['manual'],
    format: 'weeks',
    showgrades: 1,
    newsitems: 3,
    startdate: course.startsAt,
    enddate: course.endsAt,
    maxbytes: 0,
    showreports: 0,
    visible: 1,
    groupmode: 0,
    groupmodeforce: 0,
    defaultgroupingid: 0,
    enablecompletion: 1,
    completionnotify: 0,
    lang: '',
    theme: '',
    marker: 0,
    filters: [],
    courseformatoptions: [{ name: 'hiddensections', value: 1 }],
  };
}

/** core_course_get_updates_since: which submissions changed, by id; nobody is named. */
export function getUpdatesSince(call: Call): unknown {
  const course = findCourse(call, integerParameter(call, 'courseid'));
  const since = integerParameter(call, 'since');
  const wanted = listParameter(call, 'filter').map(String);
  const instances = visibleModules(course, call.now).flatMap((module) => {
    const changed = studentsOf(course).flatMap((enrolment) => {
      const submission = submissionOf(module, enrolment, call.now);
      return submission && submission.modifiedAt >= since ? [submission.id] : [];
    });
    const updates = [
      ...(module.appearsAt >= since ? [{ name: 'configuration', timeupdated: module.appearsAt }] : []),
      ...(changed.length > 0 ? [{ name: 'usersubmissions', itemids: changed }] : []),
    ].filter((update) => wanted.length === 0 || wanted.includes(update.name));
    return updates.length > 0 ? [{ contextlevel: 'module', id: module.id, updates }] : [];
  });
  return { instances, warnings: [] };
}
