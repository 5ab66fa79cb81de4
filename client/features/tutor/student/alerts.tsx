import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShownAlert } from '../../../../server/contracts/alerts.ts';
import { ApiError, post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { studentText } from '../../../text/tutor-student.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { AlertEntry } from '../casework/alert-entry.tsx';
import { FormProblem } from '../casework/form-problem.tsx';
import { GuidanceBeside } from '../casework/guidance-beside.tsx';
import { useForms, useRefreshCasework } from '../data.ts';

const other = '(other)';
const empty = { schoolId: '', school: '', contact: '', need: '' };

/** On a joint programme: the word to the home school, and what it answered. */
export function Alerts({ personId, alerts }: { personId: string; alerts: readonly ShownAlert[] }) {
  const t = useText();
  const forms = useForms();
  const refresh = useRefreshCasework();
  const [fields, setFields] = useState(empty);
  const schools = forms.data?.schools ?? [];
  const isTyped = schools.length === 0 || fields.schoolId === other;
  const chosen = schools.find(({ id }) => id === fields.schoolId);
  const keep = useMutation({
    mutationFn: () => {
      const { schoolId, school, contact, need } = fields;
      return post('/api/alerts', { personId, need, ...(isTyped ? { school, contact } : schoolId && { schoolId }) });
    },
    onSuccess: async () => {
      setFields(empty);
      await refresh();
    },
  });
  const errors = keep.error instanceof ApiError ? keep.error.fields : {};
  return (
    <section className="not-printed">
      <h2>{studentText.alerts}</h2>
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
          {schools.length > 0 && (
            <Field
              label={studentText.chooseSchool}
              hint={chosen && t(studentText.schoolHint, { contact: chosen.contact })}
              error={errors['schoolId'] ?? (isTyped ? undefined : errors['school'])}
            >
              {(wiring) => (
                <select
                  {...wiring}
                  value={fields.schoolId}
                  onChange={({ target }) => setFields({ ...fields, schoolId: target.value })}
                >
                  <option value="">{text.choose}</option>
                  {schools.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                  <option value={other}>{studentText.otherSchool}</option>
                </select>
              )}
            </Field>
          )}
          {isTyped && (
            <div className="side-by-side">
              <Field label={studentText.school} error={errors['school']}>
                {(wiring) => (
                  <input
                    {...wiring}
                    value={fields.school}
                    onChange={({ target }) => setFields({ ...fields, school: target.value })}
                  />
                )}
              </Field>
              <Field label={studentText.contactThere} error={errors['contact']}>
                {(wiring) => (
                  <input
                    {...wiring}
                    value={fields.contact}
                    onChange={({ target }) => setFields({ ...fields, contact: target.value })}
                  />
                )}
              </Field>
            </div>
          )}
          <Field label={studentText.need} hint={studentText.needHint} error={errors['need']}>
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
            {studentText.alertButton}
          </button>
        </form>
      </details>
    </section>
  );
}
