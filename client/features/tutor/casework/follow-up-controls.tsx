import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShownAction } from '../../../../server/contracts/actions.ts';
import { post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { useForms, useRefreshCasework } from '../data.ts';
import { fromDayField, isDue, sayDay, sayDayAndDistance } from '../say-when.ts';
import { FormProblem } from './form-problem.tsx';
import { Stored } from './overtaken.tsx';

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
    onSuccess: async () => {
      setTo('');
      setDay('');
      await refresh();
    },
  });
  if (!followUp.isPending) {
    return (
      <>
        <p className="soft">
          {t(text.followUpDue, { when: sayDay(followUp.dueAt) })}: {caseworkText.done}
          {followUp.doneAt !== undefined && `, ${sayDay(followUp.doneAt)}`}
        </p>
        {change.isSuccess && <Stored>{caseworkText.followUpDone}</Stored>}
      </>
    );
  }
  const isOverdue = forms.data !== undefined && isDue(followUp.dueAt, forms.data.now);
  const moveTo = fromDayField(day);
  return (
    <div>
      <p className={isOverdue ? 'due' : undefined}>
        {t(text.followUpDue, {
          when: forms.data ? sayDayAndDistance(followUp.dueAt, forms.data.now) : sayDay(followUp.dueAt),
        })}
        , {followUp.owner}
        {followUp.handedOver.length > 0 && (
          <span className="soft">
            {followUp.handedOver.map(({ from, to: receiver }) => `${from} → ${receiver}`).join(', ')}
          </span>
        )}
      </p>
      {change.isSuccess && <Stored key={action.rev}>{caseworkText.followUpChanged}</Stored>}
      {change.isError && <FormProblem error={change.error} />}
      <div className="buttons">
        <button type="button" className="button" onClick={() => change.mutate({ done: true })}>
          {caseworkText.done}
        </button>
        {/* What has been handed over or moved is done with: the menu is closed then. */}
        <Menu key={action.rev} label={caseworkText.handOverOrMove}>
          <div className="card menu-box menu-start">
            <Field label={caseworkText.handTo}>
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
              {caseworkText.handOver}
            </button>
            <Field label={caseworkText.moveTo}>
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
              {caseworkText.move}
            </button>
          </div>
        </Menu>
      </div>
    </div>
  );
}
