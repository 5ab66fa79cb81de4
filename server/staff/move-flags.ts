import { FlagModel, storeFlags, toFlag, type StoredFlag } from '../database/models/flag.ts';
import { changeFlagState } from '../domain/flags.ts';
import type { FlagState } from '../domain/vocabulary.ts';

/**
 * Takes flags along with what was done about them: a discussion makes an open one `discussing`, contact makes it `acting`.
 * One that is further already, or that somebody changed in this moment, stays as it is. Returns how many moved.
 */
export async function moveFlags(
  courseId: string,
  flags: readonly StoredFlag[],
  { to, from, by, at }: { to: FlagState; from: readonly FlagState[]; by: string; at: Date },
): Promise<number> {
  const changes = flags
    .filter(({ state }) => from.includes(state))
    .flatMap((flag) => {
      const change = changeFlagState(toFlag(flag), { to }, by, at.getTime());
      return change.ok ? [{ flag: change.flag, rev: flag.rev }] : [];
    });
  const moved = await storeFlags(courseId, changes);
  return moved.filter(Boolean).length;
}

/** The flags of these students that are not closed. */
export function findRunningFlags(courseId: string, personIds: readonly string[]): Promise<StoredFlag[]> {
  return FlagModel.find({
    courseId,
    personId: { $in: personIds },
    state: { $in: ['open', 'discussing', 'acting'] },
  }).lean<StoredFlag[]>();
}
