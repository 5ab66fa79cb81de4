import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoursePause, CoursePauses as Shown } from '../../../../server/contracts/pauses.ts';
import { ApiError, del, get, post } from '../../../api.ts';
import { rulesText } from '../../../text/tutor-rules.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { FormProblem } from '../casework/form-problem.tsx';
import { useRefreshCasework } from '../data.ts';
import { sayDays } from '../say-when.ts';

const empty: CoursePause = { from: '', to: '', label: '' };

/** Days that count for nobody in the course. */
export function CoursePauses({ maySet }: { maySet: boolean }) {
  const queries = useQueryClient();
  const refresh = useRefreshCasework();
  const [pause, setPause] = useState(empty);
  const pauses = useQuery({
    queryKey: ['course-pauses'],
    queryFn: ({ signal }) => get<Shown>('/api/course/pauses', signal),
  });
  const keep = async (shown: Shown) => {
    queries.setQueryData(['course-pauses'], shown);
    setPause(empty);
    await refresh();
  };
  const add = useMutation({ mutationFn: () => post<Shown>('/api/course/pauses', pause), onSuccess: keep });
  const remove = useMutation({
    mutationFn: (each: CoursePause) => del<Shown>('/api/course/pauses', each),
    onSuccess: keep,
  });
  const errors = add.error instanceof ApiError ? add.error.fields : {};
  return (
    <section>
      <h2>{rulesText.coursePauses}</h2>
      <p className="hint">{rulesText.coursePausesHint}</p>
      <ul className="plain">
        {pauses.data?.pauses.map((each) => (
          <li key={`${each.from}${each.label}`} className="strip">
            <span>
              {each.label}: {sayDays(each.from, each.to)}
            </span>
            {maySet && (
              <button
                type="button"
                className="button"
                aria-label={`${text.remove} ${each.label}`}
                onClick={() => remove.mutate(each)}
              >
                {text.remove}
              </button>
            )}
          </li>
        ))}
      </ul>
      {maySet && (
        <form
          className="side-by-side"
          noValidate
          aria-label={rulesText.coursePauses}
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          {(['label', 'from', 'to'] as const).map((field) => (
            <Field
              key={field}
              label={{ label: rulesText.label, from: text.pauseFrom, to: text.pauseTo }[field]}
              error={errors[field]}
            >
              {(wiring) => (
                <input
                  {...wiring}
                  type={field === 'label' ? 'text' : 'date'}
                  value={pause[field]}
                  onChange={({ target }) => setPause({ ...pause, [field]: target.value })}
                />
              )}
            </Field>
          ))}
          <div>
            {add.isError && <FormProblem error={add.error} />}
            <button type="submit" className="button" disabled={add.isPending}>
              {text.addPause}
            </button>
          </div>
        </form>
      )}
    </section>
  );
}
