import type { ShownDiscussion } from '../contracts/discussions.ts';
import type { Discussion } from '../database/models/discussion.ts';
import type { Vault } from '../database/vault.ts';
import { findNames } from './colleagues.ts';

export type DiscussionText = 'considered' | 'reply' | 'because';

export function discussionContext(id: string, text: DiscussionText): string {
  return `discussion:${id}:${text}`;
}

export async function presentDiscussions(
  courseId: string,
  discussions: readonly Discussion[],
  vault: Vault,
): Promise<ShownDiscussion[]> {
  const nameOf = await findNames(
    courseId,
    discussions.flatMap(({ personId, startedById, invitedIds, replies, decidedById }) =>
      [
        personId,
        startedById,
        ...invitedIds,
        ...replies.map(({ byId }) => byId),
        ...(decidedById ? [decidedById] : []),
      ].map((id) => id.toHexString()),
    ),
  );
  return discussions.map((discussion) => {
    const id = discussion._id.toHexString();
    return {
      id,
      rev: discussion.rev,
      personId: discussion.personId.toHexString(),
      studentName: nameOf(discussion.personId.toHexString()),
      ...(discussion.flagId && { flagId: discussion.flagId.toHexString() }),
      startedBy: nameOf(discussion.startedById.toHexString()),
      startedAt: discussion.startedAt.getTime(),
      invited: discussion.invitedIds.map((invited) => ({
        id: invited.toHexString(),
        name: nameOf(invited.toHexString()),
      })),
      considered: vault.read(discussion.sealedConsidered, discussionContext(id, 'considered')),
      replies: discussion.replies.map(({ byId, at, sealedText }) => ({
        by: nameOf(byId.toHexString()),
        at: at.getTime(),
        text: vault.read(sealedText, discussionContext(id, 'reply')),
      })),
      isOpen: discussion.isOpen,
      ...(discussion.decision && { decision: discussion.decision }),
      ...(discussion.sealedBecause && {
        because: vault.read(discussion.sealedBecause, discussionContext(id, 'because')),
      }),
      ...(discussion.decidedById && { decidedBy: nameOf(discussion.decidedById.toHexString()) }),
      ...(discussion.decidedAt && { decidedAt: discussion.decidedAt.getTime() }),
    };
  });
}
