import type { ShownChallenge, ShownRequest } from '../../../../server/contracts/answers.ts';
import { common } from '../../../text/common.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ChallengeCard } from '../casework/challenge-card.tsx';
import { RequestCard } from '../casework/request-card.tsx';
import { useKeptInPlace } from '../casework/use-kept-in-place.ts';
import { useAnswers } from '../data.ts';

/** What students asked and said is wrong, the longest waiting first; what was settled lately below. */
export function AnswersPage() {
  const answers = useAnswers();
  const requests = answers.data?.requests ?? [];
  const challenges = answers.data?.challenges ?? [];
  const isAsking = ({ state }: ShownRequest) => ['asked', 'seen', 'arranged'].includes(state);
  const isOpen = ({ state }: ShownChallenge) => state === 'raised' || state === 'looking';
  const kept = [useKeptInPlace(requests.filter(isAsking)), useKeptInPlace(challenges.filter(isOpen))] as const;
  const waiting = requests.filter(({ id }) => kept[0].shown.some((request) => request.id === id));
  const open = challenges.filter(({ id }) => kept[1].shown.some((challenge) => challenge.id === id));
  const settled = requests.length - waiting.length + challenges.length - open.length;
  return (
    <Page title={caseworkText.answersTitle}>
      {answers.isPending && <Loading label={common.loading} />}
      {answers.isError && <Problem error={answers.error} onRetry={() => void answers.refetch()} />}
      {answers.data && (
        <>
          <section>
            <h2>{caseworkText.requestsTitle}</h2>
            {waiting.length === 0 && <p>{caseworkText.noRequests}</p>}
            {waiting.map((request) => (
              <RequestCard key={request.id} request={request} showStudent />
            ))}
          </section>
          <section>
            <h2>{caseworkText.challengesTitle}</h2>
            {open.length === 0 && <p>{caseworkText.noChallenges}</p>}
            {open.map((challenge) => (
              <ChallengeCard key={challenge.id} challenge={challenge} showStudent />
            ))}
          </section>
          {settled > 0 && (
            <details>
              <summary>
                {caseworkText.settled} ({settled})
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
