import type { StudentPage } from '../../../../server/contracts/student-page.ts';

/**
 * Whether nothing waits for a word with a colleague: no flag for support is open, or colleagues have decided together, or
 * somebody has been in touch, since the last one was raised. The server holds every contact to the same.
 */
export function isDiscussed({ flags, discussions, actions }: StudentPage): boolean {
  const raisedAt = flags
    .filter(({ kind, state }) => kind === 'support' && (state === 'open' || state === 'discussing'))
    .map(({ openedAt }) => openedAt);
  if (raisedAt.length === 0) return true;
  const since = Math.max(...raisedAt);
  return (
    discussions.some(({ isOpen, decidedAt = 0 }) => !isOpen && decidedAt >= since) ||
    actions.some(({ initiator, outcome, at }) => initiator === 'staff' && outcome !== 'no-action' && at >= since)
  );
}
