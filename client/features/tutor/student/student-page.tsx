import type { StudentPage } from '../../../../server/contracts/student-page.ts';
import { ApiError } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { common } from '../../../text/common.ts';
import { studentText } from '../../../text/tutor-student.ts';
import { text } from '../../../text/tutor.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ChallengeCard } from '../casework/challenge-card.tsx';
import { RequestCard } from '../casework/request-card.tsx';
import { useKeptInPlace } from '../casework/use-kept-in-place.ts';
import { useStudentPage } from '../data.ts';
import { sayDay, sayDayAndDistance, sayMoment } from '../say-when.ts';
import { Alerts } from './alerts.tsx';
import { AlongTheList } from './along-the-list.tsx';
import { Contact } from './contact.tsx';
import { FlagCard } from './flag-card.tsx';
import { ForPaper, PrintButton, RoomToWrite } from './for-paper.tsx';
import { Pauses } from './pauses.tsx';
import { Silence } from './silence.tsx';
import { TheirView } from './their-view.tsx';
import { WhatWasDone } from './what-was-done.tsx';

/** Everything that staff of the course see of one student, and what they can do about it. */
export function StudentPageOf({ personId, opensRecord }: { personId: string; opensRecord: boolean }) {
  const page = useStudentPage(personId);
  if (page.data) {
    // Whatever goes wrong with reading it again: the page stays, and with it what its reader is typing.
    return (
      <Student page={page.data} problem={page.error} onRetry={() => void page.refetch()} opensRecord={opensRecord} />
    );
  }
  if (page.isPending) return <Loading label={common.loading} />;
  const isGone = page.error instanceof ApiError && page.error.code === 'not-found';
  return (
    <Page title={isGone ? common.notFoundTitle : common.couldNotLoad}>
      <Problem error={page.error} onRetry={() => void page.refetch()} />
      <p>
        <a href="#/">{studentText.backToList}</a>
      </p>
    </Page>
  );
}

function Student({
  page,
  problem,
  onRetry,
  opensRecord,
}: {
  page: StudentPage;
  problem: Error | null;
  onRetry: () => void;
  opensRecord: boolean;
}) {
  const t = useText();
  // A flag that is settled while the page is open says so in its place.
  const { shown } = useKeptInPlace(page.flags.filter(({ state }) => state !== 'resolved' && state !== 'dismissed'));
  const running = page.flags.filter(({ id }) => shown.some((flag) => flag.id === id));
  const closed = page.flags.filter((flag) => !running.includes(flag));
  return (
    <Page
      title={page.name}
      lead={
        <>
          {page.groups.length > 0 && <p>{page.groups.join(', ')}</p>}
          <p>
            {studentText.notComplete}
            {page.view?.presence.asOf !== undefined &&
              ` ${t(text.asOf, { when: sayMoment(page.view.presence.asOf) })}`}{' '}
            {studentText.whatStudentSees}
          </p>
        </>
      }
    >
      <ForPaper now={page.now} />
      <AlongTheList personId={page.personId} />
      {problem && <Problem error={problem} onRetry={onRetry} />}
      {page.optedOutAt !== undefined && (
        <Notice kind="information">
          {t(studentText.optedOut, { when: sayDayAndDistance(page.optedOutAt, page.now) })}
        </Notice>
      )}
      {page.hasLeft && <Notice kind="information">{t(studentText.hasLeft)}</Notice>}
      <Silence page={page} />
      <Contact page={page} opensRecord={opensRecord} />
      {(page.requests.length > 0 || page.challenges.length > 0) && (
        <section>
          <h2>{studentText.requests}</h2>
          {page.requests.map((request) => (
            <RequestCard key={request.id} request={request} />
          ))}
          {page.challenges.map((challenge) => (
            <ChallengeCard key={challenge.id} challenge={challenge} />
          ))}
        </section>
      )}
      {page.optedOutAt === undefined && (
        <section>
          <h2>{studentText.flags}</h2>
          {running.length === 0 && <p>{studentText.noFlags}</p>}
          {running.map((flag) => (
            <FlagCard key={flag.id} flag={flag} now={page.now} />
          ))}
          {closed.length > 0 && (
            <details>
              <summary>{t(studentText.earlierFlags, { count: closed.length })}</summary>
              {closed.map((flag) => (
                <FlagCard key={flag.id} flag={flag} now={page.now} />
              ))}
            </details>
          )}
        </section>
      )}
      <WhatWasDone page={page} />
      {page.reflections.length > 0 && (
        <section>
          <h2>{studentText.reflections}</h2>
          {page.reflections.map((reflection) => (
            <article key={reflection.id} className="entry">
              <p className="soft">
                {reflection.prompt} {sayDay(reflection.sharedAt)}
              </p>
              <p className="typed">{reflection.text}</p>
            </article>
          ))}
        </section>
      )}
      <Pauses personId={page.personId} pauses={page.pauses} />
      <Alerts personId={page.personId} alerts={page.alerts} />
      {page.view && <TheirView view={page.view} />}
      <RoomToWrite />
      <PrintButton />
    </Page>
  );
}
