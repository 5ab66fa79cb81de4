import type { FlagList, Roster } from '../../contracts/flag-list.ts';
import { EnrolmentModel, type Enrolment } from '../../database/models/enrolment.ts';
import type { Deps } from '../../deps.ts';
import { maySetRules, type Actor } from '../../domain/access.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { indicators } from '../../domain/indicators/all.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { findColleagues } from '../../staff/colleagues.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { createSharedList, readClosedList } from './shared-list.ts';

export type ReadFlagList = (actor: Actor, which: 'running' | 'closed') => Promise<FlagList>;

/** Makes the reader of the list: flags that are not closed and requests without an answer, or the closed flags. */
export function createFlagList(deps: Deps): ReadFlagList {
  const readShared = createSharedList(deps);
  const sayAll = (named: readonly { id: string; label: string }[]) =>
    Object.fromEntries(named.map(({ id, label }) => [id, fillWords(label, deps.pack.words)]));
  const labels = { indicators: sayAll(indicators), channels: sayAll(deps.pack.channels) };

  return async (actor, which) => {
    const staff = await requireStaff(deps, actor);
    const [{ owners, ...shared }, colleagues] = await Promise.all([
      which === 'running' ? readShared(staff.courseId) : readClosedList(staff.courseId),
      findColleagues(staff.courseId, deps.pack.access.mayAssistantsSeeIndividuals),
      auditDeed(deps, staff, 'viewed-list'),
    ]);
    return {
      now: deps.now().getTime(),
      me: staff.personId,
      ...shared,
      mine: [...owners].flatMap(([personId, ids]) => (ids.has(staff.personId) ? [personId] : [])),
      colleagues,
      ...labels,
      maySetRules: maySetRules(staff),
    };
  };
}

/** Everybody who studies in the course, by name only: to find a student whom no list has brought up. */
export async function readRoster(deps: Deps, actor: Actor): Promise<Roster> {
  const staff = await requireStaff(deps, actor);
  await auditDeed(deps, staff, 'viewed-list');
  const students = await EnrolmentModel.find(
    { courseId: staff.courseId, role: 'student', isActive: true },
    { _id: 0, personId: 1, name: 1 },
  )
    .sort({ sortName: 1 })
    .lean<Pick<Enrolment, 'personId' | 'name'>[]>();
  return { students: students.map(({ personId, name }) => ({ id: personId.toHexString(), name })) };
}
