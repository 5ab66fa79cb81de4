import { fullName } from '../people.ts';
import type { Enrolment, MoodleRole } from '../practice-course.ts';
import { findPerson } from '../site.ts';
import { findCourse, integerParameter, listParameter, type Call } from './call.ts';
import { eventsUntil } from './course-state.ts';

const ROLE_IDS: Record<MoodleRole, number> = { editingteacher: 3, teacher: 4, student: 5 };

/** core_enrol_get_enrolled_users: `options` may hold userfields, onlyactive, limitfrom, limitnumber. */
export function getEnrolledUsers(call: Call): unknown {
  const course = findCourse(call, integerParameter(call, 'courseid'));
  const options = readOptions(call);
  const from = Number(options.get('limitfrom') ?? 0);
  const count = Number(options.get('limitnumber') ?? 0);
  const fields = options.get('userfields')?.split(',');
  return [...course.enrolments.values()]
    .sort((a, b) => a.person.id - b.person.id)
    .slice(from, count ? from + count : undefined)
    .map((enrolment) => {
      const user = { ...presentUser(call, enrolment), ...presentEnrolment(enrolment) };
      const courses = { enrolledcourses: [{ id: course.id, fullname: course.fullName, shortname: course.shortName }] };
      return fields ? only(user, ['id', 'fullname', ...fields]) : { ...user, ...courses };
    });
}

/** The fields that every function shows of a person; access times come from the log. */
export function presentUser({ site, now }: Call, enrolment: Enrolment) {
  const { person } = enrolment;
  const events = eventsUntil(enrolment, now);
  const lastAccess = events.at(-1)?.at ?? 0;
  return {
    id: person.id,
    username: person.username,
    firstname: person.givenName,
    lastname: person.familyName,
    fullname: fullName(person),
    email: person.email,
    department: '',
    idnumber: person.idNumber,
    firstaccess: events[0]?.at ?? 0,
    lastaccess: lastAccess,
    lastcourseaccess: lastAccess,
    country: 'GB',
    profileimageurlsmall: `${site.url}/theme/image.php/boost/core/1795434256/u/f2`,
    profileimageurl: `${site.url}/theme/image.php/boost/core/1795434256/u/f1`,
  };
}

export function presentEnrolment({ role }: Enrolment) {
  return { groups: [], roles: [{ roleid: ROLE_IDS[role], name: '', shortname: role, sortorder: 0 }] };
}

/** core_user_get_users_by_field. */
export function getUsersByField(call: Call): unknown {
  const field = call.parameters['field'];
  const values = listParameter(call, 'values').map(String);
  const found = new Map<number, unknown>();
  for (const course of call.site.courses) {
    for (const enrolment of course.enrolments.values()) {
      const { lastcourseaccess: _unused, ...user } = presentUser(call, enrolment);
      if (values.includes(String(user[field as keyof typeof user]))) {
        found.set(user.id, {
          ...user,
          auth: 'manual',
          suspended: false,
          confirmed: true,
          lang: 'en',
          theme: '',
          timezone: 'Europe/London',
          mailformat: 1,
          trackforums: 0,
        });
      }
    }
  }
  return [...found.values()];
}

/** core_webservice_get_site_info; `functionNames` are those the service offers. */
export function getSiteInfo({ site }: Call, functionNames: string[]): unknown {
  return {
    sitename: site.name,
    username: 'svc_engage',
    firstname: 'Engagement',
    lastname: 'Service',
    fullname: 'Engagement Service',
    lang: 'en',
    userid: 9,
    siteurl: site.url,
    userpictureurl: `${site.url}/theme/image.php/boost/core/1795434256/u/f1`,
    functions: functionNames.map((name) => ({ name, version: '2024100706' })),
    downloadfiles: 0,
    uploadfiles: 0,
    release: '4.5.6 (Build: 20250811)',
    version: '2024100706',
    mobilecssurl: '',
    advancedfeatures: [{ name: 'enablecompletion', value: 1 }],
    usercanmanageownfiles: true,
    userquota: 104857600,
    usermaxuploadfilesize: 52428800,
    userhomepage: 1,
    userprivateaccesskey: '',
    siteid: 1,
    sitecalendartype: 'gregorian',
    usercalendartype: 'gregorian',
    userissiteadmin: false,
    theme: 'boost',
    limitconcurrentlogins: 0,
    policyagreed: 0,
  };
}

/** core_enrol_get_users_courses. */
export function getUsersCourses(call: Call): unknown {
  const userId = integerParameter(call, 'userid');
  if (!findPerson(call.site, userId)) return [];
  return call.site.courses
    .filter((course) => course.enrolments.has(userId))
    .map((course) => ({
      id: course.id,
      shortname: course.shortName,
      fullname: course.fullName,
      displayname: course.fullName,
      idnumber: course.idNumber,
      visible: 1,
      startdate: course.startsAt,
      enddate: course.endsAt,
    }));
}

function readOptions(call: Call): Map<string, string> {
  return new Map(
    listParameter(call, 'options').map((option) => {
      const { name, value } = option as { name?: string; value?: string };
      return [String(name), String(value)];
    }),
  );
}

const only = (user: Record<string, unknown>, names: string[]) =>
  Object.fromEntries(Object.entries(user).filter(([name]) => names.includes(name)));
