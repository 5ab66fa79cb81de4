import { Fragment, useEffect, useRef, useState } from 'react';
import type { StudentPage } from '../../../../server/contracts/student-page.ts';
import type { IndicatorId } from '../../../../server/domain/vocabulary.ts';
import { ApiError } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { common } from '../../../text/common.ts';
import { studentText } from '../../../text/tutor-student.ts';
import { text } from '../../../text/tutor.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ActionEntry } from '../casework/action-entry.tsx';
import { ActionForm } from '../casework/action-form.tsx';
import { ChallengeCard } from '../casework/challenge-card.tsx';
import { RequestCard } from '../casework/request-card.tsx';
import { DiscussionCard } from '../casework/discussion-card.tsx';
import { DraftMessage } from '../casework/draft-message.tsx';
import { StartDiscussion } from '../casework/start-discussion.tsx';
import { useKeptInPlace } from '../casework/use-kept-in-place.ts';
import { useForms, useStudentPage } from '../data.ts';
import { findNeighbours, rememberPerson } from '../list/remembered-list.ts';
import { sayDay, sayMoment } from '../say-when.ts';
import { Alerts } from './alerts.tsx';
import { isDiscussed } from './is-discussed.ts';
import { FlagCard } from './flag-card.tsx';
import { Pauses } from './pauses.tsx';
import { TheirView } from './their-view.tsx';

export function StudentPageOf({ personId }: { personId: string }) {
  const page = useStudentPage(personId);
  if (page.data) {
    // Whatever goes wrong with reading it again: the page stays, and with it what its reader is typing.
    return <Student page={page.data} problem={page.error} onRetry={() => void page.refetch()} />;
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

function Student({ page, problem, onRetry }: { page: StudentPage; problem: Error | null; onRetry: () => void }) {
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
      <AlongTheList personId={page.personId} />
      {problem && <Problem error={problem} onRetry={onRetry} />}
      {page.optedOutAt !== undefined && (
        <Notice kind="information">{t(studentText.optedOut, { when: sayDay(page.optedOutAt) })}</Notice>
      )}
      {page.hasLeft && <Notice kind="information">{t(studentText.hasLeft)}</Notice>}
      <Silence page={page} />
      <Contact page={page} />
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
            <FlagCard key={flag.id} flag={flag} />
          ))}
          {closed.length > 0 && (
            <details>
              <summary>{t(studentText.earlierFlags, { count: closed.length })}</summary>
              {closed.map((flag) => (
                <FlagCard key={flag.id} flag={flag} />
              ))}
            </details>
          )}
        </section>
      )}
      <Done page={page} />
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
    </Page>
  );
}

/** Back to the list, or straight on to the next student of it. */
function AlongTheList({ personId }: { personId: string }) {
  const t = useText();
  const neighbours = findNeighbours(personId);
  useEffect(() => rememberPerson(personId), [personId]);
  return (
    <nav className="along" aria-label={studentText.alongLabel}>
      <a href="#/">{studentText.backToList}</a>
      {neighbours && (
        <>
          <span className="hint">{t(studentText.place, { place: neighbours.place, all: neighbours.all })}</span>
          {neighbours.before && (
            <a href={`#/students/${neighbours.before.personId}`}>
              {t(studentText.before, { name: neighbours.before.name })}
            </a>
          )}
          {neighbours.after && (
            <a href={`#/students/${neighbours.after.personId}`}>
              {t(studentText.after, { name: neighbours.after.name })}
            </a>
          )}
        </>
      )}
    </nav>
  );
}

function Silence({ page }: { page: StudentPage }) {
  const t = useText();
  const forms = useForms();
  const { thread, sustainedSilence } = page;
  if (!thread) return null;
  const channels = thread.channels
    .map((id) => forms.data?.channels.find((channel) => channel.id === id)?.label ?? id)
    .join(', ');
  const values = { count: thread.attempts, when: sayDay(thread.startedAt), channels };
  return (
    <Notice kind={sustainedSilence ? 'attention' : 'information'}>
      <p>{t(thread.attempts === 1 ? studentText.threadOne : studentText.thread, values)}</p>
      {sustainedSilence && (
        <>
          <p>
            <strong>
              {sustainedSilence.url ? (
                <a href={sustainedSilence.url} target="_blank" rel="noreferrer">
                  {sustainedSilence.title}
                </a>
              ) : (
                sustainedSilence.title
              )}
            </strong>
          </p>
          <p>{t(sustainedSilence.text)}</p>
        </>
      )}
    </Notice>
  );
}

function Contact({ page }: { page: StudentPage }) {
  const t = useText();
  const [open, setOpen] = useState<'write' | 'discuss' | 'record' | 'sent'>();
  const [said, setSaid] = useState('');
  const buttons = useRef<HTMLDivElement>(null);
  const close = () => {
    // The form goes; the focus goes back to what opened it.
    const opener = open === 'sent' ? 'write' : open;
    buttons.current?.querySelector<HTMLElement>(`[data-opens="${opener}"]`)?.focus();
    setOpen(undefined);
  };
  return (
    <section>
      <h2 className="only-spoken">{studentText.contact}</h2>
      <div className="buttons" ref={buttons}>
        <button type="button" className="button" data-opens="discuss" onClick={() => setOpen('discuss')}>
          {text.discuss}
        </button>
        <button type="button" className="button" data-opens="write" onClick={() => setOpen('write')}>
          {text.write}
        </button>
        <button type="button" className="button button-main" data-opens="record" onClick={() => setOpen('record')}>
          {t(studentText.record)}
        </button>
      </div>
      <div role="status">{said && <Notice kind="good">{said}</Notice>}</div>
      {open === 'discuss' && <StartDiscussion personId={page.personId} onDone={close} />}
      {open === 'write' && (
        <DraftMessage
          personId={page.personId}
          reasons={reasonsOf(page)}
          onSent={() => setOpen('sent')}
          onCancel={close}
        />
      )}
      {(open === 'record' || open === 'sent') && (
        <ActionForm
          key={open}
          personIds={[page.personId]}
          isDiscussed={isDiscussed(page)}
          {...(open === 'sent' && { start: { channel: 'university-email', outcome: 'awaiting-reply' as const } })}
          onRecorded={() => {
            close();
            setSaid(studentText.recorded);
          }}
          onCancel={close}
        />
      )}
    </section>
  );
}

/** What the running flags rest on, the strong reasons first: the message that fits best is offered first. */
function reasonsOf(page: StudentPage): IndicatorId[] {
  const reasons = page.flags
    .filter(({ state }) => state !== 'resolved' && state !== 'dismissed')
    .flatMap(({ further, evidence }) => (further.at(-1) ?? evidence).reasons);
  return [...reasons]
    .sort((one, other) => Number(other.strength === 'strong') - Number(one.strength === 'strong'))
    .map(({ indicator }) => indicator);
}

/** Everything that colleagues talked over and did, the latest first; what is still being talked over stands on top. */
function Done({ page }: { page: StudentPage }) {
  const entries = [
    ...page.discussions.map((discussion) => ({
      id: discussion.id,
      at: discussion.isOpen ? Infinity : (discussion.decidedAt ?? discussion.startedAt),
      shown: <DiscussionCard discussion={discussion} />,
    })),
    ...page.actions.map((action) => ({ id: action.id, at: action.at, shown: <ActionEntry action={action} /> })),
  ].sort((one, other) => other.at - one.at || 0);
  return (
    <section>
      <h2>{text.logOf}</h2>
      {entries.length === 0 && <p>{text.noLog}</p>}
      {entries.map(({ id, shown }) => (
        <Fragment key={id}>{shown}</Fragment>
      ))}
    </section>
  );
}
