import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShownAlert } from '../../../../server/contracts/alerts.ts';
import { ApiError, post } from '../../../api.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { FormProblem } from '../casework/action-form.tsx';
import { GuidanceBeside } from '../casework/guidance-beside.tsx';
import { useRefreshCasework } from '../data.ts';
import { sayDay } from '../say-when.ts';

/** On a joint programme: the word to the home school, and what it answered. */
export function Alerts({ personId, alerts }: { personId: string; alerts: readonly ShownAlert[] }) {
  const refresh = useRefreshCasework();
  const [fields, setFields] = useState({ school: '', contact: '', need: '' });
  const keep = useMutation({
    mutationFn: () => post('/api/alerts', { personId, ...fields }),
    onSuccess: async () => {
      setFields({ school: '', contact: '', need: '' });
      await refresh();
    },
  });
  const errors = keep.error instanceof ApiError ? keep.error.fields : {};
  return (
    <section>
      <h2>{text.alerts}</h2>
      {alerts.map((alert) => (
        <AlertEntry key={alert.id} alert={alert} />
      ))}
      <details>
        <summary>{text.alert}</summary>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            keep.mutate();
          }}
        >
          <div className="side-by-side">
            <Field label={text.school} error={errors['school']}>
              {(wiring) => (
                <input
                  {...wiring}
                  value={fields.school}
                  onChange={({ target }) => setFields({ ...fields, school: target.value })}
                />
              )}
            </Field>
            <Field label={text.contactThere} error={errors['contact']}>
              {(wiring) => (
                <input
                  {...wiring}
                  value={fields.contact}
                  onChange={({ target }) => setFields({ ...fields, contact: target.value })}
                />
              )}
            </Field>
          </div>
          <Field label={text.need} hint={text.needHint} error={errors['need']}>
            {(wiring) => (
              <textarea
                {...wiring}
                value={fields.need}
                onChange={({ target }) => setFields({ ...fields, need: target.value })}
              />
            )}
          </Field>
          <GuidanceBeside />
          <p className="hint">{text.notSent}</p>
          {keep.isError && <FormProblem error={keep.error} />}
          <button type="submit" className="button" disabled={keep.isPending}>
            {text.alertButton}
          </button>
        </form>
      </details>
    </section>
  );
}

function AlertEntry({ alert }: { alert: ShownAlert }) {
  const refresh = useRefreshCasework();
  const [answer, setAnswer] = useState('');
  const save = useMutation({
    mutationFn: () => post(`/api/alerts/${alert.id}/answer`, { rev: alert.rev, answer }),
    onSettled: refresh,
  });
  return (
    <article className="entry">
      <h3>{alert.school}</h3>
      <p className="soft">
        {alert.contact}; {alert.sentBy}, {sayDay(alert.sentAt)}
      </p>
      <p className="typed">{alert.need}</p>
      {alert.answer ? (
        <>
          <h4>{text.alertAnswer}</h4>
          <p className="typed">{alert.answer}</p>
        </>
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Field label={text.alertAnswer}>
            {(wiring) => <textarea {...wiring} value={answer} onChange={({ target }) => setAnswer(target.value)} />}
          </Field>
          {save.isError && <FormProblem error={save.error} />}
          <button type="submit" className="button" disabled={save.isPending}>
            {text.keepAnswer}
          </button>
        </form>
      )}
    </article>
  );
}
