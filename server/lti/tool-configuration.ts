/** What Waymark asks of a platform: the one source of registration requests and of the files in lti-config/. */

/** Names of the custom parameters that Waymark asks platforms to fill, as they arrive in the custom claim. */
export const customParameters = {
  begin: 'course_begin',
  end: 'course_end',
  courseSourcedId: 'course_sourcedid',
  personSourcedId: 'person_sourcedid',
  username: 'username',
  groups: 'groups',
} as const;
