import mongoose from 'mongoose';
import { EnrolmentModel, type Enrolment } from '../database/models/enrolment.ts';
import { PersonModel } from '../database/models/person.ts';
import { forgetNames } from '../database/forget-names.ts';
import { nameInCourse } from '../domain/names.ts';
import type { RosterMember } from '../domain/roster-member.ts';
import type { Role } from '../domain/vocabulary.ts';
import { hashEmail } from '../sources/source-event.ts';

const { ObjectId } = mongoose.Types;
const staffRoles: readonly Role[] = ['tutor', 'assistant', 'administrator', 'lead'];

export interface StoredRoster {
  readonly read: number;
  readonly stored: number;
  /** Why members were left out, and how many. */
  readonly dropped: Readonly<Record<string, number>>;
}

/**
 * Brings people and enrolments of a course up to what its roster says. Who has vanished from it has left (platforms
 * leave suspended people out, too); who comes back is taken back. An empty roster for a course that had people is
 * taken as a fault, and rejected with an Error.
 */
export async function storeRoster(
  course: { _id: mongoose.Types.ObjectId; platformId: mongoose.Types.ObjectId },
  members: readonly RosterMember[],
  at: Date,
): Promise<StoredRoster> {
  const courseId = course._id;
  const known = await EnrolmentModel.find({ courseId }).lean<Enrolment[]>();
  const withRole = members.filter((member): member is RosterMember & { role: Role } => member.role !== undefined);
  const wasRead = known.some(({ lastSeenInRosterAt }) => lastSeenInRosterAt);
  if (withRole.length === 0 && known.some(({ isActive, role }) => isActive && role === 'student')) {
    throw new Error('the roster came back empty although the course has students');
  }

  const personIds = await storePeople(course.platformId, withRole);
  const enrolmentOf = new Map(known.map((enrolment) => [String(enrolment.personId), enrolment]));
  const named = new Set([...personIds.values()].map(String));
  const withheld: { personId: mongoose.Types.ObjectId; email?: string | undefined }[] = [];
  const writes = withRole.flatMap((member) => {
    const personId = personIds.get(member.sub);
    if (!personId) return [];
    const before = enrolmentOf.get(String(personId));
    // Some rosters call non-editing teachers learners: for staff, what they launched as stays, or what Moodle itself says.
    const isKnownStaff = before !== undefined && before.roleFrom !== 'roster' && staffRoles.includes(before.role);
    const leftNow = !member.isActive && before?.isActive !== false;
    const { nameFrom, ...called } = nameInCourse(before, member, 'roster');
    if (before?.nameFrom && !nameFrom) withheld.push({ personId, email: member.email });
    const now = {
      ...called,
      ...(nameFrom && { nameFrom }),
      ...(!isKnownStaff && { role: member.role, roleFrom: 'roster' as const }),
      isActive: member.isActive,
    };
    if (before?.lastSeenInRosterAt && !(member.isActive && before.leftAt) && isSame(now, before)) return [];
    return [
      {
        updateOne: {
          filter: { courseId, personId },
          update: {
            $set: { ...now, lastSeenInRosterAt: at, ...(leftNow && { leftAt: at }) },
            ...((member.isActive || !nameFrom) && {
              $unset: { ...(member.isActive && { leftAt: 1 as const }), ...(!nameFrom && { nameFrom: 1 as const }) },
            }),
            $setOnInsert: {
              groups: [],
              optedOutAt: null,
              // On the first reading everybody is new to Waymark, but nobody is new to the course.
              ...(wasRead && { joinedAt: at }),
            },
          },
          upsert: true,
        },
      },
    ];
  });
  if (writes.length > 0) await EnrolmentModel.collection.bulkWrite(writes, { ordered: false });
  await forgetNames(withheld);
  const left = known.filter(
    ({ personId, isActive, lastSeenInRosterAt, role, roleFrom }) =>
      isActive &&
      lastSeenInRosterAt &&
      !named.has(String(personId)) &&
      !(roleFrom === 'launch' && staffRoles.includes(role)),
  );
  if (left.length > 0) {
    await EnrolmentModel.updateMany(
      { courseId, personId: { $in: left.map(({ personId }) => personId) } },
      { $set: { isActive: false, leftAt: at } },
    );
  }
  const dropped = members.length - withRole.length;
  const stored = withRole.filter(({ sub }) => personIds.has(sub)).length;
  return { read: members.length, stored, dropped: dropped > 0 ? { 'role-unknown': dropped } : {} };
}

const personFields = ['name', 'givenName', 'familyName', 'email', 'sourcedId', 'username'] as const;

/** Stores who is new or has changed, which on most days is nobody. Returns everybody's id by `sub`. */
async function storePeople(platformId: mongoose.Types.ObjectId, members: readonly RosterMember[]) {
  const find = async (subs: readonly string[]) =>
    subs.length === 0
      ? []
      : PersonModel.find(
          { platformId, sub: { $in: subs } },
          { sub: 1, ...Object.fromEntries(personFields.map((field) => [field, 1])) },
        ).lean<
          (Partial<Record<(typeof personFields)[number], string>> & { _id: mongoose.Types.ObjectId; sub: string })[]
        >();
  const people = await find(members.map(({ sub }) => sub));
  const ids = new Map(people.map(({ sub, _id }) => [sub, _id]));
  const before = new Map(people.map((person) => [person.sub, person]));
  const changed = members.flatMap((member) => {
    // What is not said is left as it was known; names that the platform withholds now go by `forgetNames`.
    const given: Partial<Record<(typeof personFields)[number], string>> = {};
    for (const field of personFields) {
      const value = member[field]?.trim();
      if (value) given[field] = value;
    }
    const known = before.get(member.sub);
    return known && isSame(given, known) ? [] : [{ sub: member.sub, given }];
  });
  if (changed.length === 0) return ids;
  await PersonModel.collection.bulkWrite(
    changed.map(({ sub, given }) => ({
      updateOne: {
        filter: { platformId, sub },
        update: {
          $set: { ...given, ...(given.email && { emailSha1: hashEmail(given.email) }), sub },
          $setOnInsert: { _id: new ObjectId() },
        },
        upsert: true,
      },
    })),
    { ordered: false },
  );
  const added = await find(changed.map(({ sub }) => sub).filter((sub) => !ids.has(sub)));
  for (const { sub, _id } of added) ids.set(sub, _id);
  return ids;
}

/** Whether every field of the first is the same in the second. */
function isSame<Fields extends object>(fields: Fields, other: Partial<Record<keyof Fields, unknown>>): boolean {
  return (Object.keys(fields) as (keyof Fields)[]).every((field) => fields[field] === other[field]);
}
