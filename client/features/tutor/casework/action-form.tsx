import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Recorded } from '../../../../server/contracts/actions.ts';
import { ApiError, post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useForms, useRefreshCasework } from '../data.ts';
import { fromDayField } from '../say-when.ts';
import { ActionFields, emptyDraft, type ActionDraft } from './action-fields.tsx';
import { GuidanceBeside } from './guidance-beside.tsx';
import { toBody } from './to-body.ts';

/** Records what happened, for one student or for many at once. What was typed stays until it is stored. */
export function ActionForm({
  personIds,
  start,
  onRecorded,
  onCancel,
}: {
  personIds: readonly string[];
  start?: Partial<ActionDraft>;
  onRecorded: (recorded: Recorded) => void;
  onCancel: () => void;
}) {
  const t = useText();
  const forms = useForms();
  const refresh = useRefreshCasework();
  const [draft, setDraft] = useState<ActionDraft>(() => ({ ...emptyDraft(Date.now()), ...start }));
  const [followUp, setFollowUp] = useState({ day: '', ownerId: '' });
  const [elsewhere, setElsewhere] = useState({ withWhom: '', agreed: '' });
  const record = useMutation({
    mutationFn: () => {
      const dueAt = fromDayField(followUp.day);
      return post<Recorded>('/api/actions', {
        personIds,
        ...toBody(draft),
        ...(dueAt !== undefined && {
          followUp: { dueAt, ...(followUp.ownerId && { ownerId: followUp.ownerId }) },
        }),
        ...((elsewhere.withWhom || elsewhere.agreed) && { discussedElsewhere: elsewhere }),
      });
    },
    onSuccess: async (recorded) => {
      await refresh();
      onRecorded(recorded);
    },
  });
  if (!forms.data) return forms.isError ? <Problem error={forms.error} /> : null;
  const errors = record.error instanceof ApiError ? record.error.fields : {};
  const needsDiscussion = Object.keys(errors).find((field) => field.startsWith('discussedElsewhere'));
  return (
    <form
      className="form-box"
      noValidate
      aria-label={text.recordTitle}
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate();
      }}
    >
      <h3>
        {text.recordTitle}
        {personIds.length > 1 && ` (${t(text.selected, { count: personIds.length })})`}
      </h3>
      <ActionFields forms={forms.data} draft={draft} onDraft={setDraft} errors={errors} />
      <div className="side-by-side">
        <Field label={text.followUp} hint={text.followUpHint} error={errors['followUp.dueAt']}>
          {(wiring) => (
            <input
              {...wiring}
              type="date"
              value={followUp.day}
              onChange={({ target }) => setFollowUp({ ...followUp, day: target.value })}
            />
          )}
        </Field>
        <Field label={text.followUpBy} hint={' '} error={errors['followUp.ownerId']}>
          {(wiring) => (
            <select
              {...wiring}
              value={followUp.ownerId}
              onChange={({ target }) => setFollowUp({ ...followUp, ownerId: target.value })}
            >
              <option value="">{text.me}</option>
              {forms.data.colleagues
                .filter(({ id }) => id !== forms.data.me)
                .map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
            </select>
          )}
        </Field>
      </div>
      {forms.data.mustDiscussFirst && draft.initiator === 'staff' && draft.outcome !== 'no-action' && (
        <fieldset>
          <legend>{text.discussedTitle}</legend>
          <p className="hint">{forms.data.aboutDiscussion}</p>
          {needsDiscussion && (
            <p className="field-error" role="alert">
              {errors[needsDiscussion]}
            </p>
          )}
          <div className="side-by-side">
            <Field label={text.discussedWith}>
              {(wiring) => (
                <input
                  {...wiring}
                  value={elsewhere.withWhom}
                  onChange={({ target }) => setElsewhere({ ...elsewhere, withWhom: target.value })}
                />
              )}
            </Field>
            <Field label={text.discussedAgreed}>
              {(wiring) => (
                <input
                  {...wiring}
                  value={elsewhere.agreed}
                  onChange={({ target }) => setElsewhere({ ...elsewhere, agreed: target.value })}
                />
              )}
            </Field>
          </div>
        </fieldset>
      )}
      <GuidanceBeside />
      {record.isError && <FormProblem error={record.error} />}
      <div className="buttons">
        <button type="submit" className="button button-main" disabled={record.isPending}>
          {text.recordButton}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {text.cancel}
        </button>
      </div>
    </form>
  );
}

/** What went wrong with a form, in a word; fields say their own. */
export function FormProblem({ error }: { error: unknown }) {
  return (
    <p className="field-error" role="alert">
      {error instanceof ApiError
        ? [error.message, ...(error.fields['body'] ? [error.fields['body']] : [])].join(' ')
        : String(error)}
    </p>
  );
}
