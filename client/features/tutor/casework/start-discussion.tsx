import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { takeFocus } from '../../../ui/focus.ts';
import { useForms, useRefreshCasework } from '../data.ts';
import { FormProblem } from './form-problem.tsx';
import { GuidanceBeside } from './guidance-beside.tsx';

/** Asks colleagues for their view before contact. */
export function StartDiscussion({ personId, onDone }: { personId: string; onDone: () => void }) {
  const t = useText();
  const forms = useForms();
  const refresh = useRefreshCasework();
  const [inviteIds, setInviteIds] = useState<readonly string[]>([]);
  const [considered, setConsidered] = useState('');
  const start = useMutation({
    mutationFn: () => post('/api/discussions', { personId, inviteIds, considered }),
    onSuccess: async () => {
      await refresh();
      onDone();
    },
  });
  const errors = start.error instanceof ApiError ? start.error.fields : {};
  const colleagues = forms.data?.colleagues.filter(({ id }) => id !== forms.data.me) ?? [];
  return (
    <form
      className="form-box"
      noValidate
      aria-label={text.discuss}
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate();
      }}
    >
      <h3 tabIndex={-1} ref={takeFocus}>
        {text.discuss}
      </h3>
      {forms.data && <p className="hint">{forms.data.aboutDiscussion}</p>}
      <fieldset>
        <legend>{caseworkText.inviteLabel}</legend>
        {forms.data && colleagues.length === 0 && <p>{t(caseworkText.noColleagues)}</p>}
        {errors['inviteIds'] && <p className="field-error">{errors['inviteIds']}</p>}
        {colleagues.map(({ id, name }) => (
          <p key={id} className="check">
            <input
              id={`invite-${id}`}
              type="checkbox"
              checked={inviteIds.includes(id)}
              onChange={({ target }) =>
                setInviteIds(target.checked ? [...inviteIds, id] : inviteIds.filter((each) => each !== id))
              }
            />
            <label htmlFor={`invite-${id}`}>{name}</label>
          </p>
        ))}
      </fieldset>
      <Field label={caseworkText.considered} hint={t(caseworkText.consideredHint)} error={errors['considered']}>
        {(wiring) => <textarea {...wiring} value={considered} onChange={({ target }) => setConsidered(target.value)} />}
      </Field>
      <GuidanceBeside />
      {start.isError && <FormProblem error={start.error} />}
      <div className="buttons">
        <button
          type="submit"
          className="button button-main"
          disabled={start.isPending || (forms.data !== undefined && colleagues.length === 0)}
        >
          {caseworkText.startDiscussion}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {caseworkText.cancel}
        </button>
      </div>
    </form>
  );
}
