import { Link } from 'wouter';
import type { DashboardReply } from '../../../server/contracts/dashboard.ts';
import type { Challenge, SupportRequest } from '../../../server/contracts/rights.ts';
import { sayDate, sayMeeting } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Notice } from '../../ui/notice.tsx';
import { CalendarButton } from './calendar-button.tsx';

const text = student.asked;
const meetingMinutes = 30;

/** Whoever has asked comes back to see what became of it: that stands first, and an answer with its words. */
export function WhatWasAsked({ asked: { requests, challenges } }: Pick<DashboardReply, 'asked'>) {
  if (requests.length + challenges.length === 0) return null;
  return (
    <section className="asked" aria-labelledby="asked">
      <h2 id="asked">{text.title}</h2>
      {requests.map((request) => (
        <Asked key={request.id} request={request} />
      ))}
      {challenges.map((challenge) => (
        <Said key={challenge.id} challenge={challenge} />
      ))}
    </section>
  );
}

function Asked({ request }: { request: SupportRequest }) {
  const t = useText();
  const { state, reply, answeredBy, meetingAt, askedAt } = request;
  const who = answeredBy ?? text.staff;
  const isArranged = state === 'arranged' && meetingAt !== undefined;
  if (!isArranged && !reply) {
    return (
      <p>
        {t(text.pending, { date: sayDate(askedAt), state: text.pendingStates[state] })}{' '}
        <Link className="quiet-link" href="/support">
          {text.seeRequest}
        </Link>
      </p>
    );
  }
  const title = isArranged
    ? t(text.meeting, { name: who, when: sayMeeting(meetingAt) })
    : t(text.answered, { name: who });
  return (
    <Notice kind="good" headingLevel={3} title={title}>
      {reply && <blockquote className="own-words">{reply}</blockquote>}
      <p className="links">
        <Link className="quiet-link" href="/support">
          {text.seeRequest}
        </Link>
        {isArranged && (
          <CalendarButton
            label={student.calendar.meeting}
            fileName="conversation.ics"
            events={[
              {
                id: `conversation-${request.id}`,
                title: t(text.meetingTitle, { name: who }),
                at: meetingAt,
                minutes: meetingMinutes,
              },
            ]}
          />
        )}
      </p>
    </Notice>
  );
}

function Said({ challenge: { state, label, answer, answeredBy, raisedAt } }: { challenge: Challenge }) {
  const t = useText();
  const about = label ?? sayDate(raisedAt);
  const link = (
    <Link className="quiet-link" href="/about/challenges">
      {text.seeChallenge}
      <span className="only-spoken">: {about}</span>
    </Link>
  );
  if (state === 'raised' || state === 'looking') {
    return (
      <p>
        {t(text.said, { about, state: text.saidStates[state] })} {link}
      </p>
    );
  }
  return (
    <Notice kind="information" headingLevel={3} title={t(text.saidAnswered, { name: answeredBy ?? text.staff, about })}>
      <p>{student.about.challengeStates[state]}.</p>
      {answer && <blockquote className="own-words">{answer}</blockquote>}
      <p>{link}</p>
    </Notice>
  );
}
