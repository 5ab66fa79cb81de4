import { useMutation } from '@tanstack/react-query';
import type { SupportAsk, SupportReply, SupportRequest } from '../../../server/contracts/rights.ts';
import { post } from '../../api.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Field } from '../../ui/field.tsx';
import { BusyButton } from '../../ui/busy-button.tsx';
import { useRefreshed } from './data.ts';
import { useDraft } from './drafts.ts';
import { useFocusOnRefusal } from '../../ui/focus.ts';
import { fieldError, Restored, Room, SaveProblem } from './form-parts.tsx';

const text = student.support;
const aboutLimit = 2000;
const empty = { withPersonId: '', channel: '', topic: '', when: '', about: '' };

/** Asks for a conversation: with whom, how, when, about what. Only the way of talking has to be said. */
export function RequestForm({ staff, channels }: Pick<SupportReply, 'staff' | 'channels'>) {
  const t = useText();
  const refreshed = useRefreshed();
  const draft = useDraft('request', empty);
  const { fields } = draft;
  const send = useMutation({
    mutationFn: (sent: typeof fields) =>
      post<SupportRequest>('/api/rights/support', {
        channel: sent.channel,
        ...(sent.withPersonId && { withPersonId: sent.withPersonId }),
        ...(sent.topic && { topic: sent.topic as NonNullable<SupportAsk['topic']> }),
        ...(sent.when.trim() && { when: sent.when }),
        ...(sent.about.trim() && { about: sent.about }),
      } satisfies SupportAsk),
    onSuccess: async (_request, sent) => {
      draft.settle(sent);
      await refreshed('support', 'dashboard');
    },
  });
  const error = (field: string) => fieldError(send.error, field);
  const hasFieldError = Object.keys(empty).some((field) => error(field));
  const form = useFocusOnRefusal(send.error);
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate(fields);
      }}
    >
      {draft.wasRestored && <Restored onDiscard={draft.clear} />}
      <Field label={text.with} error={error('withPersonId')}>
        {(wiring) => (
          <select
            {...wiring}
            value={fields.withPersonId}
            onChange={(event) => draft.change({ withPersonId: event.target.value })}
          >
            <option value="">{text.anybody}</option>
            {staff.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={text.how} error={error('channel')}>
        {(wiring) => (
          <select
            {...wiring}
            value={fields.channel}
            onChange={(event) => draft.change({ channel: event.target.value })}
          >
            <option value="">{text.choose}</option>
            {channels.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={text.when} hint={text.whenHint} error={error('when')}>
        {(wiring) => (
          <input {...wiring} value={fields.when} onChange={(event) => draft.change({ when: event.target.value })} />
        )}
      </Field>
      <Field label={text.topic} error={error('topic')}>
        {(wiring) => (
          <select {...wiring} value={fields.topic} onChange={(event) => draft.change({ topic: event.target.value })}>
            <option value="">{text.noTopic}</option>
            {Object.entries(text.topics).map(([topic, label]) => (
              <option key={topic} value={topic}>
                {t(label)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={text.about} hint={t(text.aboutHint)} error={error('about')}>
        {(wiring) => (
          <textarea
            {...wiring}
            rows={4}
            value={fields.about}
            onChange={(event) => draft.change({ about: event.target.value })}
          />
        )}
      </Field>
      <Room used={fields.about.length} max={aboutLimit} />
      <SaveProblem error={hasFieldError ? undefined : send.error} />
      <div className="buttons">
        <BusyButton type="submit" className="button button-main" isBusy={send.isPending}>
          {text.send}
        </BusyButton>
        <span role="status">{send.isSuccess && text.sent}</span>
      </div>
    </form>
  );
}
