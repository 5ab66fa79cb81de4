import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { stateWords } from '../../../../server/contracts/casework-words.ts';
import type { ShownEvidence, ShownFlag } from '../../../../server/contracts/student-page.ts';
import type { FlagReason, FlagState } from '../../../../server/domain/vocabulary.ts';
import { ApiError, post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { studentText } from '../../../text/tutor-student.ts';
import { text } from '../../../text/tutor.ts';
import { reasonWords } from '../../../text/tutor-words.ts';
import { Field } from '../../../ui/field.tsx';
import { FormProblem } from '../casework/form-problem.tsx';
import { Stored } from '../casework/overtaken.tsx';
import { useRefreshCasework } from '../data.ts';
import { sayDayAndDistance, sayMoment } from '../say-when.ts';

/** One flag with all its evidence, what is not known, what happened to it, and where it may go. */
export function FlagCard({ flag, now }: { flag: ShownFlag; now: number }) {
  const t = useText();
  const latest = flag.further.at(-1) ?? flag.evidence;
  return (
    <article className="entry">
      <p>
        <span className="tag">{stateWords[flag.state]}</span>{' '}
        {t(studentText.raised, {
          when: sayDayAndDistance(flag.openedAt, now),
          week: flag.evidence.week,
          version: flag.rulesetVersion,
        })}
      </p>
      {flag.hasCleared && <p className="due">{studentText.clearedLong}</p>}
      <Evidence evidence={latest} />
      <details>
        <summary>{studentText.history}</summary>
        <ol className="plain">
          {flag.history.map((step) => (
            <li key={`${step.at}${step.to}`}>
              {sayMoment(step.at)}: {stateWords[step.to]}, {step.by}
              {step.reason && ` (${t(reasonWords[step.reason as FlagReason] ?? step.reason)})`}
            </li>
          ))}
        </ol>
      </details>
      <ChangeFlag flag={flag} />
    </article>
  );
}

function Evidence({ evidence }: { evidence: ShownEvidence }) {
  const t = useText();
  return (
    <>
      <div className="reasons">
        {evidence.reasons.map((reason) => (
          <section key={reason.indicator}>
            <h3>
              {reason.label}: {reason.found}{' '}
              <span className="tag">
                {reason.strength === 'strong' ? studentText.strongReason : studentText.supportingReason}
              </span>
            </h3>
            <p className="soft">
              {t(studentText.ruleSays, { rule: reason.rule })}. {t(text.asOf, { when: sayMoment(reason.asOf) })}
            </p>
            <ul>
              {reason.evidence.map(({ label, value }) => (
                <li key={label}>
                  {label}: {value}
                </li>
              ))}
            </ul>
            <details>
              <summary>{text.howWorkedOut}</summary>
              <p>{reason.howItIsWorkedOut}</p>
              <p>{reason.whatItCannotTell}</p>
            </details>
          </section>
        ))}
      </div>
      {evidence.notKnown.length > 0 && (
        <p>
          <strong>{studentText.notKnown}:</strong>{' '}
          {evidence.notKnown.map(({ label, because }) => `${label} (${because})`).join('; ')}.
        </p>
      )}
      {evidence.gaps.length > 0 && <p>{t(studentText.gaps, { days: evidence.gaps.join(', ') })}</p>}
    </>
  );
}

function ChangeFlag({ flag }: { flag: ShownFlag }) {
  const t = useText();
  const refresh = useRefreshCasework();
  const [to, setTo] = useState<FlagState | ''>('');
  const [reason, setReason] = useState<FlagReason | ''>('');
  const change = useMutation({
    mutationFn: () =>
      post(`/api/flags/${flag.id}/state`, { rev: flag.rev, to: to || undefined, ...(reason && { reason }) }),
    onSuccess: async () => {
      setTo('');
      setReason('');
      await refresh();
    },
  });
  const errors = change.error instanceof ApiError ? change.error.fields : {};
  const reasons = flag.next.find((step) => step.to === to)?.reasons ?? [];
  return (
    <form
      className="side-by-side"
      noValidate
      aria-label={studentText.changeFlag}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <Field label={studentText.becomes} error={errors['to']}>
        {(wiring) => (
          <select {...wiring} value={to} onChange={({ target }) => setTo(target.value as FlagState | '')}>
            <option value="">{text.choose}</option>
            {flag.next.map((step) => (
              <option key={step.to} value={step.to}>
                {stateWords[step.to]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {reasons.length > 0 && (
        <Field label={studentText.because} error={errors['reason']}>
          {(wiring) => (
            <select {...wiring} value={reason} onChange={({ target }) => setReason(target.value as FlagReason | '')}>
              <option value="">{text.choose}</option>
              {reasons.map((each) => (
                <option key={each} value={each}>
                  {t(reasonWords[each])}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <div>
        {change.isError && <FormProblem error={change.error} />}
        {change.isSuccess && !to && <Stored>{t(studentText.flagSet, { state: stateWords[flag.state] })}</Stored>}
        <button type="submit" className="button" disabled={change.isPending || to === ''}>
          {studentText.change}
        </button>
      </div>
    </form>
  );
}
