import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShownChallenge, ShownRequest } from '../../../../server/contracts/answers.ts';
import { ApiError, post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { text, topicWords } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { useForms, useRefreshCasework } from '../data.ts';
import { sayDay, sayMoment } from '../say-when.ts';
import { labelOf } from './action-entry.tsx';
import { FormProblem } from './action-form.tsx';
import { GuidanceBeside } from './guidance-beside.tsx';

/** What a student asked for, and the answer. */
export function RequestCard({ request, showStudent = false }: { request: ShownRequest; showStudent?: boolean }) {
  const t = useText();
  const forms = useForms();
  const isOpen = ['asked', 'seen', 'arranged'].includes(request.state);
  return (
    <article className="entry">
      <h3>
        {showStudent && (
          <>
            <a href={`#/students/${request.personId}`}>{request.studentName}</a>{' '}
          </>
        )}
        {request.withWhom ? t(text.askedWith, { name: request.withWhom }) : text.askedAny}
      </h3>
      <p className="soft">
        {sayDay(request.askedAt)}, {t(text.by, { channel: labelOf(forms.data, 'channels', request.channel) })}
        {request.topic && `, ${t(text.about, { topic: topicWords[request.topic] ?? request.topic })}`}
      </p>
      {request.when && <p>{t(text.suits, { when: request.when })}</p>}
      {request.about && <p className="typed">{request.about}</p>}
      {request.reply && (
        <blockquote>
          <p className="soft">
            {request.answeredBy}
            {request.answeredAt !== undefined && `, ${sayDay(request.answeredAt)}`}
          </p>
          <p className="typed">{request.reply}</p>
        </blockquote>
      )}
      {request.meetingAt !== undefined && (
        <p>
          <strong>
            {text.meetingAt} {sayMoment(request.meetingAt)}
          </strong>
        </p>
      )}
      {isOpen && <AnswerRequest request={request} />}
    </article>
  );
}

function AnswerRequest({ request }: { request: ShownRequest }) {
  const refresh = useRefreshCasework();
  const [to, setTo] = useState('');
  const [reply, setReply] = useState('');
  const [meeting, setMeeting] = useState('');
  const answer = useMutation({
    mutationFn: () => {
      const meetingAt = new Date(meeting).getTime();
      return post(`/api/answers/requests/${request.id}`, {
        rev: request.rev,
        to: to || undefined,
        ...(reply.trim() && { reply }),
        ...(to === 'arranged' && !Number.isNaN(meetingAt) && { meetingAt }),
      });
    },
    onSuccess: () => setReply(''),
    onSettled: refresh,
  });
  const errors = answer.error instanceof ApiError ? answer.error.fields : {};
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        answer.mutate();
      }}
    >
      <div className="side-by-side">
        <Field label={text.outcome} error={errors['to']}>
          {(wiring) => (
            <select {...wiring} value={to} onChange={({ target }) => setTo(target.value)}>
              <option value="">{text.choose}</option>
              <option value="seen">{text.requestSeen}</option>
              <option value="arranged">{text.requestArranged}</option>
              <option value="done">{text.requestDone}</option>
            </select>
          )}
        </Field>
        {to === 'arranged' && (
          <Field label={text.meetingAt} error={errors['meetingAt']}>
            {(wiring) => (
              <input
                {...wiring}
                type="datetime-local"
                value={meeting}
                onChange={({ target }) => setMeeting(target.value)}
              />
            )}
          </Field>
        )}
      </div>
      <Field label={text.answerReply} hint={text.answerHint} error={errors['reply']}>
        {(wiring) => <textarea {...wiring} value={reply} onChange={({ target }) => setReply(target.value)} />}
      </Field>
      <GuidanceBeside />
      {answer.isError && <FormProblem error={answer.error} />}
      <button type="submit" className="button button-main" disabled={answer.isPending}>
        {text.sendAnswer}
      </button>
    </form>
  );
}

/** What a student says is wrong, and the decision on it. */
export function ChallengeCard({
  challenge,
  showStudent = false,
}: {
  challenge: ShownChallenge;
  showStudent?: boolean;
}) {
  const t = useText();
  const isOpen = challenge.state === 'raised' || challenge.state === 'looking';
  return (
    <article className="entry">
      <h3>
        {showStudent && (
          <>
            <a href={`#/students/${challenge.personId}`}>{challenge.studentName}</a>:{' '}
          </>
        )}
        {challenge.label ?? challenge.topic}
      </h3>
      <p className="soft">{sayDay(challenge.raisedAt)}</p>
      <p className="typed">{challenge.text}</p>
      {challenge.proposed && <p>{t(text.proposed, { what: challenge.proposed })}</p>}
      {challenge.answer && (
        <blockquote>
          <p className="soft">
            {challenge.answeredBy}
            {challenge.answeredAt !== undefined && `, ${sayDay(challenge.answeredAt)}`}
          </p>
          <p className="typed">{challenge.answer}</p>
        </blockquote>
      )}
      {isOpen && <AnswerChallenge challenge={challenge} />}
    </article>
  );
}

function AnswerChallenge({ challenge }: { challenge: ShownChallenge }) {
  const refresh = useRefreshCasework();
  const [decision, setDecision] = useState('');
  const [answer, setAnswer] = useState('');
  const save = useMutation({
    mutationFn: () =>
      post(`/api/answers/challenges/${challenge.id}`, {
        rev: challenge.rev,
        to: decision === 'proposed' ? 'accepted' : decision || undefined,
        answer,
        ...(decision === 'proposed' && { correction: 'proposed' }),
      }),
    onSuccess: () => setAnswer(''),
    onSettled: refresh,
  });
  const errors = save.error instanceof ApiError ? save.error.fields : {};
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field label={text.decision} hint={text.countsFrom} error={errors['to']}>
        {(wiring) => (
          <select {...wiring} value={decision} onChange={({ target }) => setDecision(target.value)}>
            <option value="">{text.choose}</option>
            {challenge.proposed && <option value="proposed">{text.acceptProposed}</option>}
            <option value="accepted">{text.acceptOther}</option>
            <option value="looking">{text.looking}</option>
            <option value="declined">{text.declined}</option>
          </select>
        )}
      </Field>
      <Field label={text.answerReply} hint={text.answerHint} error={errors['answer']}>
        {(wiring) => <textarea {...wiring} value={answer} onChange={({ target }) => setAnswer(target.value)} />}
      </Field>
      <GuidanceBeside />
      {save.isError && <FormProblem error={save.error} />}
      <button type="submit" className="button button-main" disabled={save.isPending}>
        {text.sendAnswer}
      </button>
    </form>
  );
}
