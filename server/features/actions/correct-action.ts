import type { CorrectActionInput, FollowUpChangeInput, ShownAction } from '../../contracts/actions.ts';
import { ActionModel, updateAction, type StoredAction } from '../../database/models/action.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { Conflict, InvalidInput, NotFound } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { actionContext, presentActions } from '../../staff/present-action.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { checkAction } from './check-action.ts';
import { requireColleague } from './record-action.ts';

/**
 * Puts an entry of the log right and keeps what was there before. Throws NotFound for another course's, Conflict with the
 * entry as it is now where somebody corrected it first.
 */
export async function correctAction(
  deps: Deps,
  actor: Actor,
  id: string,
  input: CorrectActionInput,
): Promise<ShownAction> {
  const staff = await requireStaff(deps, actor);
  const stored = await readAction(staff.courseId, id);
  checkAction(deps, input);
  await auditDeed(deps, staff, 'corrected-action', stored.personId.toHexString());
  const { category, channel, initiator, outcome, at, sealedSummary, sealedSteps } = stored;
  const seal = (text: string | undefined, field: 'summary' | 'steps', before: string | null | undefined) =>
    text ? deps.vault.sealChange(text, actionContext(id, field), before) : undefined;
  const newSummary = seal(input.summary, 'summary', sealedSummary);
  const newSteps = seal(input.steps, 'steps', sealedSteps);
  return save(deps, staff.courseId, id, input.rev, {
    $set: {
      category: input.category,
      channel: input.channel,
      initiator: input.initiator,
      outcome: input.outcome,
      at: new Date(input.at),
      ...(newSummary && { sealedSummary: newSummary }),
      ...(newSteps && { sealedSteps: newSteps }),
    },
    ...((!newSummary || !newSteps) && {
      $unset: { ...(!newSummary && { sealedSummary: 1 }), ...(!newSteps && { sealedSteps: 1 }) },
    }),
    $push: {
      corrections: {
        category,
        channel,
        initiator,
        outcome,
        at,
        ...(sealedSummary && { sealedSummary }),
        ...(sealedSteps && { sealedSteps }),
        replacedAt: deps.now(),
        replacedById: staff.personId,
      },
    },
  });
}

/** Marks a follow-up as done, hands it to a colleague, or moves its day. Throws as `correctAction`. */
export async function changeFollowUp(
  deps: Deps,
  actor: Actor,
  id: string,
  { rev, done, handTo, moveTo }: FollowUpChangeInput,
): Promise<ShownAction> {
  const staff = await requireStaff(deps, actor);
  const stored = await readAction(staff.courseId, id);
  if (!stored.followUp) throw new NotFound();
  const now = deps.now();
  if ([done, handTo, moveTo].filter((change) => change !== undefined).length !== 1) {
    throw new InvalidInput({ body: 'Say what becomes of the follow-up: done, handed over, or moved.' });
  }
  if (handTo !== undefined) await requireColleague(deps, staff.courseId, handTo, 'handTo');
  if (moveTo !== undefined && moveTo <= now.getTime()) {
    throw new InvalidInput({ moveTo: 'A follow-up needs a day that is still to come.' });
  }
  await auditDeed(deps, staff, 'corrected-action', stored.personId.toHexString());
  if (done) {
    return save(deps, staff.courseId, id, rev, {
      $set: { 'followUp.isPending': false, 'followUp.doneAt': now, 'followUp.doneById': staff.personId },
    });
  }
  if (handTo !== undefined) {
    return save(deps, staff.courseId, id, rev, {
      $set: { 'followUp.ownerId': handTo },
      $push: { 'followUp.handedOver': { fromId: stored.followUp.ownerId, toId: handTo, at: now } },
    });
  }
  return save(deps, staff.courseId, id, rev, { $set: { 'followUp.dueAt': new Date(moveTo ?? 0) } });
}

async function save(
  deps: Deps,
  courseId: string,
  id: string,
  rev: number,
  change: Parameters<typeof updateAction>[1],
): Promise<ShownAction> {
  const saved = await updateAction({ courseId, id, rev }, change);
  const [shown] = await presentActions(courseId, [saved ?? (await readAction(courseId, id))], deps.vault);
  if (!shown) throw new NotFound();
  if (!saved) {
    throw new Conflict('A colleague changed this entry while you were writing. Your text is still here.', shown);
  }
  return shown;
}

async function readAction(courseId: string, id: string): Promise<StoredAction> {
  const action = await ActionModel.findOne({ _id: id, courseId }).lean<StoredAction>();
  if (!action) throw new NotFound();
  return action;
}
