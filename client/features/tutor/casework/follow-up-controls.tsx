import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShownAction } from '../../../../server/contracts/actions.ts';
import { post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { useForms, useRefreshCasework } from '../data.ts';
import { fromDayField, sayDay } from '../say-when.ts';
import { FormProblem } from './action-form.tsx';

/** When a follow-up is due and whose it is; done, handed over, or moved. */
export function FollowUpControls({
  action,
  followUp,
}: {
  action: ShownAction;
  followUp: NonNullable<ShownAction['followUp']>;
}) {
  const t = useText();
  const forms = useForms();
  const refresh = useRefreshCasework();
  const [to, setTo] = useState('');
  const [day, setDay] = useState('');
  const change = useMutation({
    mutationFn: (what: object) => post(`/api/actions/${action.id}/follow-up`, { rev: action.rev, ...what }),
    onSettled: refresh,
  });
  if (!followUp.isPending) {
    return (
      <p className="soft">
        {t(text.followUpDue, { when: sayDay(followUp.dueAt) })}: {text.done}
        {followUp.doneAt !== undefined && `, ${sayDay(followUp.doneAt)}`}
      </p>
    );
  }
  const isOverdue = forms.data !== undefined && followUp.dueAt <= forms.data.now;
  const moveTo = fromDayField(day);
  return (
    <div>
      <p className={isOverdue ? 'due' : undefined}>
        {t(text.followUpDue, { when: sayDay(followUp.dueAt) })}, {followUp.owner}
        {followUp.handedOver.length > 0 && (
          <span className="soft">
            {followUp.handedOver.map(({ from, to: receiver }) => `${from} → ${receiver}`).join(', ')}
          </span>
        )}
      </p>
      {change.isError && <FormProblem error={change.error} />}
      <div className="buttons">
        <button type="button" className="button" onClick={() => change.mutate({ done: true })}>
          {text.done}
        </button>
        <details className="menu">
          <summary className="button">{text.handOver}</summary>
          <div className="card menu-box menu-start">
            <Field label={text.handTo}>
              {(wiring) => (
                <select {...wiring} value={to} onChange={({ target }) => setTo(target.value)}>
                  <option value="">{text.choose}</option>
                  {forms.data?.colleagues
                    .filter(({ id }) => id !== followUp.ownerId)
                    .map(({ id, name }) => (
                      <option key={id} value={id}>
                        {name}
                      </option>
                    ))}
                </select>
              )}
            </Field>
            <button type="button" className="button" disabled={!to} onClick={() => change.mutate({ handTo: to })}>
              {text.handOver}
            </button>
            <Field label={text.moveTo}>
              {(wiring) => (
                <input {...wiring} type="date" value={day} onChange={({ target }) => setDay(target.value)} />
              )}
            </Field>
            <button
              type="button"
              className="button"
              disabled={moveTo === undefined}
              onClick={() => change.mutate({ moveTo })}
            >
              {text.move}
            </button>
          </div>
        </details>
      </div>
    </div>
  );
}
