import { common } from '../../../text/common.ts';
import { text } from '../../../text/tutor.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ActionEntry } from '../casework/action-entry.tsx';
import { useFollowUps } from '../data.ts';

/** What is to be followed up: due first, then what is coming. */
export function FollowUpsPage() {
  const followUps = useFollowUps();
  const { now = 0, actions = [] } = followUps.data ?? {};
  const due = actions.filter(({ followUp }) => followUp && followUp.dueAt <= now);
  const coming = actions.filter((action) => !due.includes(action));
  return (
    <Page title={text.followUpsTitle}>
      {followUps.isPending && <Loading label={common.loading} />}
      {followUps.isError && <Problem error={followUps.error} onRetry={() => void followUps.refetch()} />}
      {followUps.data && actions.length === 0 && <p>{text.noFollowUps}</p>}
      {due.length > 0 && (
        <section>
          <h2>{text.due}</h2>
          {due.map((action) => (
            <ActionEntry key={action.id} action={action} showStudent />
          ))}
        </section>
      )}
      {coming.length > 0 && (
        <section>
          <h2>{text.coming}</h2>
          {coming.map((action) => (
            <ActionEntry key={action.id} action={action} showStudent />
          ))}
        </section>
      )}
    </Page>
  );
}
