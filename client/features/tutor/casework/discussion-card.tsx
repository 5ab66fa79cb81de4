import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShownDiscussion } from '../../../../server/contracts/discussions.ts';
import { discussionDecisions, type DiscussionDecision } from '../../../../server/domain/vocabulary.ts';
import { ApiError, post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { decisionWords } from '../../../text/tutor-words.ts';
import { Field } from '../../../ui/field.tsx';
import { useFocusOnRefusal } from '../../../ui/focus.ts';
import { useRefreshCasework } from '../data.ts';
import { sayDay } from '../say-when.ts';
import { FormProblem } from './form-problem.tsx';
import { GuidanceBeside } from './guidance-beside.tsx';
import { Overtaken, Stored } from './overtaken.tsx';

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
    <article className="entry not-printed">
      <h3>
        {showStudent && <a href={`#/students/${discussion.personId}`}>{discussion.studentName}</a>}
        {!showStudent && (discussion.isOpen ? caseworkText.talkingOver : caseworkText.talkedOver)}
      </h3>
      <p className="soft">
        {invited
          ? t(caseworkText.startedBy, { name: discussion.startedBy, invited, when })
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
              {t(caseworkText.decided, {
                decision: decisionWords[discussion.decision],
                when: sayDay(discussion.decidedAt ?? discussion.startedAt),
                name: discussion.decidedBy ?? '',
              })}
            </strong>
          </p>
          {discussion.because && <p className="typed">{discussion.because}</p>}
        </>
      )}
      <Answer discussion={discussion} />
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
    onSuccess: async () => {
      setBecause('');
      await refresh();
    },
  });
  const errors = decide.error instanceof ApiError ? decide.error.fields : {};
  const deciding = useFocusOnRefusal(decide.error);
  if (!discussion.isOpen) {
    if (decide.isSuccess) return <Stored>{caseworkText.discussionClosed}</Stored>;
    const typed = [view.trim(), because.trim()].filter(Boolean).join('\n\n');
    const discard = () => {
      setView('');
      setBecause('');
    };
    return typed ? <Overtaken typed={typed} onDiscard={discard} /> : null;
  }
  return (
    <>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          reply.mutate();
        }}
      >
        <Field label={caseworkText.yourView}>
          {(wiring) => <textarea {...wiring} value={view} onChange={({ target }) => setView(target.value)} />}
        </Field>
        {reply.isError && <FormProblem error={reply.error} />}
        {reply.isSuccess && !view && <Stored>{caseworkText.viewAdded}</Stored>}
        <button type="submit" className="button" disabled={reply.isPending || !view.trim()}>
          {caseworkText.reply}
        </button>
      </form>
      <details>
        <summary>{caseworkText.decide}</summary>
        <form
          ref={deciding}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            decide.mutate();
          }}
        >
          <Field label={caseworkText.decide} error={errors['decision']}>
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
          <Field label={caseworkText.decideBecause} error={errors['because']}>
            {(wiring) => <textarea {...wiring} value={because} onChange={({ target }) => setBecause(target.value)} />}
          </Field>
          {decide.isError && <FormProblem error={decide.error} />}
          <button type="submit" className="button" disabled={decide.isPending}>
            {caseworkText.closeDiscussion}
          </button>
        </form>
      </details>
      <GuidanceBeside />
    </>
  );
}
