import { ActionModel } from '../../database/models/action.ts';
import { DiscussionModel, type Discussion } from '../../database/models/discussion.ts';
import type { StoredFlag } from '../../database/models/flag.ts';
import { InvalidInput } from '../../errors.ts';

/**
 * Where the institution asks for a word with a colleague before contact: throws InvalidInput for students with a flag about
 * which nobody has decided together, or been in touch, since it was raised.
 */
export async function requireDiscussion(courseId: string, flags: readonly StoredFlag[]): Promise<void> {
  const support = flags.filter(({ kind, state }) => kind === 'support' && state !== 'acting');
  if (support.length === 0) return;
  const raisedAt = new Map<string, number>();
  for (const { personId, openedAt } of support) {
    const id = personId.toHexString();
    raisedAt.set(id, Math.max(openedAt, raisedAt.get(id) ?? 0));
  }
  const which = { courseId, personId: { $in: [...raisedAt.keys()] } };
  const [decided, contacted] = await Promise.all([
    DiscussionModel.find({ ...which, isOpen: false }, { personId: 1, decidedAt: 1 }).lean<Discussion[]>(),
    ActionModel.find({ ...which, initiator: 'staff', outcome: { $ne: 'no-action' } }, { personId: 1, at: 1 }).lean(),
  ]);
  const seen = new Set<string>();
  for (const { personId, at } of [
    ...decided.map(({ personId, decidedAt }) => ({ personId, at: decidedAt })),
    ...contacted,
  ]) {
    const id = personId.toHexString();
    if (at && at.getTime() >= (raisedAt.get(id) ?? Infinity)) seen.add(id);
  }
  const missing = [...raisedAt.keys()].filter((id) => !seen.has(id)).length;
  if (missing === 0) return;
  throw new InvalidInput({
    discussedElsewhere:
      missing === 1
        ? 'Your institution asks you to talk this over with a colleague before making contact. Start a discussion, or say here with whom you did.'
        : `For ${missing} of these students nobody has talked it over with a colleague yet. Say here with whom you did.`,
  });
}
