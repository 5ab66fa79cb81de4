import { common } from '../../../text/common.ts';
import { text } from '../../../text/tutor.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { DiscussionCard } from '../casework/discussion-card.tsx';
import { useDiscussions } from '../data.ts';

/** Discussions that wait for a view or a decision; those that ask for mine come first. */
export function DiscussionsPage() {
  const discussions = useDiscussions();
  const { me, discussions: open = [] } = discussions.data ?? {};
  const asksMe = (invited: readonly { id: string }[]) => Number(invited.some(({ id }) => id === me));
  return (
    <Page title={text.navDiscussions}>
      {discussions.isPending && <Loading label={common.loading} />}
      {discussions.isError && <Problem error={discussions.error} onRetry={() => void discussions.refetch()} />}
      {discussions.data && open.length === 0 && <p>{text.noDiscussions}</p>}
      <h2 className="only-spoken">{text.discussionsOpen}</h2>
      {[...open]
        .sort((one, other) => asksMe(other.invited) - asksMe(one.invited))
        .map((discussion) => (
          <DiscussionCard key={discussion.id} discussion={discussion} showStudent />
        ))}
    </Page>
  );
}
