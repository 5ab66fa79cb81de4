import { useMutation } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import type { DashboardReply } from '../../../server/contracts/dashboard.ts';
import type { Challenge, ChallengeRequest } from '../../../server/contracts/rights.ts';
import { post } from '../../api.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { BusyButton } from '../../ui/busy-button.tsx';
import { useDashboard, useRefreshed } from './data.ts';
import { useDraft } from './drafts.ts';
import { takeFocus, useFocusOnRefusal } from '../../ui/focus.ts';
import { fieldError, Restored, Room, SaveProblem } from './form-parts.tsx';

const text = student.wrong;
const textLimit = 2000;
const topics = ['indicator', 'flag', 'action', 'submission', 'attendance', 'other'] as const;
type Proposal = keyof typeof text.proposals;

interface WrongFields {
  text: string;
  proposal: Proposal;
  day: string;
  work: string;
}

/** Says that something held about the student is wrong, with what staff can accept as it stands where that can be said. */
export function WrongPage() {
  const t = useText();
  const params = useParams<{ topic?: string; subject?: string }>();
  const topic = topics.find((known) => known === params.topic) ?? 'other';
  const subject = params.subject === undefined ? undefined : decodeURIComponent(params.subject);
  const { data } = useDashboard();
  const refreshed = useRefreshed();
  const draft = useDraft<WrongFields>(`wrong.${topic}.${subject ?? ''}`, {
    text: '',
    proposal: topic === 'submission' ? 'submission' : 'none',
    day: '',
    work: topic === 'submission' ? (subject ?? '') : '',
  });
  const { fields } = draft;
  const send = useMutation({
    mutationFn: () =>
      post<Challenge>('/api/rights/challenges', {
        topic,
        ...(subject !== undefined && { subject }),
        text: fields.text,
        ...propose(fields),
      } satisfies ChallengeRequest),
    onSuccess: async () => {
      draft.clear();
      await refreshed('rights');
    },
  });
  const error = (...names: string[]) => names.map((name) => fieldError(send.error, name)).find(Boolean);
  const hasFieldError = Boolean(error('text', 'proposed.assessmentId', 'proposed.day', 'proposed.submittedOn'));
  const form = useFocusOnRefusal(send.error);
  const label = data && labelOf(data, topic, subject);
  const asksDay = fields.proposal === 'active-day' || fields.proposal === 'submission';
  const asksWork = fields.proposal === 'submission' || fields.proposal === 'excused';
  if (send.isSuccess) {
    return (
      <Page title={text.title}>
        <div role="status" tabIndex={-1} ref={takeFocus}>
          <Notice kind="good">
            <p>{text.sent}</p>
          </Notice>
        </div>
        <p>
          <Link className="quiet-link" href="/about">
            {text.back}
          </Link>
        </p>
      </Page>
    );
  }
  return (
    <Page title={text.title} lead={<p>{text.lead}</p>}>
      {label && <p className="tag">{t(text.about, { label })}</p>}
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        {draft.wasRestored && <Restored onDiscard={draft.clear} />}
        <Field label={text.what} hint={text.whatHint} error={error('text')}>
          {(wiring) => (
            <textarea
              {...wiring}
              rows={4}
              value={fields.text}
              onChange={(event) => draft.change({ text: event.target.value })}
            />
          )}
        </Field>
        <Room used={fields.text.length} max={textLimit} />
        <fieldset className="choices">
          <legend>{text.propose}</legend>
          {Object.entries(text.proposals).map(([proposal, meaning]) => (
            <label key={proposal} className="choice">
              <input
                type="radio"
                name="proposal"
                checked={fields.proposal === proposal}
                onChange={() => draft.change({ proposal: proposal as Proposal })}
              />
              {t(meaning)}
            </label>
          ))}
        </fieldset>
        {asksWork && (
          <Field label={text.work} error={error('proposed.assessmentId')}>
            {(wiring) => (
              <select {...wiring} value={fields.work} onChange={(event) => draft.change({ work: event.target.value })}>
                <option value="">{student.support.choose}</option>
                {data?.view.work.map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {asksDay && (
          <Field label={text.day} error={error('proposed.day', 'proposed.submittedOn')}>
            {(wiring) => (
              <input
                {...wiring}
                type="date"
                max={data?.view.course.today}
                value={fields.day}
                onChange={(event) => draft.change({ day: event.target.value })}
              />
            )}
          </Field>
        )}
        <SaveProblem error={hasFieldError ? undefined : send.error} />
        <div className="buttons">
          <BusyButton type="submit" className="button button-main" isBusy={send.isPending}>
            {text.send}
          </BusyButton>
          <Link className="button" href="/about">
            {text.back}
          </Link>
        </div>
      </form>
    </Page>
  );
}

function propose({ proposal, day, work }: WrongFields): Pick<ChallengeRequest, 'proposed'> {
  switch (proposal) {
    case 'none':
      return {};
    case 'active-day':
      return { proposed: { about: 'active-day', day } };
    case 'submission':
      return { proposed: { about: 'submission', assessmentId: work, submittedOn: day } };
    case 'excused':
      return { proposed: { about: 'excused', assessmentId: work } };
  }
}

function labelOf({ view }: DashboardReply, topic: string, subject: string | undefined): string | undefined {
  if (topic === 'indicator') return view.indicators.find(({ indicator }) => indicator === subject)?.label;
  if (topic === 'submission') return view.work.find(({ id }) => id === subject)?.title;
  if (topic === 'flag') return view.flags.find(({ id }) => id === subject)?.title;
  if (topic === 'action') return view.actions.find(({ id }) => id === subject)?.category;
  return undefined;
}
