import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Recorded } from '../../../../server/contracts/actions.ts';
import { ApiError, post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { takeFocus, useFocusOnRefusal } from '../../../ui/focus.ts';
import { Problem } from '../../../ui/problem.tsx';
import { useForms, useRefreshCasework } from '../data.ts';
import { fromDayField, toDayField } from '../say-when.ts';
import { ActionFields, emptyDraft, type ActionDraft } from './action-fields.tsx';
import { FormProblem } from './form-problem.tsx';
import { GuidanceBeside } from './guidance-beside.tsx';
import { toBody } from './to-body.ts';

const dayMs = 86_400_000;

/** Records what happened, for one student or for many at once. What was typed stays until it is stored. */
export function ActionForm({
  personIds,
  heading: Heading = 'h3',
  start,
  isDiscussed = false,
  isFirst = false,
  onRecorded,
  onCancel,
}: {
  personIds: readonly string[];
  /** The level that fits where the form stands. */
  heading?: 'h2' | 'h3';
  start?: Partial<ActionDraft>;
  /** Colleagues have decided together already, or there is nothing that they would have to. */
  isDiscussed?: boolean;
  /** It was there when the page opened: the reader begins with the page, not with the form. */
  isFirst?: boolean;
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
  const form = useFocusOnRefusal(record.error);
  if (!forms.data) return forms.isError ? <Problem error={forms.error} /> : null;
  const usualDays = forms.data.followUpAfterDays;
  const errors = record.error instanceof ApiError ? record.error.fields : {};
  const needsDiscussion = Object.keys(errors).find((field) => field.startsWith('discussedElsewhere'));
  const isContact = draft.initiator === 'staff' && draft.outcome !== 'no-action';
  const asksForDiscussion = forms.data.mustDiscussFirst && isContact && !isDiscussed;
  return (
    <form
      ref={form}
      className="form-box"
      noValidate
      aria-label={caseworkText.recordTitle}
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate();
      }}
    >
      <Heading tabIndex={-1} ref={isFirst ? undefined : takeFocus}>
        {caseworkText.recordTitle}
        {personIds.length > 1 && ` (${t(text.selected, { count: personIds.length })})`}
      </Heading>
      <ActionFields forms={forms.data} draft={draft} onDraft={setDraft} errors={errors} />
      <div className="side-by-side">
        <Field label={caseworkText.followUp} hint={caseworkText.followUpHint} error={errors['followUp.dueAt']}>
          {(wiring) => (
            <input
              {...wiring}
              type="date"
              value={followUp.day}
              onChange={({ target }) => setFollowUp({ ...followUp, day: target.value })}
            />
          )}
        </Field>
        <div>
          <button
            type="button"
            className="button"
            onClick={() => setFollowUp({ ...followUp, day: toDayField(Date.now() + usualDays * dayMs) })}
          >
            {t(caseworkText.followUpIn, { days: usualDays })}
          </button>
        </div>
        <Field label={caseworkText.followUpBy} hint={' '} error={errors['followUp.ownerId']}>
          {(wiring) => (
            <select
              {...wiring}
              value={followUp.ownerId}
              onChange={({ target }) => setFollowUp({ ...followUp, ownerId: target.value })}
            >
              <option value="">{caseworkText.me}</option>
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
      {(asksForDiscussion || needsDiscussion) && (
        <fieldset>
          <legend>{caseworkText.discussedTitle}</legend>
          <p className="hint">{forms.data.aboutDiscussion}</p>
          {needsDiscussion && (
            <p className="field-error" role="alert">
              {errors[needsDiscussion]}
            </p>
          )}
          <div className="side-by-side">
            <Field label={caseworkText.discussedWith}>
              {(wiring) => (
                <input
                  {...wiring}
                  aria-invalid={needsDiscussion ? true : undefined}
                  value={elsewhere.withWhom}
                  onChange={({ target }) => setElsewhere({ ...elsewhere, withWhom: target.value })}
                />
              )}
            </Field>
            <Field label={caseworkText.discussedAgreed}>
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
      {errors['personIds'] && (
        <p className="field-error" role="alert">
          {errors['personIds']}
        </p>
      )}
      {record.isError && <FormProblem error={record.error} />}
      <div className="buttons">
        <button type="submit" className="button button-main" disabled={record.isPending}>
          {caseworkText.recordButton}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {caseworkText.cancel}
        </button>
      </div>
    </form>
  );
}
