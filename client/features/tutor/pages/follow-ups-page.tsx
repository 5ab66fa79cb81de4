import type { ShownAction } from '../../../../server/contracts/actions.ts';
import { common } from '../../../text/common.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ActionEntry } from '../casework/action-entry.tsx';
import { useKeptInPlace } from '../casework/use-kept-in-place.ts';
import { useFollowUps } from '../data.ts';

const nothing: readonly ShownAction[] = [];

/** Only what is still to do is served: what has gone from there was done, by the reader or by a colleague. */
function asDone(action: ShownAction): ShownAction {
  return { ...action, ...(action.followUp && { followUp: { ...action.followUp, isPending: false } }) };
}

/** What is to be followed up: due first, then what is coming. */
export function FollowUpsPage() {
  const followUps = useFollowUps();
  const { now = 0, actions: pending = nothing } = followUps.data ?? {};
  const { shown, hasGone } = useKeptInPlace(pending);
  const actions = shown.map((action) => (hasGone(action.id) ? asDone(action) : action));
  const due = actions.filter(({ followUp }) => followUp && followUp.dueAt <= now);
  const coming = actions.filter((action) => !due.includes(action));
  return (
    <Page title={caseworkText.followUpsTitle}>
      {followUps.isPending && <Loading label={common.loading} />}
      {followUps.isError && <Problem error={followUps.error} onRetry={() => void followUps.refetch()} />}
      {followUps.data && actions.length === 0 && <p>{caseworkText.noFollowUps}</p>}
      {due.length > 0 && (
        <section>
          <h2>{caseworkText.due}</h2>
          {due.map((action) => (
            <ActionEntry key={action.id} action={action} showStudent />
          ))}
        </section>
      )}
      {coming.length > 0 && (
        <section>
          <h2>{caseworkText.coming}</h2>
          {coming.map((action) => (
            <ActionEntry key={action.id} action={action} showStudent />
          ))}
        </section>
      )}
    </Page>
  );
}
