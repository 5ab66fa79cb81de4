import { useState } from 'react';
import type { StudentPage } from '../../../../server/contracts/student-page.ts';
import { useText } from '../../../session.ts';
import { common } from '../../../text/common.ts';
import { text } from '../../../text/tutor.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ActionEntry } from '../casework/action-entry.tsx';
import { ActionForm } from '../casework/action-form.tsx';
import { ChallengeCard, RequestCard } from '../casework/answer-cards.tsx';
import { DiscussionCard } from '../casework/discussion-card.tsx';
import { DraftMessage } from '../casework/draft-message.tsx';
import { StartDiscussion } from '../casework/start-discussion.tsx';
import { useForms, useStudentPage } from '../data.ts';
import { sayDay } from '../say-when.ts';
import { Alerts } from './alerts.tsx';
import { FlagCard } from './flag-card.tsx';
import { Pauses } from './pauses.tsx';
import { TheirView } from './their-view.tsx';

export function StudentPageOf({ personId }: { personId: string }) {
  const page = useStudentPage(personId);
  if (page.isPending) return <Loading label={common.loading} />;
  if (page.isError) {
    return (
      <Page title={common.notFoundTitle}>
        <Problem error={page.error} onRetry={() => void page.refetch()} />
      </Page>
    );
  }
  return <Student page={page.data} />;
}

function Student({ page }: { page: StudentPage }) {
  const t = useText();
  const running = page.flags.filter(({ state }) => state !== 'resolved' && state !== 'dismissed');
  const closed = page.flags.filter((flag) => !running.includes(flag));
  return (
    <Page
      title={page.name}
      lead={
        <>
          {page.groups.length > 0 && <p>{page.groups.join(', ')}</p>}
          <p>{text.notComplete}</p>
          <p>{text.whatStudentSees}</p>
        </>
      }
    >
      <p>
        <a href="#/">{text.backToList}</a>
      </p>
      {page.optedOutAt !== undefined && (
        <Notice kind="information">{t(text.optedOut, { when: sayDay(page.optedOutAt) })}</Notice>
      )}
      {page.hasLeft && <Notice kind="information">{t(text.hasLeft)}</Notice>}
      <Silence page={page} />
      {(page.requests.length > 0 || page.challenges.length > 0) && (
        <section>
          <h2>{text.requests}</h2>
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
          <h2>{text.flags}</h2>
          {running.length === 0 && <p>{text.noFlags}</p>}
          {running.map((flag) => (
            <FlagCard key={flag.id} flag={flag} />
          ))}
          {closed.length > 0 && (
            <details>
              <summary>{t(text.earlierFlags, { count: closed.length })}</summary>
              {closed.map((flag) => (
                <FlagCard key={flag.id} flag={flag} />
              ))}
            </details>
          )}
        </section>
      )}
      <Contact page={page} />
      {page.reflections.length > 0 && (
        <section>
          <h2>{text.reflections}</h2>
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
      <p>{t(thread.attempts === 1 ? text.threadOne : text.thread, values)}</p>
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
  const close = () => setOpen(undefined);
  return (
    <section>
      <h2>{text.contact}</h2>
      <div className="buttons">
        <button type="button" className="button" onClick={() => setOpen('discuss')}>
          {text.discuss}
        </button>
        <button type="button" className="button" onClick={() => setOpen('write')}>
          {text.write}
        </button>
        <button type="button" className="button button-main" onClick={() => setOpen('record')}>
          {t(text.record)}
        </button>
      </div>
      <div role="status">{said && <Notice kind="good">{said}</Notice>}</div>
      {open === 'discuss' && <StartDiscussion personId={page.personId} onDone={close} />}
      {open === 'write' && <DraftMessage personId={page.personId} onSent={() => setOpen('sent')} onCancel={close} />}
      {(open === 'record' || open === 'sent') && (
        <ActionForm
          key={open}
          personIds={[page.personId]}
          {...(open === 'sent' && { start: { channel: 'university-email', outcome: 'awaiting-reply' as const } })}
          onRecorded={() => {
            close();
            setSaid(text.recorded);
          }}
          onCancel={close}
        />
      )}
      {page.discussions.map((discussion) => (
        <DiscussionCard key={discussion.id} discussion={discussion} />
      ))}
      <h3>{text.logOf}</h3>
      {page.actions.length === 0 && <p>{text.noLog}</p>}
      {page.actions.map((action) => (
        <ActionEntry key={action.id} action={action} />
      ))}
    </section>
  );
}
