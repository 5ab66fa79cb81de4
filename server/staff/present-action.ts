import type { ShownAction } from '../contracts/actions.ts';
import type { ActionBody, StoredAction } from '../database/models/action.ts';
import { EnrolmentModel } from '../database/models/enrolment.ts';
import { FlagModel, type StoredFlag } from '../database/models/flag.ts';
import type { Vault } from '../database/vault.ts';
import { phraseReasons } from '../domain/reason-phrases.ts';
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
  const [nameOf, flagTextOf] = await Promise.all([
    findNames(courseId, actions.flatMap(peopleIn)),
    findFlagTexts(courseId, actions),
  ]);
  return actions.map((action) => presentAction(action, { nameOf, flagTextOf, vault }));
}

interface Shown {
  readonly nameOf: (id: string) => string;
  readonly flagTextOf: (id: string) => string | undefined;
  readonly vault: Vault;
}

/** What the flags behind these actions said, by id. Whoever has opted out of contact based on analytics has none here. */
async function findFlagTexts(courseId: string, actions: readonly StoredAction[]): Promise<Shown['flagTextOf']> {
  const ids = actions.flatMap(({ flagIds }) => flagIds);
  if (ids.length === 0) return () => undefined;
  const people = actions.map(({ personId }) => personId);
  const [flags, optedOut] = await Promise.all([
    FlagModel.find({ courseId, _id: { $in: ids } }, { personId: 1, evidence: 1 }).lean<
      Pick<StoredFlag, '_id' | 'personId' | 'evidence'>[]
    >(),
    EnrolmentModel.distinct('personId', { courseId, personId: { $in: people }, optedOutAt: { $ne: null } }),
  ]);
  const silent = new Set(optedOut.map(String));
  const texts = new Map(
    flags
      .filter(({ personId }) => !silent.has(personId.toHexString()))
      .map(({ _id, evidence }) => [_id.toHexString(), phraseReasons(evidence)]),
  );
  return (id) => texts.get(id);
}

function presentAction(action: StoredAction, { nameOf, flagTextOf, vault }: Shown): ShownAction {
  const id = action._id.toHexString();
  const { followUp } = action;
  const flagIds = action.flagIds.map((flagId) => flagId.toHexString());
  return {
    id,
    rev: action.rev,
    personId: action.personId.toHexString(),
    studentName: nameOf(action.personId.toHexString()),
    byId: action.byId.toHexString(),
    by: nameOf(action.byId.toHexString()),
    recordedAt: action.recordedAt.getTime(),
    flagIds,
    flagTexts: flagIds.flatMap((flagId) => flagTextOf(flagId) ?? []),
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
    ...(body.sealedSummary && { summary: vault.read(body.sealedSummary, actionContext(id, 'summary')) }),
    ...(body.sealedSteps && { steps: vault.read(body.sealedSteps, actionContext(id, 'steps')) }),
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
