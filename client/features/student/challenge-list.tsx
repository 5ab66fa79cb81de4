import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { Link } from 'wouter';
import type { Challenge } from '../../../server/contracts/rights.ts';
import { post } from '../../api.ts';
import { sayDate } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { BusyButton } from '../../ui/busy-button.tsx';
import { useRefreshed } from './data.ts';
import { SaveProblem } from './form-parts.tsx';

const text = student.about;

/** What the student said is not right, and what became of it. */
export function ChallengeList({ challenges }: { challenges: readonly Challenge[] }) {
  return (
    <section className="card" aria-labelledby="challenges">
      <h2 id="challenges" tabIndex={-1}>
        {text.challenges}
      </h2>
      <p>{text.challengesLead}</p>
      <p>
        <Link className="button" href="/wrong">
          {text.challenge}
        </Link>
      </p>
      {challenges.length > 0 && (
        <ul className="plain entries">
          {challenges.map((challenge) => (
            <ChallengeCard key={challenge.id} challenge={challenge} />
          ))}
        </ul>
      )}
    </section>
  );
}

function ChallengeCard({ challenge }: { challenge: Challenge }) {
  const t = useText();
  const refreshed = useRefreshed();
  const heading = useRef<HTMLHeadingElement>(null);
  const withdraw = useMutation({
    mutationFn: () => post<Challenge>(`/api/rights/challenges/${challenge.id}/withdraw`, { rev: challenge.rev }),
    onSettled: async () => {
      await refreshed('rights', 'dashboard');
      heading.current?.focus();
    },
  });
  const isOpen = challenge.state === 'raised' || challenge.state === 'looking';
  return (
    <li className="card">
      <h3 ref={heading} tabIndex={-1}>
        {challenge.label ?? sayDate(challenge.raisedAt)}{' '}
        <span className="tag">{text.challengeStates[challenge.state]}</span>
      </h3>
      <p className="own-words">{challenge.text}</p>
      {challenge.answer && (
        <>
          <p>
            {challenge.answeredBy
              ? t(student.support.reply, { name: challenge.answeredBy })
              : student.support.replyNobody}
          </p>
          <blockquote className="own-words">{challenge.answer}</blockquote>
        </>
      )}
      <SaveProblem error={withdraw.error} />
      {isOpen && (
        <BusyButton isBusy={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {text.takeBack}
        </BusyButton>
      )}
    </li>
  );
}
