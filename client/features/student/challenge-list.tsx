import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Challenge } from '../../../server/contracts/rights.ts';
import { post } from '../../api.ts';
import { sayDate } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { useRefreshed } from './data.ts';
import { SaveProblem } from './form-parts.tsx';

const text = student.about;

/** What the student said is not right, and what became of it. */
export function ChallengeList({ challenges }: { challenges: readonly Challenge[] }) {
  return (
    <section aria-labelledby="challenges">
      <h2 id="challenges">{text.challenges}</h2>
      <p>{text.challengesLead}</p>
      <p>
        <Link className="button" href="/wrong">
          {text.challenge}
        </Link>
      </p>
      <ul className="plain entries">
        {challenges.map((challenge) => (
          <ChallengeCard key={challenge.id} challenge={challenge} />
        ))}
      </ul>
    </section>
  );
}

function ChallengeCard({ challenge }: { challenge: Challenge }) {
  const t = useText();
  const refreshed = useRefreshed();
  const withdraw = useMutation({
    mutationFn: () => post<Challenge>(`/api/rights/challenges/${challenge.id}/withdraw`, { rev: challenge.rev }),
    onSettled: () => refreshed('rights'),
  });
  const isOpen = challenge.state === 'raised' || challenge.state === 'looking';
  return (
    <li className="card">
      <h3>
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
        <button type="button" className="button" disabled={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {text.takeBack}
        </button>
      )}
    </li>
  );
}
