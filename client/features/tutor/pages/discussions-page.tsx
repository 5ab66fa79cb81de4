import type { ShownDiscussion } from '../../../../server/contracts/discussions.ts';
import { common } from '../../../text/common.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { DiscussionCard } from '../casework/discussion-card.tsx';
import { useKeptInPlace } from '../casework/use-kept-in-place.ts';
import { useDiscussions } from '../data.ts';

const nobody: readonly ShownDiscussion[] = [];

/** Discussions that wait for a view or a decision; those that ask for mine come first. */
export function DiscussionsPage() {
  const discussions = useDiscussions();
  const { me, discussions: open = nobody } = discussions.data ?? {};
  const { shown, hasGone } = useKeptInPlace(open);
  const asksMe = (invited: readonly { id: string }[]) => Number(invited.some(({ id }) => id === me));
  return (
    <Page title={text.navDiscussions}>
      {discussions.isPending && <Loading label={common.loading} />}
      {discussions.isError && <Problem error={discussions.error} onRetry={() => void discussions.refetch()} />}
      {discussions.data && shown.length === 0 && <p>{caseworkText.noDiscussions}</p>}
      <h2 className="only-spoken">{caseworkText.discussionsOpen}</h2>
      {shown
        .map((discussion) => (hasGone(discussion.id) ? { ...discussion, isOpen: false } : discussion))
        .sort((one, other) => asksMe(other.invited) - asksMe(one.invited))
        .map((discussion) => (
          <DiscussionCard key={discussion.id} discussion={discussion} showStudent />
        ))}
    </Page>
  );
}
