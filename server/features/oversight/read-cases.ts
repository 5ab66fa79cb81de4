import { ActionModel } from '../../database/models/action.ts';
import { FlagModel, type StoredFlag } from '../../database/models/flag.ts';
import { RollUpModel, type StoredRollUp } from '../../database/models/roll-up.ts';
import type { FlaggedCase } from '../../domain/evaluation.ts';
import { stateSince } from '../../domain/flags.ts';

const dayMs = 86_400_000;

/** Every support flag of a course with the first contact after it and the student's active days; no names, no ids. */
export async function readCases(courseId: string): Promise<FlaggedCase[]> {
  const flags = await FlagModel.find(
    { courseId, kind: 'support' },
    { personId: 1, openedAt: 1, state: 1, history: 1, clearedAt: 1 },
  ).lean<StoredFlag[]>();
  const people = [...new Set(flags.map(({ personId }) => personId.toHexString()))];
  const which = { courseId, personId: { $in: people } };
  const [actions, rollUps] = await Promise.all([
    ActionModel.find(
      { ...which, initiator: 'staff', outcome: { $ne: 'no-action' } },
      { personId: 1, at: 1, category: 1, channel: 1 },
    )
      .sort({ at: 1 })
      .lean(),
    RollUpModel.find(which, { personId: 1, 'days.day': 1 }).lean<Pick<StoredRollUp, 'personId' | 'days'>[]>(),
  ]);
  const activeDaysOf = new Map<string, Set<string>>();
  for (const { personId, days } of rollUps) {
    const id = personId.toHexString();
    const own = activeDaysOf.get(id) ?? new Set();
    for (const { day } of days) own.add(day);
    activeDaysOf.set(id, own);
  }
  return flags.map((flag): FlaggedCase => {
    const id = flag.personId.toHexString();
    const action = actions.find(({ personId, at }) => personId.toHexString() === id && at.getTime() >= flag.openedAt);
    const isClosed = flag.state === 'resolved' || flag.state === 'dismissed';
    const endedAt = flag.clearedAt ?? (isClosed ? stateSince(flag) : undefined);
    return {
      openedAt: flag.openedAt,
      ...(typeof endedAt === 'number' && { endedAt }),
      ...(action && { action: { at: action.at.getTime(), category: action.category, channel: action.channel } }),
      activeDays: (from, days) => countDays(activeDaysOf.get(id), from, days),
    };
  });
}

function countDays(active: ReadonlySet<string> | undefined, from: number, days: number): number {
  let count = 0;
  for (let day = 0; day < days; day++)
    if (active?.has(new Date(from + day * dayMs).toISOString().slice(0, 10))) count++;
  return count;
}
