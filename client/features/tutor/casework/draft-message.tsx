import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { CaseworkForms } from '../../../../server/contracts/actions.ts';
import type { CheckedDraft, Draft } from '../../../../server/contracts/drafts.ts';
import type { IndicatorId } from '../../../../server/domain/vocabulary.ts';
import { post } from '../../../api.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { takeFocus } from '../../../ui/focus.ts';
import { Problem } from '../../../ui/problem.tsx';
import { useForms } from '../data.ts';
import { CopyAndRecord } from './copy-and-record.tsx';
import { FormProblem } from './form-problem.tsx';
import { mailAddress } from './mail-address.ts';
import { useSettled } from './use-settled.ts';

const emptyDraft: Draft = { subject: '', body: '' };

interface DraftMessageProps {
  readonly personId: string;
  /** What the student's flags rest on: the message that speaks to the first of them is there at once. */
  readonly reasons: readonly IndicatorId[];
  readonly onSent: () => void;
  readonly onCancel: () => void;
}

/**
 * A beginning of a message in the institution's words, a check of what one writes, and a way into one's own mail program.
 * Waymark sends nothing.
 */
export function DraftMessage(props: DraftMessageProps) {
  const forms = useForms();
  if (!forms.data) return forms.isError ? <Problem error={forms.error} /> : null;
  return <Drafting messages={forms.data.messages} {...props} />;
}

function chooseFitting(messages: CaseworkForms['messages'], reasons: readonly IndicatorId[]): string {
  const fitting = reasons.flatMap((reason) => messages.find(({ fits }) => fits.includes(reason)) ?? []);
  return fitting[0]?.id ?? '';
}

function Drafting({
  messages,
  personId,
  reasons,
  onSent,
  onCancel,
}: DraftMessageProps & { messages: CaseworkForms['messages'] }) {
  const [messageId, setMessageId] = useState(() => chooseFitting(messages, reasons));
  const [draft, setDraft] = useState(emptyDraft);
  const [begun, setBegun] = useState(emptyDraft);
  const [own, setOwn] = useState<Draft>();
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
    onSuccess: (next) => {
      // Another beginning takes the place of what was typed, which can be had back.
      if (draft.body.trim() !== '' && draft.body !== begun.body) setOwn(draft);
      setBegun(next);
      setDraft(next);
    },
  });
  const { mutate } = begin;
  useEffect(() => {
    if (messageId) mutate(messageId);
  }, [messageId, mutate]);
  const remarks = draft.body.trim() === '' ? [] : (check.data?.remarks ?? []);
  return (
    <section className="form-box" aria-label={text.write}>
      <h3 tabIndex={-1} ref={takeFocus}>
        {text.write}
      </h3>
      <Field label={caseworkText.message}>
        {(wiring) => (
          <select {...wiring} value={messageId ?? ''} onChange={({ target }) => setMessageId(target.value)}>
            <option value="">{text.choose}</option>
            {messages.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {begin.isError && <FormProblem error={begin.error} />}
      {own && (
        <p role="status">
          {caseworkText.ownReplaced}{' '}
          <button
            type="button"
            className="button"
            onClick={() => {
              setDraft({ ...draft, subject: own.subject, body: own.body });
              setOwn(undefined);
            }}
          >
            {caseworkText.ownBack}
          </button>
        </p>
      )}
      <Field label={caseworkText.subject}>
        {(wiring) => (
          <input
            {...wiring}
            value={draft.subject}
            onChange={({ target }) => setDraft({ ...draft, subject: target.value })}
          />
        )}
      </Field>
      <Field label={caseworkText.body}>
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
            <h4>{caseworkText.remarks}</h4>
            <ul>
              {remarks.map(({ from, phrase, gentler }) => (
                <li key={from}>
                  “{phrase}”. {gentler}
                </li>
              ))}
            </ul>
          </>
        )}
        {remarks.length === 0 && draft.body.trim() !== '' && <p className="hint">{caseworkText.noRemarks}</p>}
      </div>
      <p className="hint">{draft.to === undefined && draft.body ? caseworkText.noEmail : text.notSent}</p>
      <div className="buttons">
        {draft.to !== undefined && (
          <a className="button button-main" href={mailAddress(draft)}>
            {text.openMail}
          </a>
        )}
        <CopyAndRecord
          label={caseworkText.copy}
          text={`${draft.subject}\n\n${draft.body}`}
          onSent={onSent}
          onCancel={onCancel}
        />
      </div>
    </section>
  );
}
