import { common } from '../../../text/common.ts';
import { text } from '../../../text/tutor.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ChallengeCard, RequestCard } from '../casework/answer-cards.tsx';
import { useAnswers } from '../data.ts';

/** What students asked and said is wrong, the longest waiting first; what was settled lately below. */
export function AnswersPage() {
  const answers = useAnswers();
  const requests = answers.data?.requests ?? [];
  const challenges = answers.data?.challenges ?? [];
  const waiting = requests.filter(({ state }) => state !== 'done');
  const open = challenges.filter(({ state }) => state === 'raised' || state === 'looking');
  const settled = requests.length - waiting.length + challenges.length - open.length;
  return (
    <Page title={text.answersTitle}>
      {answers.isPending && <Loading label={common.loading} />}
      {answers.isError && <Problem error={answers.error} onRetry={() => void answers.refetch()} />}
      {answers.data && (
        <>
          <section>
            <h2>{text.requestsTitle}</h2>
            {waiting.length === 0 && <p>{text.noRequests}</p>}
            {waiting.map((request) => (
              <RequestCard key={request.id} request={request} showStudent />
            ))}
          </section>
          <section>
            <h2>{text.challengesTitle}</h2>
            {open.length === 0 && <p>{text.noChallenges}</p>}
            {open.map((challenge) => (
              <ChallengeCard key={challenge.id} challenge={challenge} showStudent />
            ))}
          </section>
          {settled > 0 && (
            <details>
              <summary>
                {text.settled} ({settled})
              </summary>
              {requests
                .filter((request) => !waiting.includes(request))
                .map((request) => (
                  <RequestCard key={request.id} request={request} showStudent />
                ))}
              {challenges
                .filter((challenge) => !open.includes(challenge))
                .map((challenge) => (
                  <ChallengeCard key={challenge.id} challenge={challenge} showStudent />
                ))}
            </details>
          )}
        </>
      )}
    </Page>
  );
}
