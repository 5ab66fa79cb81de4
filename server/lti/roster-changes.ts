import { CourseModel, type Course } from '../database/models/course.ts';
import { EnrolmentModel, type Enrolment } from '../database/models/enrolment.ts';
import { PersonModel, type Person } from '../database/models/person.ts';
import type { RosterMember } from '../domain/roster-member.ts';
import { Unavailable } from '../errors.ts';
import { describeMember, readMembers, type Member } from './roster.ts';
import type { ServiceClient } from './service-client.ts';

/** Changes add up wrongly where one was missed; so often the whole roster is read all the same. */
const wholeEveryMs = 24 * 3_600_000;

/**
 * Everybody in a course, as `readRoster`; where the platform offers to tell only what has changed (the link relation
 * `differences`), that is asked for and laid over what is stored. The whole is read at first, once a day, and whenever the
 * changes can't be read. Remembers where to ask next. Throws Unavailable.
 */
export async function readRosterByChanges(
  { _id }: Pick<Course, '_id'>,
  services: ServiceClient,
  now: Date,
): Promise<readonly RosterMember[]> {
  const course = await CourseModel.findById(_id, { platformId: 1, membershipsUrl: 1, rosterChanges: 1 })
    .lean<Course>()
    .orFail();
  const changed = await readChanges(course, services, now);
  if (changed) return changed;
  const { members, differencesUrl } = await readMembers(course, course.membershipsUrl, services);
  await rememberLink(course, differencesUrl, now);
  return members.map(describeMember);
}

async function readChanges(
  course: Course,
  services: ServiceClient,
  now: Date,
): Promise<readonly RosterMember[] | undefined> {
  const { rosterChanges, membershipsUrl } = course;
  if (!rosterChanges || !membershipsUrl) return undefined;
  if (now.getTime() - rosterChanges.readWholeAt.getTime() >= wholeEveryMs) return undefined;
  // A launch may have named another roster since; its changes are others.
  if (new URL(rosterChanges.url).origin !== new URL(membershipsUrl).origin) return undefined;
  let told: Awaited<ReturnType<typeof readMembers>>;
  try {
    told = await readMembers(course, rosterChanges.url, services);
  } catch (error) {
    // Platforms forget how far back they know; the whole is always there to be read.
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
  const roster = await readStored(course);
  for (const member of told.members) {
    if (hasLeft(member)) roster.delete(member.user_id);
    else roster.set(member.user_id, describeMember(member));
  }
  await rememberLink(course, told.differencesUrl, rosterChanges.readWholeAt);
  return [...roster.values()];
}

const hasLeft = ({ status }: Member) => status?.toLowerCase() === 'deleted';

/** Whom the roster named when it was last read, as they are stored. */
async function readStored({ _id }: Course): Promise<Map<string, RosterMember>> {
  const enrolments = await EnrolmentModel.find(
    { courseId: _id, isActive: true, lastSeenInRosterAt: { $exists: true } },
    { personId: 1, role: 1, nameFrom: 1 },
  ).lean<Pick<Enrolment, 'personId' | 'role' | 'nameFrom'>[]>();
  const people = await PersonModel.find({ _id: { $in: enrolments.map(({ personId }) => personId) } }).lean<Person[]>();
  const enrolmentOf = new Map(enrolments.map((enrolment) => [enrolment.personId.toHexString(), enrolment]));
  return new Map(
    people.map(({ _id: personId, sub, name, givenName, familyName, email, sourcedId, username }) => {
      const { role, nameFrom } = enrolmentOf.get(personId.toHexString()) ?? {};
      // What a launch or another course said of them was not said by this roster.
      const names = nameFrom === 'roster' ? { name, givenName, familyName } : {};
      return [sub, { sub, ...names, email, sourcedId, username, role, isActive: true }];
    }),
  );
}

async function rememberLink({ _id }: Course, url: string | undefined, readWholeAt: Date): Promise<void> {
  await CourseModel.updateOne(
    { _id },
    url === undefined ? { $unset: { rosterChanges: 1 } } : { $set: { rosterChanges: { url, readWholeAt } } },
  );
}
