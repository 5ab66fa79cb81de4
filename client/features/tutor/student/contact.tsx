import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { StudentPage } from '../../../../server/contracts/student-page.ts';
import type { IndicatorId } from '../../../../server/domain/vocabulary.ts';
import { useText } from '../../../session.ts';
import { studentText } from '../../../text/tutor-student.ts';
import { text } from '../../../text/tutor.ts';
import { Notice } from '../../../ui/notice.tsx';
import { ActionForm } from '../casework/action-form.tsx';
import { DraftMessage } from '../casework/draft-message.tsx';
import { StartDiscussion } from '../casework/start-discussion.tsx';
import { findNeighbours } from '../list/remembered-list.ts';
import { isDiscussed } from './is-discussed.ts';

/** What one can do for the student now: ask a colleague, write, or record; one form at a time. */
export function Contact({ page, opensRecord }: { page: StudentPage; opensRecord: boolean }) {
  const t = useText();
  const [, navigate] = useLocation();
  const [open, setOpen] = useState<'write' | 'discuss' | 'record' | 'sent' | undefined>(
    opensRecord ? 'record' : undefined,
  );
  const [said, setSaid] = useState('');
  const buttons = useRef<HTMLDivElement>(null);
  const next = findNeighbours(page.personId)?.after;
  const close = () => {
    // The form goes; the focus goes back to what opened it.
    const opener = open === 'sent' ? 'write' : open;
    buttons.current?.querySelector<HTMLElement>(`[data-opens="${opener}"]`)?.focus();
    setOpen(undefined);
    // Whoever comes back to this page comes back to the student, not to an empty form.
    if (opensRecord) navigate(`/students/${page.personId}`, { replace: true });
  };
  return (
    <section className="not-printed">
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
      <div role="status">
        {said && (
          <Notice kind="good">
            <p>
              {said} {next && <a href={`#/students/${next.personId}`}>{t(studentText.goOn, { name: next.name })}</a>}
            </p>
          </Notice>
        )}
      </div>
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
          isFirst={opensRecord}
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
