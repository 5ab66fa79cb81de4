import type { Course } from '../database/models/course.ts';
import { forgetNames } from '../database/forget-names.ts';
import { EnrolmentModel, type Enrolment } from '../database/models/enrolment.ts';
import { PersonModel, type Person } from '../database/models/person.ts';
import type { Platform } from '../database/models/platform.ts';
import { startSession } from '../database/models/session.ts';
import { nameInCourse, type NamedPerson } from '../domain/names.ts';
import type { Role } from '../domain/vocabulary.ts';
import type { LaunchClaims } from './claims.ts';
import { createKeptBriefly } from './kept-briefly.ts';
import type { VerifiedLaunch } from './launch-pass.ts';
import { readCourse, storeCourse } from './launched-course.ts';
import { readRole } from './roles.ts';
import { customParameters } from './tool-configuration.ts';
import { readWayBack } from './way-back.ts';

export interface AcceptedLaunch {
  /** What the client exchanges for its token. */
  readonly code: string;
  readonly courseId: string | undefined;
  readonly isFirstOfCourse: boolean;
}

export interface LaunchStore {
  /**
   * Stores what a verified launch says (course, person, enrolment) and starts a session. A launch without a course, or by
   * somebody whose role Waymark does not know, makes no enrolment: nobody comes onto a list of students by looking in.
   */
  accept(launch: VerifiedLaunch): Promise<AcceptedLaunch>;
}

/** What launches say of a course is mostly what the launch a moment ago said; it is stored again after so long. */
const sameCourseForMs = 2_000;

export function createLaunchStore({ now, sessionHours }: { now: () => Date; sessionHours: number }): LaunchStore {
  const courses = createKeptBriefly<Course['_id']>({ freshForMs: sameCourseForMs, now });

  async function storeCourseOnce(platform: Platform, claims: LaunchClaims) {
    const said = readCourse(platform, claims);
    let isFirst = false;
    const _id = await courses.get(JSON.stringify([platform._id, said]), async () => {
      const stored = await onceMoreIfRaced(() => storeCourse(platform, said, now()));
      isFirst = stored.isFirst;
      return stored._id;
    });
    return { _id, isFirst };
  }

  return {
    async accept({ platform, claims, wayIn }) {
      const role = readRole(claims.roles, claims.custom);
      const wayBack = readWayBack(platform, claims);
      const [course, person, opensAt] = await Promise.all([
        claims.context && storeCourseOnce(platform, claims),
        onceMoreIfRaced(() => storePerson(platform, claims)),
        readDestination(platform, claims, role),
      ]);
      const isMember = role === 'student' || role === 'tutor' || role === 'assistant' || role === 'mentor';
      const [{ code }] = await Promise.all([
        startSession(
          {
            platformId: platform._id,
            personId: person._id,
            role: role ?? 'student',
            ...(course && { courseId: course._id }),
            ...(opensAt && { opensAt }),
            ...(wayBack && { wayBack }),
            ...(wayIn && { wayIn }),
          },
          { now: now(), hours: sessionHours },
        ),
        course && isMember
          ? onceMoreIfRaced(() => storeEnrolment(course._id, person._id, { ...claims, role }))
          : undefined,
      ]);
      return { code, courseId: course?._id.toHexString(), isFirstOfCourse: course?.isFirst ?? false };
    },
  };
}

/** Whether a stored record says all of this already: most launches bring nothing new, and reading is cheaper than writing. */
function holds(stored: object, facts: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(facts).every(([name, value]) => (stored as Record<string, unknown>)[name] === value);
}

async function storePerson(platform: Platform, claims: LaunchClaims): Promise<Person> {
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
  // As in `startSession`: a lecture hall does these reads at once, and everything in them is of its type already.
  const found = await PersonModel.collection.findOne<Person>({ platformId: platform._id, sub: claims.sub });
  if (found && holds(found, facts)) return found;
  return PersonModel.findOneAndUpdate(
    { platformId: platform._id, sub: claims.sub },
    { ...(Object.keys(facts).length > 0 && { $set: facts }) },
    { upsert: true, returnDocument: 'after' },
  )
    .lean<Person>()
    .orFail();
}

async function storeEnrolment(
  courseId: Course['_id'],
  personId: Person['_id'],
  said: NamedPerson & { readonly role: Role; readonly email?: string | undefined },
): Promise<void> {
  const { role } = said;
  const found = await EnrolmentModel.collection.findOne<Enrolment>(
    { courseId, personId },
    { projection: { role: 1, roleFrom: 1, isActive: 1, name: 1, sortName: 1, nameFrom: 1, leftAt: 1 } },
  );
  const { nameFrom, ...called } = nameInCourse(found ?? undefined, said, 'launch');
  const facts = { role, roleFrom: 'launch', isActive: true, ...called, ...(nameFrom && { nameFrom }) } as const;
  // A student whom the roster has named already is the same student.
  const isSame = found?.role === 'student' && role === 'student' ? { ...facts, roleFrom: found.roleFrom } : facts;
  if (found && !found.leftAt && found.nameFrom === nameFrom && holds(found, isSame)) return;
  await EnrolmentModel.updateOne(
    { courseId, personId },
    {
      $set: facts,
      $unset: { leftAt: 1, ...(!nameFrom && { nameFrom: 1 }) },
      $setOnInsert: { groups: [], optedOutAt: null },
    },
    { upsert: true },
  );
  if (found?.nameFrom && !nameFrom) await forgetNames([{ personId, email: said.email }]);
}

/** Where in the client this launch wants to go. Whether the actor may see it is decided there, like any other page. */
async function readDestination(
  platform: Platform,
  claims: LaunchClaims,
  role: Role | undefined,
): Promise<string | undefined> {
  if (role !== 'tutor' && role !== 'assistant') return undefined;
  if (claims.messageType === 'LtiSubmissionReviewRequest' && claims.forUser) {
    const reviewed = { platformId: platform._id, sub: claims.forUser.user_id };
    const person = await PersonModel.findOne(reviewed, { _id: 1 }).lean();
    return person ? `/students/${person._id.toHexString()}` : undefined;
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
