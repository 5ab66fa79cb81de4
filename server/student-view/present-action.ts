import type { SeenAction } from '../contracts/student-view.ts';
import type { StoredAction } from '../database/models/action.ts';
import type { Vault } from '../database/vault.ts';
import type { ActionOutcome } from '../domain/vocabulary.ts';
import type { PolicyPack } from '../policy/schema.ts';
import type { NameOf } from './people.ts';

/** An action as the student it concerns reads it: category, channel, who, when, what was agreed. */
export function presentAction(
  action: StoredAction,
  nameOf: NameOf,
  { pack, vault }: { pack: PolicyPack; vault: Vault },
): SeenAction {
  const id = action._id.toHexString();
  return {
    id,
    category: pack.actionCategories.find((category) => category.id === action.category)?.label ?? action.category,
    channel: pack.channels.find((channel) => channel.id === action.channel)?.label ?? action.channel,
    initiator: action.initiator,
    at: action.at.getTime(),
    by: nameOf(action.byId),
    ...(action.sealedSteps && { agreed: vault.read(action.sealedSteps, `action:${id}:steps`) }),
    outcome: outcomeLabels[action.outcome],
    ...(action.followUp?.isPending && { followUpAt: action.followUp.dueAt.getTime() }),
  };
}

const outcomeLabels: Readonly<Record<ActionOutcome, string>> = {
  'awaiting-reply': 'Waiting for a reply',
  'no-reply': 'No reply yet',
  spoke: 'We spoke',
  'agreed-steps': 'Next steps agreed',
  referred: 'Put in touch with a service',
  'no-action': 'Nothing more needed',
  settled: 'Settled',
};
