import type { MoodleUser } from './replies.ts';
import type { MoodleOverride } from './work-replies.ts';

/**
 * The closing time of a quiz for one student, in milliseconds, where it differs: their own override decides, otherwise the
 * latest of their groups'. `never` where it was lifted for them; undefined where nothing differs.
 */
export function effectiveClose(
  overrides: readonly MoodleOverride[],
  { id, groups }: Pick<MoodleUser, 'id' | 'groups'>,
): number | 'never' | undefined {
  const own = overrides.find(({ userid, timeclose }) => userid === id && timeclose !== undefined);
  if (own) return own.timeclose;
  const memberOf = new Set(groups.map((group) => group.id));
  const closes = overrides.flatMap(({ groupid, timeclose }) =>
    groupid && memberOf.has(groupid) && timeclose !== undefined ? [timeclose] : [],
  );
  if (closes.includes('never')) return 'never';
  return closes.length === 0 ? undefined : Math.max(...closes.map(Number));
}
