import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import type { SupportReply, SupportRequest } from '../../../server/contracts/rights.ts';
import { post } from '../../api.ts';
import { sayDate, sayMeeting } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { BusyButton } from '../../ui/busy-button.tsx';
import { useRefreshed } from './data.ts';
import { SaveProblem } from './form-parts.tsx';

const text = student.support;

/** Whether it can still be taken back. */
export function isOpen({ state }: SupportRequest): boolean {
  return ['asked', 'seen', 'arranged'].includes(state);
}

/** One request and what became of it: what is arranged and the answer first, then what was asked. */
export function RequestCard({ request, channels }: { request: SupportRequest; channels: SupportReply['channels'] }) {
  const t = useText();
  const refreshed = useRefreshed();
  const heading = useRef<HTMLHeadingElement>(null);
  const withdraw = useMutation({
    mutationFn: () => post<SupportRequest>(`/api/rights/support/${request.id}/withdraw`, { rev: request.rev }),
    onSettled: async () => {
      await refreshed('support', 'dashboard');
      heading.current?.focus();
    },
  });
  const channel = channels.find(({ id }) => id === request.channel)?.label ?? request.channel;
  return (
    <li className="card">
      <h3 ref={heading} tabIndex={-1}>
        {request.with ? t(text.requestWith, { name: request.with }) : text.requestAnybody}{' '}
        <span className="tag">{text.states[request.state]}</span>
      </h3>
      {request.meetingAt !== undefined && (
        <p>
          <strong>{t(text.meeting, { when: sayMeeting(request.meetingAt) })}</strong>
        </p>
      )}
      {request.reply && (
        <>
          <p>{request.answeredBy ? t(text.reply, { name: request.answeredBy }) : text.replyNobody}</p>
          <blockquote className="own-words">{request.reply}</blockquote>
        </>
      )}
      <p>{[channel, request.topic && t(text.topics[request.topic]), request.when].filter(Boolean).join('; ')}</p>
      {request.about && <p className="own-words">{request.about}</p>}
      <ol className="steps">
        {request.history.map(({ state, at }) => (
          <li key={state + at}>{t(text.step, { state: text.steps[state], when: sayDate(at) })}</li>
        ))}
      </ol>
      <SaveProblem error={withdraw.error} />
      {isOpen(request) && (
        <BusyButton isBusy={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {text.takeBack}
          <span className="only-spoken">
            : {request.with ? t(text.requestWith, { name: request.with }) : text.requestAnybody},{' '}
            {sayDate(request.askedAt)}
          </span>
        </BusyButton>
      )}
    </li>
  );
}
