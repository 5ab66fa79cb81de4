import type { FlagChangeInput, ListedFlag } from '../../contracts/flag-list.ts';
import { FlagModel, storeFlags, toFlag, type StoredFlag } from '../../database/models/flag.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { changeFlagState } from '../../domain/flags.ts';
import { Conflict, InvalidInput, NotFound } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { listFlag } from './build-list.ts';

/**
 * Takes a flag to another state. Throws NotFound for another course's, Conflict with the flag as it is now where the
 * data or a colleague changed it first, InvalidInput for a step that is not allowed.
 */
export async function changeFlag(deps: Deps, actor: Actor, id: string, input: FlagChangeInput): Promise<ListedFlag> {
  const staff = await requireStaff(deps, actor);
  const stored = await readFlag(staff.courseId, id);
  if (stored.rev !== input.rev) throw changedMeanwhile(stored);
  const change = changeFlagState(
    toFlag(stored),
    { to: input.to, reason: input.reason },
    staff.personId,
    deps.now().getTime(),
  );
  if (!change.ok) throw new InvalidInput(change.fields);
  await auditDeed(deps, staff, 'changed-flag', stored.personId.toHexString());
  const [isStored] = await storeFlags(staff.courseId, [{ flag: change.flag, rev: stored.rev }]);
  if (!isStored) throw changedMeanwhile(await readFlag(staff.courseId, id));
  return listFlag(await readFlag(staff.courseId, id));
}

async function readFlag(courseId: string, id: string): Promise<StoredFlag> {
  const flag = await FlagModel.findOne({ _id: id, courseId }).lean<StoredFlag>();
  if (!flag) throw new NotFound();
  return flag;
}

function changedMeanwhile(flag: StoredFlag): Conflict {
  const last = flag.history.at(-1);
  const message =
    last?.by === 'data' && (flag.state === 'resolved' || flag.state === 'dismissed')
      ? 'New data settled this flag while your page was open. Nothing you typed is lost.'
      : 'This flag changed while your page was open. Please look at how it stands now.';
  return new Conflict(message, listFlag(flag));
}
