import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShownDiscussion } from '../../../../server/contracts/discussions.ts';
import { discussionDecisions, type DiscussionDecision } from '../../../../server/domain/vocabulary.ts';
import { post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { decisionWords, text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { useRefreshCasework } from '../data.ts';
import { sayDay } from '../say-when.ts';
import { FormProblem } from './action-form.tsx';
import { GuidanceBeside } from './guidance-beside.tsx';

/** Colleagues thinking together: what was asked, each view, and what was agreed. */
export function DiscussionCard({
  discussion,
  showStudent = false,
}: {
  discussion: ShownDiscussion;
  showStudent?: boolean;
}) {
  const t = useText();
  const when = sayDay(discussion.startedAt);
  const invited = discussion.invited.map(({ name }) => name).join(', ');
  return (
    <article className="entry">
      <h3>
        {showStudent && <a href={`#/students/${discussion.personId}`}>{discussion.studentName}</a>}
        {!showStudent && (discussion.isOpen ? text.navDiscussions : decisionWords[discussion.decision ?? 'wait'])}
      </h3>
      <p className="soft">
        {invited
          ? t(text.startedBy, { name: discussion.startedBy, invited, when })
          : `${discussion.startedBy}, ${when}`}
      </p>
      <p className="typed">{discussion.considered}</p>
      {discussion.replies.map((reply) => (
        <blockquote key={`${reply.by}${reply.at}`}>
          <p className="soft">
            {reply.by}, {sayDay(reply.at)}
          </p>
          <p className="typed">{reply.text}</p>
        </blockquote>
      ))}
      {discussion.decision && (
        <>
          <p>
            <strong>
              {t(text.decided, {
                decision: decisionWords[discussion.decision],
                when: sayDay(discussion.decidedAt ?? discussion.startedAt),
                name: discussion.decidedBy ?? '',
              })}
            </strong>
          </p>
          {discussion.because && <p className="typed">{discussion.because}</p>}
        </>
      )}
      {discussion.isOpen && <Answer discussion={discussion} />}
    </article>
  );
}

function Answer({ discussion }: { discussion: ShownDiscussion }) {
  const refresh = useRefreshCasework();
  const [view, setView] = useState('');
  const [decision, setDecision] = useState<DiscussionDecision | ''>('');
  const [because, setBecause] = useState('');
  const reply = useMutation({
    mutationFn: () => post(`/api/discussions/${discussion.id}/replies`, { text: view }),
    onSuccess: async () => {
      setView('');
      await refresh();
    },
  });
  const decide = useMutation({
    mutationFn: () => post(`/api/discussions/${discussion.id}/decision`, { rev: discussion.rev, decision, because }),
    onSettled: refresh,
  });
  return (
    <>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          reply.mutate();
        }}
      >
        <Field label={text.yourView}>
          {(wiring) => <textarea {...wiring} value={view} onChange={({ target }) => setView(target.value)} />}
        </Field>
        {reply.isError && <FormProblem error={reply.error} />}
        <button type="submit" className="button" disabled={reply.isPending || !view.trim()}>
          {text.reply}
        </button>
      </form>
      <details>
        <summary>{text.decide}</summary>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            decide.mutate();
          }}
        >
          <Field label={text.decide}>
            {(wiring) => (
              <select
                {...wiring}
                value={decision}
                onChange={({ target }) => setDecision(target.value as DiscussionDecision | '')}
              >
                <option value="">{text.choose}</option>
                {discussionDecisions.map((each) => (
                  <option key={each} value={each}>
                    {decisionWords[each]}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={text.decideBecause}>
            {(wiring) => <textarea {...wiring} value={because} onChange={({ target }) => setBecause(target.value)} />}
          </Field>
          {decide.isError && <FormProblem error={decide.error} />}
          <button type="submit" className="button" disabled={decide.isPending}>
            {text.closeDiscussion}
          </button>
        </form>
      </details>
      <GuidanceBeside />
    </>
  );
}
