import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShownAlert } from '../../../../server/contracts/alerts.ts';
import { ApiError, post } from '../../../api.ts';
import { useSession, useText } from '../../../session.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { studentText } from '../../../text/tutor-student.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { useRefreshCasework } from '../data.ts';
import { sayDay } from '../say-when.ts';
import { FormProblem } from './form-problem.tsx';
import { mailAddress } from './mail-address.ts';
import { Overtaken, Stored } from './overtaken.tsx';

/** One word to a home school: what it says, a way into one's own mail program, and the answer once there is one. */
export function AlertEntry({ alert, showStudent = false }: { alert: ShownAlert; showStudent?: boolean }) {
  const t = useText();
  const { course } = useSession();
  const refresh = useRefreshCasework();
  const [answer, setAnswer] = useState('');
  const save = useMutation({
    mutationFn: () => post(`/api/alerts/${alert.id}/answer`, { rev: alert.rev, answer }),
    onSuccess: refresh,
  });
  const courseTitle = course?.title ?? '';
  const subject = t(studentText.alertSubject, { courseTitle });
  const body = `${alert.studentName}, ${courseTitle}\n\n${alert.need}\n\n${alert.sentBy}`;
  const answerError = save.error instanceof ApiError ? save.error.fields['answer'] : undefined;
  return (
    <article className="entry">
      <h3>
        {showStudent && (
          <>
            <a href={`#/students/${alert.personId}`}>{alert.studentName}</a>:{' '}
          </>
        )}
        {alert.school}
      </h3>
      <p className="soft">
        {alert.contact}; {alert.sentBy}, {sayDay(alert.sentAt)}
      </p>
      <p className="typed">{alert.need}</p>
      {alert.answer ? (
        <blockquote>
          <p className="soft">
            {alert.answerBy}
            {alert.answeredAt !== undefined && `, ${sayDay(alert.answeredAt)}`}
          </p>
          <p className="typed">{alert.answer}</p>
        </blockquote>
      ) : null}
      {alert.answer && save.isSuccess && <Stored>{caseworkText.answerSaved}</Stored>}
      {alert.answer && !save.isSuccess && answer.trim() && <Overtaken typed={answer} onDiscard={() => setAnswer('')} />}
      {!alert.answer && (
        <>
          <p className="hint">
            {studentText.alertWaiting} {t(studentText.alertMail, { contact: alert.contact })}
          </p>
          <p>
            <a className="button" href={mailAddress({ to: alert.email, subject, body })}>
              {text.openMail}
            </a>
          </p>
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              save.mutate();
            }}
          >
            <Field label={studentText.alertAnswer} error={answerError}>
              {(wiring) => <textarea {...wiring} value={answer} onChange={({ target }) => setAnswer(target.value)} />}
            </Field>
            {save.isError && <FormProblem error={save.error} />}
            <button type="submit" className="button" disabled={save.isPending}>
              {studentText.keepAnswer}
            </button>
          </form>
        </>
      )}
    </article>
  );
}
