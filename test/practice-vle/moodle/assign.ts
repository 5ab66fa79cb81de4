import type { CourseModule, Enrolment, PracticeCourse } from '../practice-course.ts';
import { findAssignment, findEnrolment, instanceOf, integerParameter, listParameter, type Call } from './call.ts';
import { studentsOf, submissionOf, visibleModules, type Submission } from './course-state.ts';
import { presentEnrolment, presentUser } from './people.ts';

const isOn = (value: unknown) => value === '1' || value === 'true';

/** mod_assign_get_assignments: empty with a warning unless includenotenrolledcourses, as for any service user. */
export function getAssignments(call: Call): unknown {
  const ids = listParameter(call, 'courseids').map(Number);
  const warnings: unknown[] = [];
  const courses = call.site.courses
    .filter((course) => ids.includes(course.id))
    .flatMap((course) => {
      if (!isOn(call.parameters['includenotenrolledcourses'])) {
        warnings.push({
          item: 'course',
          itemid: course.id,
          warningcode: '2',
          message: 'User is not enrolled or does not have requested capability',
        });
        return [];
      }
      const assignments = visibleModules(course, call.now)
        .filter((module) => module.modname === 'assign')
        .map((module) => presentAssignment(course, module));
      return [
        {
          id: course.id,
          fullname: course.fullName,
          shortname: course.shortName,
          timemodified: course.startsAt,
          assignments,
        },
      ];
    });
  return { courses, warnings };
}

function presentAssignment(course: PracticeCourse, module: CourseModule) {
  return {
    id: instanceOf(course, module),
    cmid: module.id,
    course: course.id,
    name: module.name,
    nosubmissions: 0,
    submissiondrafts: module.needsSubmitButton ? 1 : 0,
    sendnotifications: 0,
    sendlatenotifications: 0,
    sendstudentnotifications: 1,
    duedate: module.dueAt,
    allowsubmissionsfromdate: module.opensAt,
    grade: 100,
    timemodified: module.appearsAt,
    completionsubmit: 0,
    cutoffdate: 0,
    gradingduedate: 0,
    teamsubmission: 0,
    requireallteammemberssubmit: 0,
    teamsubmissiongroupingid: 0,
    blindmarking: 0,
    hidegrader: 0,
    revealidentities: 0,
    attemptreopenmethod: 'untilpass',
    maxattempts: 1,
    markingworkflow: 0,
    markingallocation: 0,
    markinganonymous: 0,
    requiresubmissionstatement: 0,
    preventsubmissionnotingroup: 0,
    configs: [{ plugin: 'file', subtype: 'assignsubmission', name: 'enabled', value: '1' }],
    intro: '',
    introformat: 1,
    introfiles: [],
    introattachments: [],
    timelimit: 0,
    submissionattachments: 0,
  };
}

/** mod_assign_get_submissions: `since` looks at the last change. The essays of real sites come along; here they are one line. */
export function getSubmissions(call: Call): unknown {
  const since = integerParameter(call, 'since', 0);
  const before = integerParameter(call, 'before', 0);
  const status = call.parameters['status'];
  const warnings: unknown[] = [];
  const assignments = listParameter(call, 'assignmentids').flatMap((id) => {
    const { course, module } = findAssignment(call, Number(id));
    const submissions = studentsOf(course)
      .flatMap((enrolment) => submissionOf(module, enrolment, call.now) ?? [])
      .filter(({ modifiedAt }) => modifiedAt >= since && (!before || modifiedAt <= before))
      .filter((submission) => !status || submission.status === status)
      .sort((a, b) => a.createdAt - b.createdAt)
      .map((submission) => ({ ...presentSubmission(submission), gradingstatus: 'notgraded' }));
    if (submissions.length === 0) {
      warnings.push({ item: 'module', itemid: Number(id), warningcode: '3', message: 'No submissions found' });
    }
    return [{ assignmentid: Number(id), submissions }];
  });
  return { assignments, warnings };
}

function presentSubmission({ id, userId, createdAt, modifiedAt, status }: Submission) {
  return {
    id,
    userid: userId,
    attemptnumber: 0,
    timecreated: createdAt,
    timemodified: modifiedAt,
    timestarted: null,
    status,
    groupid: 0,
    plugins: [
      {
        type: 'onlinetext',
        name: 'Online text',
        fileareas: [{ area: 'submissions_onlinetext', files: [] }],
        editorfields: [
          {
            name: 'onlinetext',
            description: 'Online text submissions',
            text: '<p>The text of a student’s work, which a tool has no need to keep.</p>',
            format: 1,
          },
        ],
      },
      { type: 'comments', name: 'Submission comments' },
    ],
  };
}

/** mod_assign_list_participants: everybody who could hand in; `onlyids` is the lean form. */
export function listParticipants(call: Call): unknown {
  const { course, module } = findAssignment(call, integerParameter(call, 'assignid'));
  return studentsOf(course).map((enrolment) => {
    const submission = submissionOf(module, enrolment, call.now);
    const { lastcourseaccess: _unused, ...user } = presentUser(call, enrolment);
    const state = {
      recordid: -1,
      submitted: submission?.status === 'submitted',
      requiregrading: submission?.status === 'submitted',
      grantedextension: extensionOf(call, module, enrolment) !== null,
      submissionstatus: submission?.status ?? '',
    };
    return isOn(call.parameters['onlyids'])
      ? { id: user.id, fullname: user.fullname, ...state }
      : { ...user, suspended: false, trackforums: 0, ...presentEnrolment(enrolment), ...state };
  });
}

/** mod_assign_get_participant: the due time that holds for one person, without an extension. */
export function getParticipant(call: Call): unknown {
  const { course, module } = findAssignment(call, integerParameter(call, 'assignid'));
  const enrolment = findEnrolment(course, integerParameter(call, 'userid'));
  const submission = submissionOf(module, enrolment, call.now);
  const isSubmitted = submission?.status === 'submitted';
  const duedate = call.site.dueOverrides.get(`${module.id} ${enrolment.person.id}`) ?? module.dueAt;
  return {
    id: enrolment.person.id,
    fullname: presentUser(call, enrolment).fullname,
    submitted: isSubmitted,
    requiregrading: isSubmitted,
    grantedextension: extensionOf(call, module, enrolment) !== null,
    blindmarking: false,
    allowsubmissionsfromdate: module.opensAt,
    duedate,
    cutoffdate: 0,
    duedatestr: '',
    submissionstatus: submission?.status ?? '',
  };
}

/** mod_assign_get_submission_status: one person's attempt, with the date of an extension. */
export function getSubmissionStatus(call: Call): unknown {
  const { course, module } = findAssignment(call, integerParameter(call, 'assignid'));
  const enrolment = findEnrolment(course, integerParameter(call, 'userid'));
  const submission = submissionOf(module, enrolment, call.now);
  const submitted = studentsOf(course).filter(
    (one) => submissionOf(module, one, call.now)?.status === 'submitted',
  ).length;
  return {
    gradingsummary: {
      participantcount: studentsOf(course).length,
      submissiondraftscount: 0,
      submissionsenabled: true,
      submissionssubmittedcount: submitted,
      submissionsneedgradingcount: submitted,
      warnofungroupedusers: '',
    },
    lastattempt: {
      ...(submission
        ? {
            submission: {
              ...presentSubmission(submission),
              assignment: instanceOf(course, module),
              latest: 1,
            },
          }
        : {}),
      submissiongroupmemberswhoneedtosubmit: [],
      submissionsenabled: true,
      locked: false,
      graded: false,
      canedit: false,
      caneditowner: false,
      cansubmit: false,
      extensionduedate: extensionOf(call, module, enrolment),
      timelimit: 0,
      blindmarking: false,
      gradingstatus: 'notgraded',
      usergroups: [],
    },
    assignmentdata: { attachments: { intro: [] } },
    warnings: [],
  };
}

const extensionOf = ({ site }: Call, module: CourseModule, { person }: Enrolment): number | null =>
  site.extensions.get(`${module.id} ${person.id}`) ?? null;
