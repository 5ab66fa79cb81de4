import type { Addresses } from '../../contracts/drafts.ts';
import { PersonModel } from '../../database/models/person.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { NotFound } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { findStudents } from '../../staff/colleagues.ts';
import { requireStaff } from '../../staff/require-staff.ts';

/**
 * Where one message to many goes, for the tutor's own mail program. Whoever has opted out of contact based on analytics is
 * left out and counted: to them one writes about what they asked for. Throws NotFound for a student of another course.
 */
export async function readAddresses(
  deps: Deps,
  actor: Actor,
  { personIds }: { personIds: readonly string[] },
): Promise<Addresses> {
  const staff = await requireStaff(deps, actor);
  const wanted = [...new Set(personIds)];
  const students = await findStudents(staff.courseId, wanted);
  if (wanted.some((id) => !students.has(id))) throw new NotFound();
  const reachable = wanted.filter((id) => !students.get(id)?.optedOutAt);
  for (const personId of reachable) await auditDeed(deps, staff, 'took-address', personId);
  const people = await PersonModel.find({ _id: { $in: reachable } }, { email: 1 }).lean();
  const addresses = people.flatMap(({ email }) => email || []);
  return {
    addresses: addresses.sort(),
    optedOut: wanted.length - reachable.length,
    withoutAddress: reachable.length - addresses.length,
  };
}
