import type { ShownAction } from '../contracts/actions.ts';
import type { ActionBody, StoredAction } from '../database/models/action.ts';
import type { Vault } from '../database/vault.ts';
import { findNames } from './colleagues.ts';

export type ActionText = 'summary' | 'steps';

/** What a text of an action is sealed with: it opens in this record and field only. */
export function actionContext(id: string, text: ActionText): string {
  return `action:${id}:${text}`;
}

/** Entries of the log as staff read them: texts opened, people named, earlier wordings kept beside. */
export async function presentActions(
  courseId: string,
  actions: readonly StoredAction[],
  vault: Vault,
): Promise<ShownAction[]> {
  const nameOf = await findNames(courseId, actions.flatMap(peopleIn));
  return actions.map((action) => presentAction(action, nameOf, vault));
}

function presentAction(action: StoredAction, nameOf: (id: string) => string, vault: Vault): ShownAction {
  const id = action._id.toHexString();
  const { followUp } = action;
  return {
    id,
    rev: action.rev,
    personId: action.personId.toHexString(),
    studentName: nameOf(action.personId.toHexString()),
    byId: action.byId.toHexString(),
    by: nameOf(action.byId.toHexString()),
    recordedAt: action.recordedAt.getTime(),
    flagIds: action.flagIds.map((flagId) => flagId.toHexString()),
    isOneOfMany: Boolean(action.batchId),
    ...presentBody(id, action, vault),
    ...(followUp && {
      followUp: {
        dueAt: followUp.dueAt.getTime(),
        ownerId: followUp.ownerId.toHexString(),
        owner: nameOf(followUp.ownerId.toHexString()),
        isPending: followUp.isPending,
        ...(followUp.doneAt && { doneAt: followUp.doneAt.getTime() }),
        handedOver: followUp.handedOver.map(({ fromId, toId, at }) => ({
          from: nameOf(fromId.toHexString()),
          to: nameOf(toId.toHexString()),
          at: at.getTime(),
        })),
      },
    }),
    earlier: action.corrections.map((correction) => ({
      ...presentBody(id, correction, vault),
      replacedAt: correction.replacedAt.getTime(),
      replacedBy: nameOf(correction.replacedById.toHexString()),
    })),
  };
}

function presentBody(id: string, body: ActionBody, vault: Vault) {
  return {
    category: body.category,
    channel: body.channel,
    initiator: body.initiator,
    outcome: body.outcome,
    at: body.at.getTime(),
    ...(body.sealedSummary && { summary: vault.open(body.sealedSummary, actionContext(id, 'summary')) }),
    ...(body.sealedSteps && { steps: vault.open(body.sealedSteps, actionContext(id, 'steps')) }),
  };
}

function peopleIn(action: StoredAction): string[] {
  return [
    action.personId,
    action.byId,
    ...(action.followUp
      ? [action.followUp.ownerId, ...action.followUp.handedOver.flatMap(({ fromId, toId }) => [fromId, toId])]
      : []),
    ...action.corrections.map(({ replacedById }) => replacedById),
  ].map((id) => id.toHexString());
}
