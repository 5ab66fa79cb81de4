import type { MoodleClient } from './client.ts';
import { MoodleFailure } from './failure.ts';
import { siteInfoSchema } from './replies.ts';

/** Every function that Waymark calls, and what is missing without it, in words for the administration page. */
export const moodleFunctions: readonly { readonly name: string; readonly without: string }[] = [
  { name: 'core_enrol_get_enrolled_users', without: 'No last access and no groups; people are matched by id alone.' },
  { name: 'core_course_get_courses_by_field', without: 'No dates of the course; those of the launch are used.' },
  { name: 'core_course_get_contents', without: 'No list of resources: neither completion nor coverage.' },
  { name: 'core_completion_get_activities_completion_status', without: 'No completion.' },
  { name: 'mod_assign_get_assignments', without: 'No assignments and no due dates: no submissions.' },
  { name: 'mod_assign_get_submissions', without: 'No submissions.' },
  {
    name: 'mod_assign_list_participants',
    without: 'No submissions: who has an extension, and of whom an assignment is asked, is not seen.',
  },
  {
    name: 'mod_assign_get_submission_status',
    without: 'The dates of extensions are not seen; work with an extension is never called late or missing.',
  },
  {
    name: 'mod_assign_get_participant',
    without: 'Due dates of assignments that were changed for single students or groups are not seen.',
  },
  { name: 'mod_quiz_get_quizzes_by_courses', without: 'No quizzes and no due dates: no submissions.' },
  { name: 'mod_quiz_get_user_attempts', without: 'No attempts at quizzes.' },
  {
    name: 'mod_quiz_get_overrides',
    without: 'Closing dates of quizzes that were changed for single students or groups are not seen.',
  },
  { name: 'mod_forum_get_forums_by_courses', without: 'No forum posts.' },
  { name: 'mod_forum_get_forum_discussions', without: 'No forum posts.' },
  { name: 'mod_forum_get_discussion_posts', without: 'No forum posts.' },
  {
    name: 'gradereport_user_get_grade_items',
    without: 'Attempts of people who hide their access are seen a day late.',
  },
  {
    name: 'core_grades_get_gradeitems',
    without: 'A capability that the service user lacks for a kind of activity may go unnoticed.',
  },
  {
    name: 'core_calendar_get_calendar_events',
    without: 'No completion: the dates by which it is expected are not seen.',
  },
  { name: 'core_course_get_updates_since', without: 'Every refresh asks for every student: more calls, slower.' },
];

/** What is missing where a function can't be called; undefined for one that Waymark does not call. */
export function withoutFunction(functionName: string): string | undefined {
  return moodleFunctions.find(({ name }) => name === functionName)?.without;
}

export type TokenTest =
  | {
      readonly isAccepted: true;
      readonly siteUrl: string;
      readonly release?: string | undefined;
      /** Those of Waymark's functions that the token may call. */
      readonly functions: readonly string[];
      readonly missing: readonly { readonly name: string; readonly without: string }[];
      /** What an administrator should know although the token works. */
      readonly warnings: readonly string[];
    }
  | { readonly isAccepted: false; readonly problem: string };

/** Asks the site what a token may do. Takes a client made with it; never throws for what the site answers. */
export async function testToken(client: MoodleClient, baseUrl: string): Promise<TokenTest> {
  try {
    const site = await client.call('core_webservice_get_site_info', {}, siteInfoSchema);
    const offered = new Set(site.functions);
    const warnings: string[] = [];
    if (site.userissiteadmin) {
      warnings.push('This token belongs to a site administrator. A service user with reading capabilities is enough.');
    }
    if (new URL(site.siteurl).origin !== new URL(baseUrl).origin) {
      warnings.push(`The site calls itself ${site.siteurl}, not ${baseUrl}.`);
    }
    return {
      isAccepted: true,
      siteUrl: site.siteurl,
      release: site.release,
      functions: moodleFunctions.map(({ name }) => name).filter((name) => offered.has(name)),
      missing: moodleFunctions.filter(({ name }) => !offered.has(name)),
      warnings,
    };
  } catch (error) {
    if (!(error instanceof MoodleFailure)) throw error;
    return { isAccepted: false, problem: error.message };
  }
}
