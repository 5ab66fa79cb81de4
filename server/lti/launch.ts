import mongoose from 'mongoose';
import { CourseModel, type Course } from '../database/models/course.ts';
import { EnrolmentModel } from '../database/models/enrolment.ts';
import { PersonModel, type Person } from '../database/models/person.ts';
import type { Platform } from '../database/models/platform.ts';
import { startSession } from '../database/models/session.ts';
import { nameInLists } from '../domain/names.ts';
import type { Role } from '../domain/vocabulary.ts';
import { readCalendar } from './calendar.ts';
import type { LaunchClaims } from './claims.ts';
import { isOwnService } from './platforms.ts';
import { readRole } from './roles.ts';
import { customParameters } from './tool-configuration.ts';

export interface AcceptedLaunch {
  /** What the client exchanges for its token. */
  readonly code: string;
  readonly courseId: string | undefined;
  readonly isFirstOfCourse: boolean;
}

/**
 * Stores what a verified launch says (course, person, enrolment) and starts a session. A launch without a course, or by
 * somebody whose role Waymark does not know, makes no enrolment: nobody comes onto a list of students by looking in.
 */
export async function acceptLaunch(
  platform: Platform,
  claims: LaunchClaims,
  { now, sessionHours }: { now: Date; sessionHours: number },
): Promise<AcceptedLaunch> {
  const role = readRole(claims.roles, claims.custom);
  const [course, person] = await Promise.all([
    claims.context ? onceMoreIfRaced(() => storeCourse(platform, claims, now)) : undefined,
    onceMoreIfRaced(() => storePerson(platform, claims)),
  ]);
  const isMember = role === 'student' || role === 'tutor' || role === 'assistant' || role === 'mentor';
  const [menteeIds, opensAt] = await Promise.all([
    role === 'mentor' ? findPeople(platform, claims.menteeSubs ?? []) : undefined,
    readDestination(platform, claims, role),
    course && isMember ? onceMoreIfRaced(() => storeEnrolment(course._id, person, role)) : undefined,
  ]);
  const { code } = await startSession(
    {
      platformId: platform._id,
      personId: person._id,
      role: role ?? 'student',
      ...(course && { courseId: course._id }),
      ...(menteeIds && { menteeIds }),
      ...(opensAt && { opensAt }),
    },
    { now, hours: sessionHours },
  );
  return { code, courseId: course?._id.toHexString(), isFirstOfCourse: course?.isFirst ?? false };
}

async function storeCourse(
  platform: Platform,
  claims: LaunchClaims,
  now: Date,
): Promise<{ _id: Course['_id']; isFirst: boolean }> {
  const context = claims.context!;
  const { calendar, from } = readCalendar(
    { beginsAt: claims.custom[customParameters.begin], endsAt: claims.custom[customParameters.end] },
    now,
  );
  const ownUrl = (url: string | undefined) => (url !== undefined && isOwnService(platform, url) ? url : undefined);
  const membershipsUrl = ownUrl(claims.namesAndRoles?.context_memberships_url);
  const lineItemsUrl = ownUrl(claims.grades?.lineitems);
  const sourcedId = claims.lis?.course_section_sourcedid ?? claims.custom[customParameters.courseSourcedId];
  const title = context.title ?? context.label;
  const idIfFirst = new mongoose.Types.ObjectId();
  const course = await CourseModel.findOneAndUpdate(
    { platformId: platform._id, contextId: context.id },
    {
      $set: {
        deploymentId: claims.deploymentId,
        lastLaunchedAt: now,
        ...(title && { title }),
        ...(context.label && { label: context.label }),
        ...(sourcedId && { sourcedId }),
        ...(membershipsUrl && { membershipsUrl }),
        ...(lineItemsUrl && { lineItemsUrl }),
      },
      $setOnInsert: {
        _id: idIfFirst,
        calendar,
        calendarFrom: from,
        firstLaunchedAt: now,
        assessments: [],
        items: [],
        recordings: [],
        pauses: [],
        ...(!title && { title: 'Your course' }),
      },
    },
    { upsert: true, returnDocument: 'after', projection: { _id: 1, calendarFrom: 1, calendar: 1 } },
  )
    .lean<Pick<Course, '_id' | 'calendar' | 'calendarFrom'>>()
    .orFail();
  // A launch knows better than an assumption and than an earlier launch; never better than the platform's services or a tutor.
  const mayReplace = from === 'launch' && (course.calendarFrom === 'assumed' || course.calendarFrom === 'launch');
  if (mayReplace && (course.calendarFrom !== from || !isSameSpan(course.calendar, calendar))) {
    await CourseModel.updateOne(
      { _id: course._id, calendarFrom: course.calendarFrom },
      {
        $set: {
          calendar: { ...course.calendar, ...calendar, vacations: course.calendar.vacations },
          calendarFrom: from,
        },
      },
    );
  }
  return { _id: course._id, isFirst: course._id.equals(idIfFirst) };
}

function isSameSpan(a: Course['calendar'], b: Course['calendar']): boolean {
  return a.firstDay === b.firstDay && a.lastDay === b.lastDay;
}

function storePerson(platform: Platform, claims: LaunchClaims): Promise<Person> {
  const sourcedId = claims.lis?.person_sourcedid ?? claims.custom[customParameters.personSourcedId];
  const username = claims.ext?.user_username ?? claims.custom[customParameters.username];
  const facts = {
    ...(claims.name && { name: claims.name }),
    ...(claims.givenName && { givenName: claims.givenName }),
    ...(claims.familyName && { familyName: claims.familyName }),
    ...(claims.email && { email: claims.email }),
    ...(sourcedId && { sourcedId }),
    ...(username && { username }),
  };
  return PersonModel.findOneAndUpdate(
    { platformId: platform._id, sub: claims.sub },
    { ...(Object.keys(facts).length > 0 && { $set: facts }) },
    { upsert: true, returnDocument: 'after' },
  )
    .lean<Person>()
    .orFail();
}

async function storeEnrolment(courseId: Course['_id'], person: Person, role: Role): Promise<void> {
  await EnrolmentModel.updateOne(
    { courseId, personId: person._id },
    {
      $set: { role, roleFrom: 'launch', isActive: true, ...nameInLists(person) },
      $unset: { leftAt: 1 },
      $setOnInsert: { groups: [], optedOutAt: null },
    },
    { upsert: true },
  );
}

async function findPeople(platform: Platform, subs: readonly string[]): Promise<string[]> {
  const people = await PersonModel.find({ platformId: platform._id, sub: { $in: [...subs] } }, { _id: 1 }).lean();
  return people.map(({ _id }) => _id.toHexString());
}

/** Where in the client this launch wants to go. Whether the actor may see it is decided there, like any other page. */
async function readDestination(
  platform: Platform,
  claims: LaunchClaims,
  role: Role | undefined,
): Promise<string | undefined> {
  if (role !== 'tutor' && role !== 'assistant') return undefined;
  if (claims.messageType === 'LtiSubmissionReviewRequest' && claims.forUser) {
    const [personId] = await findPeople(platform, [claims.forUser.user_id]);
    return personId && `/students/${personId}`;
  }
  return undefined;
}

/** Two first launches at once both try to insert; the second then finds what the first stored. */
async function onceMoreIfRaced<Result>(store: () => Promise<Result>): Promise<Result> {
  try {
    return await store();
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 11000) return store();
    throw error;
  }
}
