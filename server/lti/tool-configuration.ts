/** What Waymark asks of a platform: the one source of registration requests and of the files in lti-config/. */

export const toolName = 'Waymark';
export const toolDescription =
  'A reflective view of their own engagement for students; a support list and an action log for those who teach.';

/** Names of the custom parameters that Waymark asks platforms to fill, as they arrive in the custom claim. */
export const customParameters = {
  begin: 'course_begin',
  end: 'course_end',
  courseSourcedId: 'course_sourcedid',
  personSourcedId: 'person_sourcedid',
  username: 'username',
} as const;

/** The variables of LTI and of platforms that fill them; a platform that does not know one sends it back as it is. */
export const customVariables: Readonly<Record<string, string>> = {
  [customParameters.begin]: '$CourseSection.timeFrame.begin',
  [customParameters.end]: '$CourseSection.timeFrame.end',
  [customParameters.courseSourcedId]: '$CourseSection.sourcedId',
  [customParameters.personSourcedId]: '$Person.sourcedId',
  [customParameters.username]: '$User.username',
};

/** Set on a link that deep linking has placed. */
export const viewParameter = 'waymark_view';

/** What a tutor can place in a course. Who sees what is decided by the role at launch, not by the link. */
export const placements = [
  {
    id: 'mine',
    title: 'My engagement',
    explains: 'For everybody. Students see their own activity and what they might do next; staff see the support list.',
  },
  {
    id: 'list',
    title: 'Engagement and support list',
    explains:
      'For staff: hide it from students in your course settings. A student who opens it all the same sees their own page.',
  },
] as const;
