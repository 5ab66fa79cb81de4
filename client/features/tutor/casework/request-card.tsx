import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShownRequest } from '../../../../server/contracts/answers.ts';
import { post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { topicWords } from '../../../text/tutor-words.ts';
import { Field } from '../../../ui/field.tsx';
import { useForms, useRefreshCasework } from '../data.ts';
import { sayDay, sayMoment } from '../say-when.ts';
import { labelOf } from './action-entry.tsx';
import { AnswerForm, GivenAnswer } from './answer-form.tsx';

/** What a student asked for, and the answer. */
export function RequestCard({ request, showStudent = false }: { request: ShownRequest; showStudent?: boolean }) {
  const t = useText();
  const forms = useForms();
  return (
    <article className="entry">
      <h3>
        {showStudent && (
          <>
            <a href={`#/students/${request.personId}`}>{request.studentName}</a>{' '}
          </>
        )}
        {request.withWhom ? t(caseworkText.askedWith, { name: request.withWhom }) : caseworkText.askedAny}
      </h3>
      <p className="soft">
        {sayDay(request.askedAt)}, {t(caseworkText.by, { channel: labelOf(forms.data, 'channels', request.channel) })}
        {request.topic && `, ${t(caseworkText.about, { topic: topicWords[request.topic] ?? request.topic })}`}
      </p>
      {request.when && <p>{t(caseworkText.suits, { when: request.when })}</p>}
      {request.about && <p className="typed">{request.about}</p>}
      {request.reply && (
        <GivenAnswer by={request.answeredBy} at={request.answeredAt}>
          {request.reply}
        </GivenAnswer>
      )}
      {request.meetingAt !== undefined && (
        <p>
          <strong>
            {caseworkText.meetingAt} {sayMoment(request.meetingAt)}
          </strong>
        </p>
      )}
      <AnswerRequest request={request} />
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
    onSuccess: async () => {
      setReply('');
      setTo('');
      await refresh();
    },
  });
  return (
    <AnswerForm
      isOpen={['asked', 'seen', 'arranged'].includes(request.state)}
      isBlank={!to && !reply}
      name="reply"
      words={reply}
      onWords={setReply}
      save={answer}
    >
      {(errors) => (
        <div className="side-by-side">
          <Field label={caseworkText.outcome} error={errors['to']}>
            {(wiring) => (
              <select {...wiring} value={to} onChange={({ target }) => setTo(target.value)}>
                <option value="">{text.choose}</option>
                <option value="seen">{caseworkText.requestSeen}</option>
                <option value="arranged">{caseworkText.requestArranged}</option>
                <option value="done">{caseworkText.requestDone}</option>
              </select>
            )}
          </Field>
          {to === 'arranged' && (
            <Field label={caseworkText.meetingAt} error={errors['meetingAt']}>
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
      )}
    </AnswerForm>
  );
}
