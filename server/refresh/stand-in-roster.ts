import type { Course } from '../database/models/course.ts';
import { EnrolmentModel } from '../database/models/enrolment.ts';
import { FreshnessModel, type Freshness } from '../database/models/freshness.ts';
import { PersonModel } from '../database/models/person.ts';
import type { MoodleClient } from '../sources/moodle/client.ts';
import { MoodleFailure } from '../sources/moodle/failure.ts';
import { mapRoster } from '../sources/moodle/map-roster.ts';
import type { RosterPerson } from '../sources/moodle/match-people.ts';
import { enrolledUsersSchema, type MoodleUser } from '../sources/moodle/replies.ts';
import { noteSuccess } from './store-freshness.ts';
import { storeRoster } from './store-roster.ts';

const dayMs = 86_400_000;

/**
 * Whether Moodle's own list of participants may stand in for a roster that could not be read: where the platform never gave
 * one, or has not for a day. A roster that fails for an hour leaves people as they were.
 */
export async function mayStandIn(course: Course, now: Date): Promise<boolean> {
  if (!course.membershipsUrl) return true;
  const freshness = await FreshnessModel.findOne({ courseId: course._id, source: 'roster' }).lean<Freshness>();
  if (!freshness?.okAt || freshness.isStandIn) return true;
  return now.getTime() - freshness.okAt.getTime() > dayMs;
}

/**
 * Stores Moodle's own participants as the people of a course. Returns true, or why they can't stand in: then people
 * are left as they were.
 */
export async function standInForRoster(
  course: Course,
  client: MoodleClient,
  moodleCourseId: number,
  options: { readonly isSameSite: boolean; readonly users: readonly MoodleUser[] | undefined; readonly now: Date },
): Promise<true | string> {
  const { isSameSite, users, now } = options;
  if (!users) return 'Moodle’s own list of participants could not be read either';
  const active = await readActiveUsers(client, moodleCourseId);
  const known = await loadKnown(course);
  const members = mapRoster(active ?? users, known, { isSameSite, sharesNames: sharesNames(known) });
  if (!members.some(({ role }) => role === 'student')) {
    return 'nobody of Moodle’s own list of participants could be matched with certainty';
  }
  const counts = await storeRoster(course, members, now);
  await noteSuccess(course._id.toHexString(), 'roster', now, {
    speaksOf: [],
    isStandIn: true,
    notes: [
      'The platform gives Waymark no roster (Names and Role Provisioning): Moodle’s own list of participants stands in for it.',
      ...(active
        ? []
        : ['Suspended participants can’t be told from active ones (moodle/course:enrolreview): nobody is left out.']),
    ],
    counts: { ...counts, dropped: { ...counts.dropped } },
  });
  return true;
}

/** Without the suspended; undefined where the service user may not ask for that. */
async function readActiveUsers(client: MoodleClient, courseId: number): Promise<MoodleUser[] | undefined> {
  try {
    const params = { courseid: courseId, options: [{ name: 'onlyactive', value: 1 }] };
    return await client.call('core_enrol_get_enrolled_users', params, enrolledUsersSchema);
  } catch (error) {
    if (error instanceof MoodleFailure) return undefined;
    throw error;
  }
}

/** Who is known in the course, by a launch or from an earlier reading. */
async function loadKnown({ _id }: Course): Promise<(RosterPerson & { name?: string | undefined })[]> {
  const enrolments = await EnrolmentModel.find({ courseId: _id }, { personId: 1 }).lean();
  const people = await PersonModel.find(
    { _id: { $in: enrolments.map(({ personId }) => personId) } },
    { sub: 1, name: 1, sourcedId: 1, email: 1, username: 1 },
  ).lean();
  return people.map(({ _id: id, ...person }) => ({ ...person, personId: id.toHexString() }));
}

/** A site that withholds names at launch does so on purpose: the web services must not be a way around it. */
function sharesNames(known: readonly { readonly name?: string | undefined }[]): boolean {
  return known.length === 0 || known.some(({ name }) => name !== undefined);
}
