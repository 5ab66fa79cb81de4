import { createHash } from 'node:crypto';
import type { FlagList, Roster } from '../../contracts/flag-list.ts';
import { EnrolmentModel, type Enrolment } from '../../database/models/enrolment.ts';
import { inOneReply } from '../../database/replies.ts';
import type { Deps } from '../../deps.ts';
import { maySetRules, type Actor } from '../../domain/access.ts';
import { joinJson, type PreparedJson } from '../../http/prepared-json.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { createSharedList, type OwnPart } from './shared-list.ts';

/** A list as it is sent: what all staff of the course read alike, and the reader's own part. */
export interface PreparedList {
  readonly shared: PreparedJson;
  readonly own: OwnPart;
  /** Changes with the reader's own part, and with the hour, since waiting times grow. */
  readonly ownTag: string;
}

export type ReadFlagList = (actor: Actor, which: 'running' | 'closed') => Promise<PreparedList>;

/** Makes the reader of the list: flags that are not closed and requests without an answer, or the closed flags. */
export function createFlagList(deps: Deps): ReadFlagList {
  const lists = createSharedList(deps);
  return async (actor, which) => {
    const staff = await requireStaff(deps, actor);
    const [{ cases, json }] = await Promise.all([
      which === 'running' ? lists.readRunning(staff.courseId) : lists.readClosed(staff.courseId),
      auditDeed(deps, staff, 'viewed-list'),
    ]);
    const now = deps.now().getTime();
    const personal = {
      me: staff.personId,
      mine: [...cases].flatMap(([personId, { owners }]) => (owners.has(staff.personId) ? [personId] : [])),
      maySetRules: maySetRules(staff),
    };
    const hour = Math.floor(now / 3_600_000);
    const ownTag = createHash('sha256')
      .update(JSON.stringify([hour, personal]))
      .digest('base64url')
      .slice(0, 12);
    return { shared: json, own: { now, ...personal }, ownTag };
  };
}

/** The list as an object, for whoever goes on working with it. */
export function openList({ shared, own }: PreparedList): FlagList {
  return JSON.parse(joinJson(shared, own).toString()) as FlagList;
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
    .batchSize(inOneReply)
    .lean<Pick<Enrolment, 'personId' | 'name'>[]>();
  return { students: students.map(({ personId, name }) => ({ id: personId.toHexString(), name })) };
}
