import type { Deps } from '../../deps.ts';
import { InvalidInput } from '../../errors.ts';

const tolerance = 5 * 60_000;

interface Checked {
  readonly category: string;
  readonly channel: string;
  readonly at: number;
  readonly followUp?: { readonly dueAt: number } | undefined;
}

/**
 * Holds what was typed against the pack and the clock. Throws InvalidInput with every field that needs another look. A
 * category of one's own is taken where the pack allows it.
 */
export function checkAction({ pack, now }: Deps, { category, channel, at, followUp }: Checked): void {
  const fields: Record<string, string> = {};
  const today = now().getTime();
  if (!pack.mayAddCategories && !pack.actionCategories.some(({ id }) => id === category)) {
    fields['category'] = 'Choose one of the categories.';
  }
  if (!pack.channels.some(({ id }) => id === channel)) fields['channel'] = 'Choose one of the channels.';
  if (at > today + tolerance) fields['at'] = 'This is in the future. Record it once it has happened.';
  if (followUp && followUp.dueAt <= today) fields['followUp.dueAt'] = 'A follow-up needs a day that is still to come.';
  if (Object.keys(fields).length > 0) throw new InvalidInput(fields);
}
