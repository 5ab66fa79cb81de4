import type { DecideInput, Discussions, ShownDiscussion, StartDiscussionInput } from '../../contracts/discussions.ts';
import { newId } from '../../database/connect.ts';
import {
  DiscussionModel,
  findOpenDiscussions,
  updateDiscussion,
  type Discussion,
} from '../../database/models/discussion.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { Conflict, InvalidInput, NotFound } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { findStudents } from '../../staff/colleagues.ts';
import { findRunningFlags, moveFlags } from '../../staff/move-flags.ts';
import { discussionContext, presentDiscussions } from '../../staff/present-discussion.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { requireColleague } from './record-action.ts';

/** What colleagues are thinking about together in this course, the latest first. */
export async function readDiscussions(deps: Deps, actor: Actor): Promise<Discussions> {
  const { courseId, personId } = await requireStaff(deps, actor);
  await auditDeed(deps, actor, 'viewed-list');
  const open = await findOpenDiscussions(courseId);
  return { me: personId, discussions: await presentDiscussions(courseId, open, deps.vault) };
}

/** Asks colleagues for their view before contact; the student's open flags become `discussing`. */
export async function startDiscussion(deps: Deps, actor: Actor, input: StartDiscussionInput): Promise<ShownDiscussion> {
  const staff = await requireStaff(deps, actor);
  const { courseId } = staff;
  if (!(await findStudents(courseId, [input.personId])).has(input.personId)) throw new NotFound();
  for (const invited of input.inviteIds) await requireColleague(deps, courseId, invited, 'inviteIds');
  const flags = await findRunningFlags(courseId, [input.personId]);
  const about = input.flagId
    ? flags.find(({ _id }) => _id.toHexString() === input.flagId)
    : flags.find(({ kind }) => kind === 'support');
  if (input.flagId && !about) throw new NotFound();
  await auditDeed(deps, staff, 'discussed', input.personId);
  const id = newId();
  await DiscussionModel.create({
    _id: id,
    courseId,
    personId: input.personId,
    ...(about && { flagId: about._id }),
    startedById: staff.personId,
    startedAt: deps.now(),
    invitedIds: [...new Set(input.inviteIds)],
    sealedConsidered: deps.vault.seal(input.considered, discussionContext(id, 'considered')),
  });
  await moveFlags(courseId, flags, { to: 'discussing', from: ['open'], by: staff.personId, at: deps.now() });
  return present(deps, courseId, id);
}

/** Adds one's view. Two colleagues may write at once: both views are kept. */
export async function replyToDiscussion(deps: Deps, actor: Actor, id: string, text: string): Promise<ShownDiscussion> {
  const staff = await requireStaff(deps, actor);
  const { courseId } = staff;
  const discussion = await readDiscussion(courseId, id);
  await auditDeed(deps, staff, 'discussed', discussion.personId.toHexString());
  const reply = {
    byId: staff.personId,
    at: deps.now(),
    sealedText: deps.vault.seal(text, discussionContext(id, 'reply')),
  };
  const { matchedCount } = await DiscussionModel.updateOne(
    { _id: id, courseId, isOpen: true },
    { $push: { replies: reply }, $inc: { rev: 1 } },
  );
  const shown = await present(deps, courseId, id);
  if (matchedCount === 0) throw new Conflict('This discussion was closed while you were writing.', shown);
  return shown;
}

/** Closes a discussion with what was agreed; “no action, because …” is a full outcome. */
export async function decideDiscussion(
  deps: Deps,
  actor: Actor,
  id: string,
  { rev, decision, because }: DecideInput,
): Promise<ShownDiscussion> {
  const staff = await requireStaff(deps, actor);
  const { courseId } = staff;
  const discussion = await readDiscussion(courseId, id);
  if (!discussion.isOpen && discussion.rev === rev) {
    throw new InvalidInput({ decision: 'This discussion is closed already.' });
  }
  await auditDeed(deps, staff, 'discussed', discussion.personId.toHexString());
  const saved = await updateDiscussion(
    { courseId, id, rev },
    {
      $set: {
        isOpen: false,
        decision,
        sealedBecause: deps.vault.seal(because, discussionContext(id, 'because')),
        decidedById: staff.personId,
        decidedAt: deps.now(),
      },
    },
  );
  const shown = await present(deps, courseId, id);
  if (!saved) throw new Conflict('A colleague wrote in this discussion meanwhile. Please read it first.', shown);
  return shown;
}

async function readDiscussion(courseId: string, id: string): Promise<Discussion> {
  const discussion = await DiscussionModel.findOne({ _id: id, courseId }).lean<Discussion>();
  if (!discussion) throw new NotFound();
  return discussion;
}

async function present(deps: Deps, courseId: string, id: string): Promise<ShownDiscussion> {
  const [shown] = await presentDiscussions(courseId, [await readDiscussion(courseId, id)], deps.vault);
  if (!shown) throw new NotFound();
  return shown;
}
