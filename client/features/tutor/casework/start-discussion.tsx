import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { useForms, useRefreshCasework } from '../data.ts';
import { FormProblem } from './action-form.tsx';
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
      <h3>{text.discuss}</h3>
      {forms.data && <p className="hint">{forms.data.aboutDiscussion}</p>}
      <fieldset>
        <legend>{text.inviteLabel}</legend>
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
      <Field label={text.considered} hint={t(text.consideredHint)} error={errors['considered']}>
        {(wiring) => <textarea {...wiring} value={considered} onChange={({ target }) => setConsidered(target.value)} />}
      </Field>
      <GuidanceBeside />
      {start.isError && <FormProblem error={start.error} />}
      <div className="buttons">
        <button type="submit" className="button button-main" disabled={start.isPending}>
          {text.startDiscussion}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {text.cancel}
        </button>
      </div>
    </form>
  );
}
