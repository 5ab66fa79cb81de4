import mongoose from 'mongoose';
import { EnrolmentModel, type Enrolment } from '../database/models/enrolment.ts';
import { PersonModel } from '../database/models/person.ts';
import type { Role } from '../domain/vocabulary.ts';
import { hashEmail } from '../sources/source-event.ts';
import type { RosterMember } from './deps.ts';

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
  now: Date,
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
  const writes = withRole.flatMap((member) => {
    const personId = personIds.get(member.sub);
    if (!personId) return [];
    const before = enrolmentOf.get(String(personId));
    // Some rosters call non-editing teachers learners: for staff, what they launched as stays, or what Moodle itself says.
    const isKnownStaff = before !== undefined && before.roleFrom !== 'roster' && staffRoles.includes(before.role);
    const leftNow = !member.isActive && before?.isActive !== false;
    return [
      {
        updateOne: {
          filter: { courseId, personId },
          update: {
            $set: {
              ...namesOf(member),
              ...(!isKnownStaff && { role: member.role, roleFrom: 'roster' as const }),
              isActive: member.isActive,
              lastSeenInRosterAt: now,
              ...(leftNow && { leftAt: now }),
            },
            ...(member.isActive && { $unset: { leftAt: 1 as const } }),
            $setOnInsert: {
              groups: [],
              optedOutAt: null,
              // On the first reading everybody is new to Waymark, but nobody is new to the course.
              ...(wasRead && { joinedAt: now }),
            },
          },
          upsert: true,
        },
      },
    ];
  });
  if (writes.length > 0) await EnrolmentModel.collection.bulkWrite(writes, { ordered: false });
  await EnrolmentModel.updateMany(
    {
      courseId,
      isActive: true,
      lastSeenInRosterAt: { $lt: now },
      $nor: [{ roleFrom: 'launch', role: { $in: staffRoles } }],
    },
    { $set: { isActive: false, leftAt: now } },
  );
  const dropped = members.length - withRole.length;
  return { read: members.length, stored: writes.length, dropped: dropped > 0 ? { 'role-unknown': dropped } : {} };
}

async function storePeople(platformId: mongoose.Types.ObjectId, members: readonly RosterMember[]) {
  if (members.length === 0) return new Map<string, mongoose.Types.ObjectId>();
  await PersonModel.collection.bulkWrite(
    members.map((member) => ({
      updateOne: {
        filter: { platformId, sub: member.sub },
        update: {
          $set: {
            // Undefined values would be stored as null; what the platform withholds now is left as it was known.
            ...Object.fromEntries(
              (['name', 'givenName', 'familyName', 'email', 'sourcedId', 'username'] as const).flatMap((field) => {
                const value = member[field]?.trim();
                return value ? [[field, value]] : [];
              }),
            ),
            ...(member.email?.trim() && { emailSha1: hashEmail(member.email) }),
            sub: member.sub,
          },
          $setOnInsert: { _id: new ObjectId() },
        },
        upsert: true,
      },
    })),
    { ordered: false },
  );
  const people = await PersonModel.find({ platformId, sub: { $in: members.map(({ sub }) => sub) } }, { sub: 1 }).lean();
  return new Map(people.map(({ sub, _id }) => [sub, _id]));
}

function namesOf({ sub, name, givenName, familyName, role }: RosterMember): { name: string; sortName: string } {
  const shown = name?.trim() || [givenName, familyName].filter(Boolean).join(' ').trim();
  if (!shown) {
    const alias = `${role === 'student' ? 'Student' : 'Person'} ${sub.slice(-6)}`;
    return { name: alias, sortName: alias.toLowerCase() };
  }
  const sortName = familyName ? `${familyName} ${givenName ?? ''}` : `${shown.split(' ').at(-1)} ${shown}`;
  return { name: shown, sortName: sortName.trim().toLowerCase() };
}
