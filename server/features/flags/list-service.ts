import type { FlagList, Roster } from '../../contracts/flag-list.ts';
import { EnrolmentModel, type Enrolment } from '../../database/models/enrolment.ts';
import type { Deps } from '../../deps.ts';
import { maySetRules, type Actor } from '../../domain/access.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { indicators } from '../../domain/indicators/all.ts';
import type { FlagState } from '../../domain/vocabulary.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { findColleagues } from '../../staff/colleagues.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { buildListRows } from './build-list.ts';
import { readListFacts } from './list-facts.ts';
import { sayNotice } from './notice-words.ts';

const running: readonly FlagState[] = ['open', 'discussing', 'acting'];
const closed: readonly FlagState[] = ['resolved', 'dismissed'];

/** The list of the actor's course: flags that are not closed and requests without an answer, or the closed flags. */
export async function readFlagList(deps: Deps, actor: Actor, which: 'running' | 'closed'): Promise<FlagList> {
  const staff = await requireStaff(deps, actor);
  const [facts, colleagues] = await Promise.all([
    readListFacts(staff.courseId, which === 'running' ? running : closed),
    findColleagues(staff.courseId, deps.pack.access.mayAssistantsSeeIndividuals),
    auditDeed(deps, staff, 'viewed-list'),
  ]);
  const asOf = facts.freshness.flatMap(({ okAt, speaksOf }) => (okAt && speaksOf.length > 0 ? [okAt.getTime()] : []));
  const sayAll = (named: readonly { id: string; label: string }[]) =>
    Object.fromEntries(named.map(({ id, label }) => [id, fillWords(label, deps.pack.words)]));
  return {
    now: deps.now().getTime(),
    me: staff.personId,
    ...(facts.state?.week !== undefined && { teachingWeek: facts.state.week }),
    ...(facts.state?.computedAt && { computedAt: facts.state.computedAt.getTime() }),
    ...(asOf.length > 0 && { asOf: Math.min(...asOf) }),
    notices: facts.state?.notices.map(sayNotice) ?? [],
    colleagues,
    indicators: sayAll(indicators),
    channels: sayAll(deps.pack.channels),
    ...buildListRows(which === 'running' ? facts : { ...facts, requests: [] }, staff.personId),
    maySetRules: maySetRules(staff),
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
