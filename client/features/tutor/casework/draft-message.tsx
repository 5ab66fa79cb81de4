import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CheckedDraft, Draft } from '../../../../server/contracts/drafts.ts';
import { post } from '../../../api.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { useForms } from '../data.ts';
import { FormProblem } from './action-form.tsx';
import { useSettled } from './use-settled.ts';

/**
 * A beginning of a message in the institution's words, a check of what one writes, and a way into one's own mail program.
 * Waymark sends nothing.
 */
export function DraftMessage({
  personId,
  onSent,
  onCancel,
}: {
  personId: string;
  onSent: () => void;
  onCancel: () => void;
}) {
  const forms = useForms();
  const [messageId, setMessageId] = useState('');
  const [draft, setDraft] = useState<Draft>({ subject: '', body: '' });
  const [isCopied, setIsCopied] = useState(false);
  const checked = useSettled(draft.body, 400);
  const check = useQuery({
    queryKey: ['draft-check', checked],
    queryFn: () => post<CheckedDraft>('/api/drafts/check', { text: checked }),
    enabled: checked.trim() !== '',
    placeholderData: (before) => before,
    gcTime: 0,
  });
  const begin = useMutation({
    mutationFn: (id: string) => post<Draft>('/api/drafts', { personId, messageId: id }),
    onSuccess: setDraft,
  });
  const remarks = draft.body.trim() === '' ? [] : (check.data?.remarks ?? []);
  return (
    <section className="form-box" aria-label={text.write}>
      <h3>{text.write}</h3>
      <Field label={text.message}>
        {(wiring) => (
          <select
            {...wiring}
            value={messageId}
            onChange={({ target }) => {
              setMessageId(target.value);
              if (target.value) begin.mutate(target.value);
            }}
          >
            <option value="">{text.choose}</option>
            {forms.data?.messages.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {begin.isError && <FormProblem error={begin.error} />}
      <Field label={text.subject}>
        {(wiring) => (
          <input
            {...wiring}
            value={draft.subject}
            onChange={({ target }) => setDraft({ ...draft, subject: target.value })}
          />
        )}
      </Field>
      <Field label={text.body}>
        {(wiring) => (
          <textarea
            {...wiring}
            rows={12}
            value={draft.body}
            onChange={({ target }) => setDraft({ ...draft, body: target.value })}
          />
        )}
      </Field>
      <div role="status">
        {remarks.length > 0 && (
          <>
            <h4>{text.remarks}</h4>
            <ul>
              {remarks.map(({ from, phrase, gentler }) => (
                <li key={from}>
                  “{phrase}”. {gentler}
                </li>
              ))}
            </ul>
          </>
        )}
        {remarks.length === 0 && draft.body.trim() !== '' && <p className="hint">{text.noRemarks}</p>}
      </div>
      <p className="hint">{draft.to === undefined && draft.body ? text.noEmail : text.notSent}</p>
      <div className="buttons">
        {draft.to !== undefined && (
          <a
            className="button button-main"
            href={`mailto:${encodeURIComponent(draft.to)}?subject=${encodeURIComponent(draft.subject)}&body=${encodeURIComponent(draft.body)}`}
          >
            {text.openMail}
          </a>
        )}
        <button
          type="button"
          className="button"
          onClick={() =>
            void navigator.clipboard.writeText(`${draft.subject}\n\n${draft.body}`).then(() => setIsCopied(true))
          }
        >
          {text.copy}
        </button>
        <button type="button" className="button" onClick={onSent}>
          {text.thenRecord}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {text.cancel}
        </button>
        <span role="status">{isCopied && text.copied}</span>
      </div>
    </section>
  );
}
