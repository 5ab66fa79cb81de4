import { randomUUID } from 'node:crypto';
import type mongoose from 'mongoose';
import type { z } from 'zod';
import type { recordActionSchema, Recorded } from '../../contracts/actions.ts';
import { newId } from '../../database/connect.ts';
import { ActionModel, type StoredAction } from '../../database/models/action.ts';
import { DiscussionModel } from '../../database/models/discussion.ts';
import type { Deps } from '../../deps.ts';
import type { Actor, CourseActor } from '../../domain/access.ts';
import { InvalidInput, NotFound } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { findColleagues, findStudents } from '../../staff/colleagues.ts';
import { findRunningFlags, moveFlags } from '../../staff/move-flags.ts';
import { actionContext, presentActions } from '../../staff/present-action.ts';
import { discussionContext } from '../../staff/present-discussion.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { checkAction } from './check-action.ts';
import { requireDiscussion } from './require-discussion.ts';

type Input = z.output<typeof recordActionSchema>;

/**
 * Records one action for one student or for many at once. Nothing is stored unless all of it can be. Throws NotFound where a
 * student is not of this course, InvalidInput naming the field.
 */
export async function recordAction(deps: Deps, actor: Actor, input: Input): Promise<Recorded> {
  const staff = await requireStaff(deps, actor);
  const { courseId } = staff;
  const personIds = [...new Set(input.personIds)];
  const students = await findStudents(courseId, personIds);
  if (personIds.some((id) => !students.has(id))) throw new NotFound();
  checkAction(deps, input);
  if (input.followUp?.ownerId) await requireColleague(deps, courseId, input.followUp.ownerId);

  const flags = await findRunningFlags(courseId, personIds);
  const isContact = input.initiator === 'staff' && input.outcome !== 'no-action';
  const optedOut = personIds.filter((id) => students.get(id)?.optedOutAt);
  if (isContact && input.flagIds.length > 0 && optedOut.length > 0) {
    throw new InvalidInput({ personIds: 'A student among these has opted out of contact that rests on analytics.' });
  }
  if (isContact && deps.pack.requiresColleagueDiscussion && !input.discussedElsewhere) {
    await requireDiscussion(courseId, flags);
  }

  for (const personId of personIds) await auditDeed(deps, staff, 'recorded-action', personId);
  if (input.discussedElsewhere) await recordDiscussion(deps, staff, personIds, flags, input.discussedElsewhere);
  const batchId = personIds.length > 1 ? randomUUID() : undefined;
  const named = new Set(input.flagIds);
  const documents = personIds.map((personId) => {
    const own = flags.filter((flag) => flag.personId.toHexString() === personId);
    const about = named.size > 0 ? own.filter(({ _id }) => named.has(_id.toHexString())) : own;
    return toDocument(deps, staff, personId, input, { flagIds: about.map(({ _id }) => _id), batchId });
  });
  const stored = await ActionModel.insertMany(documents);
  const flagsMoved = isContact
    ? await moveFlags(courseId, flags, {
        to: 'acting',
        from: ['open', 'discussing'],
        by: staff.personId,
        at: deps.now(),
      })
    : 0;
  const actions = await presentActions(
    courseId,
    stored.map((document) => document.toObject<StoredAction>()),
    deps.vault,
  );
  return { actions, flagsMoved };
}

function toDocument(
  { vault, now }: Deps,
  { courseId, personId: byId }: CourseActor,
  personId: string,
  input: Input,
  extras: { flagIds: mongoose.Types.ObjectId[]; batchId: string | undefined },
) {
  const id = newId();
  return {
    _id: id,
    courseId,
    personId,
    byId,
    category: input.category,
    channel: input.channel,
    initiator: input.initiator,
    outcome: input.outcome,
    at: new Date(input.at),
    recordedAt: now(),
    flagIds: extras.flagIds,
    ...(extras.batchId !== undefined && { batchId: extras.batchId }),
    ...(input.summary && { sealedSummary: vault.seal(input.summary, actionContext(id, 'summary')) }),
    ...(input.steps && { sealedSteps: vault.seal(input.steps, actionContext(id, 'steps')) }),
    ...(input.followUp && {
      followUp: {
        dueAt: new Date(input.followUp.dueAt),
        ownerId: input.followUp.ownerId ?? byId,
        isPending: true,
        handedOver: [],
      },
    }),
  };
}

/** A word with a colleague that took place elsewhere is kept as one that is closed. */
async function recordDiscussion(
  { vault, now }: Deps,
  { courseId, personId: byId }: CourseActor,
  personIds: readonly string[],
  flags: Awaited<ReturnType<typeof findRunningFlags>>,
  { withWhom, agreed }: { withWhom: string; agreed: string },
): Promise<void> {
  await DiscussionModel.insertMany(
    personIds.map((personId) => {
      const id = newId();
      const about = flags.find((flag) => flag.personId.toHexString() === personId && flag.kind === 'support');
      return {
        _id: id,
        courseId,
        personId,
        ...(about && { flagId: about._id }),
        startedById: byId,
        startedAt: now(),
        sealedConsidered: vault.seal(
          `Talked over outside Waymark with: ${withWhom}`,
          discussionContext(id, 'considered'),
        ),
        isOpen: false,
        decision: 'contact',
        sealedBecause: vault.seal(agreed, discussionContext(id, 'because')),
        decidedById: byId,
        decidedAt: now(),
      };
    }),
  );
}

/** Throws InvalidInput unless the person is staff of this course who may see individuals. */
export async function requireColleague(deps: Deps, courseId: string, id: string, field = 'followUp.ownerId') {
  const colleagues = await findColleagues(courseId, deps.pack.access.mayAssistantsSeeIndividuals);
  if (!colleagues.some((colleague) => colleague.id === id)) {
    throw new InvalidInput({ [field]: 'Choose a colleague of this course.' });
  }
}
