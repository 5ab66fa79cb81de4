import { Fragment } from 'react';
import type { StudentPage } from '../../../../server/contracts/student-page.ts';
import { text } from '../../../text/tutor.ts';
import { ActionEntry } from '../casework/action-entry.tsx';
import { DiscussionCard } from '../casework/discussion-card.tsx';

/** Everything that colleagues talked over and did, the latest first; what is still being talked over stands on top. */
export function WhatWasDone({ page }: { page: StudentPage }) {
  const entries = [
    ...page.discussions.map((discussion) => ({
      id: discussion.id,
      at: discussion.isOpen ? Infinity : (discussion.decidedAt ?? discussion.startedAt),
      shown: <DiscussionCard discussion={discussion} />,
    })),
    ...page.actions.map((action) => ({ id: action.id, at: action.at, shown: <ActionEntry action={action} /> })),
  ].sort((one, other) => other.at - one.at || 0);
  return (
    <section>
      <h2>{text.logOf}</h2>
      {entries.length === 0 && <p>{text.noLog}</p>}
      {entries.map(({ id, shown }) => (
        <Fragment key={id}>{shown}</Fragment>
      ))}
    </section>
  );
}
