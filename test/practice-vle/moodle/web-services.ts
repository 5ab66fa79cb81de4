import express, { type Router } from 'express';
import type { Site } from '../site.ts';
import { getAssignments, getParticipant, getSubmissions, getSubmissionStatus, listParticipants } from './assign.ts';
import { MoodleException, type Call, type WebServiceFunction } from './call.ts';
import { getActivitiesCompletion, getCourseCompletion } from './completion.ts';
import { getContents, getCoursesByField, getUpdatesSince } from './course.ts';
import {
  getCalendarEvents,
  getForumDiscussions,
  getForums,
  getGradeBook,
  getGradeItems,
  getQuizAttempts,
  getQuizOverrides,
  getQuizzes,
} from './other-activities.ts';
import { getEnrolledUsers, getSiteInfo, getUsersByField, getUsersCourses } from './people.ts';

const FUNCTIONS: Record<string, WebServiceFunction> = {
  core_webservice_get_site_info: (call) => getSiteInfo(call, Object.keys(FUNCTIONS)),
  core_enrol_get_enrolled_users: getEnrolledUsers,
  core_enrol_get_users_courses: getUsersCourses,
  core_user_get_users_by_field: getUsersByField,
  core_course_get_contents: getContents,
  core_course_get_courses_by_field: getCoursesByField,
  core_course_get_updates_since: getUpdatesSince,
  core_completion_get_activities_completion_status: getActivitiesCompletion,
  core_completion_get_course_completion_status: getCourseCompletion,
  gradereport_user_get_grade_items: getGradeItems,
  core_grades_get_gradeitems: getGradeBook,
  mod_assign_get_assignments: getAssignments,
  mod_assign_get_submissions: getSubmissions,
  mod_assign_list_participants: listParticipants,
  mod_assign_get_submission_status: getSubmissionStatus,
  mod_assign_get_participant: getParticipant,
  mod_quiz_get_quizzes_by_courses: getQuizzes,
  mod_quiz_get_user_attempts: getQuizAttempts,
  mod_quiz_get_overrides: getQuizOverrides,
  mod_forum_get_forums_by_courses: getForums,
  mod_forum_get_forum_discussions: getForumDiscussions,
  core_calendar_get_calendar_events: getCalendarEvents,
};

/** /webservice/rest/server.php: every answer has status 200, errors too, as Moodle gives them. */
export function webServicesRouter(site: Site): Router {
  const router = express.Router();
  router.all(
    '/webservice/rest/server.php',
    express.urlencoded({ extended: true, parameterLimit: 10_000, limit: '5mb' }),
    site.faults.at('moodle'),
    (request, response) => {
      const parameters = { ...request.query, ...(request.body as Record<string, unknown> | undefined) };
      if (parameters['moodlewsrestformat'] !== 'json') {
        response.type('xml').send('<?xml version="1.0" encoding="UTF-8" ?>\n<RESPONSE></RESPONSE>');
        return;
      }
      try {
        response.json(runFunction(site, parameters));
      } catch (error) {
        if (!(error instanceof MoodleException)) throw error;
        response.json({ exception: error.exception, errorcode: error.errorcode, message: error.message });
      }
    },
  );
  return router;
}

function runFunction(site: Site, parameters: Record<string, unknown>): unknown {
  if (parameters['wstoken'] !== site.webServiceToken) {
    throw new MoodleException('core\\exception\\moodle_exception', 'invalidtoken', 'Invalid token - token not found');
  }
  const run = typeof parameters['wsfunction'] === 'string' ? FUNCTIONS[parameters['wsfunction']] : undefined;
  if (!run) {
    throw new MoodleException(
      'dml_missing_record_exception',
      'invalidrecord',
      "Can't find data record in database table external_functions.",
    );
  }
  const call: Call = { site, now: site.clock.nowSeconds(), parameters };
  return run(call);
}
