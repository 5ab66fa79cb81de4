import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShownChallenge } from '../../../../server/contracts/answers.ts';
import { post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { useRefreshCasework } from '../data.ts';
import { sayDay } from '../say-when.ts';
import { AnswerForm, GivenAnswer } from './answer-form.tsx';
import { CorrectionFields, emptyCorrection, toCorrection } from './correction-fields.tsx';

/** What a student says is wrong, and the decision on it. */
export function ChallengeCard({
  challenge,
  showStudent = false,
}: {
  challenge: ShownChallenge;
  showStudent?: boolean;
}) {
  const t = useText();
  return (
    <article className="entry">
      <h3>
        {showStudent && (
          <>
            <a href={`#/students/${challenge.personId}`}>{challenge.studentName}</a>:{' '}
          </>
        )}
        {challenge.label ?? challenge.topic}
      </h3>
      <p className="soft">{sayDay(challenge.raisedAt)}</p>
      <p className="typed">{challenge.text}</p>
      {challenge.proposed && <p>{t(caseworkText.proposed, { what: challenge.proposed })}</p>}
      {challenge.settledWith && <p>{t(caseworkText.countsNow, { what: challenge.settledWith })}</p>}
      {challenge.answer && (
        <GivenAnswer by={challenge.answeredBy} at={challenge.answeredAt}>
          {challenge.answer}
        </GivenAnswer>
      )}
      <AnswerChallenge challenge={challenge} />
    </article>
  );
}

function AnswerChallenge({ challenge }: { challenge: ShownChallenge }) {
  const refresh = useRefreshCasework();
  const [decision, setDecision] = useState('');
  const [answer, setAnswer] = useState('');
  const [correction, setCorrection] = useState(emptyCorrection);
  const save = useMutation({
    mutationFn: () =>
      post(`/api/answers/challenges/${challenge.id}`, {
        rev: challenge.rev,
        to: decision === 'proposed' || decision === 'correction' ? 'accepted' : decision || undefined,
        answer,
        ...(decision === 'proposed' && { correction: { about: 'proposed' } }),
        ...(decision === 'correction' && { correction: toCorrection(correction) }),
      }),
    onSuccess: async () => {
      setAnswer('');
      setDecision('');
      await refresh();
    },
  });
  return (
    <AnswerForm
      isOpen={challenge.state === 'raised' || challenge.state === 'looking'}
      isBlank={!decision && !answer}
      name="answer"
      words={answer}
      onWords={setAnswer}
      save={save}
    >
      {(errors) => (
        <>
          <Field label={caseworkText.decision} hint={caseworkText.countsFrom} error={errors['to']}>
            {(wiring) => (
              <select {...wiring} value={decision} onChange={({ target }) => setDecision(target.value)}>
                <option value="">{text.choose}</option>
                {challenge.proposed && <option value="proposed">{caseworkText.acceptProposed}</option>}
                <option value="correction">{caseworkText.acceptCorrection}</option>
                <option value="accepted">{caseworkText.acceptOther}</option>
                <option value="looking">{caseworkText.looking}</option>
                <option value="declined">{caseworkText.declined}</option>
              </select>
            )}
          </Field>
          {decision === 'correction' && (
            <CorrectionFields challengeId={challenge.id} draft={correction} onDraft={setCorrection} errors={errors} />
          )}
        </>
      )}
    </AnswerForm>
  );
}
