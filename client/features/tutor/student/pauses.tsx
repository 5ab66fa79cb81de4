import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShownPause } from '../../../../server/contracts/pauses.ts';
import { pauseKinds, type PauseKind } from '../../../../server/domain/vocabulary.ts';
import { ApiError, del, post } from '../../../api.ts';
import { studentText } from '../../../text/tutor-student.ts';
import { text } from '../../../text/tutor.ts';
import { pauseWords } from '../../../text/tutor-words.ts';
import { Field } from '../../../ui/field.tsx';
import { FormProblem } from '../casework/form-problem.tsx';
import { useRefreshCasework } from '../data.ts';
import { sayDays } from '../say-when.ts';

/** Days that do not count for a student: kind and days, never the circumstance. */
export function Pauses({ personId, pauses }: { personId: string; pauses: readonly ShownPause[] }) {
  const refresh = useRefreshCasework();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [kind, setKind] = useState<PauseKind | ''>('');
  const add = useMutation({
    mutationFn: () => post(`/api/students/${personId}/pauses`, { from, to, kind }),
    onSuccess: async () => {
      setFrom('');
      setTo('');
      setKind('');
      await refresh();
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) => del(`/api/students/${personId}/pauses/${id}`),
    onSettled: refresh,
  });
  const errors = add.error instanceof ApiError ? add.error.fields : {};
  return (
    <section className={pauses.length === 0 ? 'not-printed' : undefined}>
      <h2>{studentText.pauses}</h2>
      <p className="hint">{studentText.pausesHint}</p>
      <ul className="plain">
        {pauses.map((pause) => (
          <li key={pause.id} className="strip">
            <span>
              {pauseWords[pause.kind]}, {sayDays(pause.from, pause.to)} <span className="soft">{pause.by}</span>
            </span>
            <button
              type="button"
              className="button"
              aria-label={`${text.remove} ${pauseWords[pause.kind]}, ${sayDays(pause.from, pause.to)}`}
              onClick={() => remove.mutate(pause.id)}
            >
              {text.remove}
            </button>
          </li>
        ))}
      </ul>
      <details>
        <summary>{studentText.pause}</summary>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <div className="side-by-side">
            <Field label={text.pauseFrom} error={errors['from']}>
              {(wiring) => (
                <input {...wiring} type="date" value={from} onChange={({ target }) => setFrom(target.value)} />
              )}
            </Field>
            <Field label={text.pauseTo} error={errors['to']}>
              {(wiring) => <input {...wiring} type="date" value={to} onChange={({ target }) => setTo(target.value)} />}
            </Field>
            <Field label={studentText.pauseKind} error={errors['kind']}>
              {(wiring) => (
                <select {...wiring} value={kind} onChange={({ target }) => setKind(target.value as PauseKind | '')}>
                  <option value="">{text.choose}</option>
                  {pauseKinds.map((each) => (
                    <option key={each} value={each}>
                      {pauseWords[each]}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </div>
          {add.isError && <FormProblem error={add.error} />}
          <button type="submit" className="button" disabled={add.isPending}>
            {text.addPause}
          </button>
        </form>
      </details>
    </section>
  );
}
