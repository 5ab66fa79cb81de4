import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { CaseworkForms, ShownAction } from '../../../../server/contracts/actions.ts';
import { initiatorWords, outcomeWords } from '../../../../server/contracts/casework-words.ts';
import { ApiError, put } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { Notice } from '../../../ui/notice.tsx';
import { useForms, useRefreshCasework } from '../data.ts';
import { sayDay, sayMoment, toDayField } from '../say-when.ts';
import { ActionFields, type ActionDraft } from './action-fields.tsx';
import { FormProblem } from './form-problem.tsx';
import { FollowUpControls } from './follow-up-controls.tsx';
import { GuidanceBeside } from './guidance-beside.tsx';
import { toBody } from './to-body.ts';

/** One entry of the log, with its earlier wordings, its follow-up, and a way to put it right. */
export function ActionEntry({ action, showStudent = false }: { action: ShownAction; showStudent?: boolean }) {
  const t = useText();
  const forms = useForms();
  const [isCorrecting, setIsCorrecting] = useState(false);
  return (
    <article className="entry">
      <h3>
        {showStudent && (
          <>
            <a href={`#/students/${action.personId}`}>{action.studentName}</a>:{' '}
          </>
        )}
        {labelOf(forms.data, 'categories', action.category)}
      </h3>
      <p className="soft">
        {sayDay(action.at)}, {labelOf(forms.data, 'channels', action.channel)}, {action.by}
        {action.initiator === 'student' && ` · ${caseworkText.initiator}: ${initiatorWords.student}`}
        {action.isOneOfMany && ` · ${caseworkText.oneOfMany}`}
      </p>
      <p>
        <span className="tag">{outcomeWords[action.outcome]}</span>
      </p>
      {action.flagTexts.length > 0 && (
        <p className="soft">{t(caseworkText.flagSaid, { flags: action.flagTexts.join(' | ') })}</p>
      )}
      <Texts body={action} />
      {action.followUp && <FollowUpControls action={action} followUp={action.followUp} />}
      {action.earlier.length > 0 && (
        <details>
          <summary>{t(caseworkText.earlierWording, { count: action.earlier.length })}</summary>
          {action.earlier.map((earlier) => (
            <div key={earlier.replacedAt} className="entry">
              <p className="soft">
                {labelOf(forms.data, 'categories', earlier.category)}, {sayDay(earlier.at)},{' '}
                {labelOf(forms.data, 'channels', earlier.channel)}, {outcomeWords[earlier.outcome]};{' '}
                {t(caseworkText.replacedBy, { when: sayMoment(earlier.replacedAt), name: earlier.replacedBy })}
              </p>
              <Texts body={earlier} />
            </div>
          ))}
        </details>
      )}
      {isCorrecting && forms.data ? (
        <CorrectForm action={action} forms={forms.data} onDone={() => setIsCorrecting(false)} />
      ) : (
        <p>
          <button type="button" className="button button-quiet" onClick={() => setIsCorrecting(true)}>
            {caseworkText.correct}
          </button>
        </p>
      )}
    </article>
  );
}

function Texts({ body }: { body: Pick<ShownAction, 'summary' | 'steps'> }) {
  return (
    <>
      {body.steps && (
        <>
          <h4>{caseworkText.steps}</h4>
          <p className="typed">{body.steps}</p>
        </>
      )}
      {body.summary && (
        <div className="not-printed">
          <h4>{caseworkText.summary}</h4>
          <p className="typed">{body.summary}</p>
        </div>
      )}
    </>
  );
}

export function labelOf(forms: CaseworkForms | undefined, list: 'categories' | 'channels', id: string): string {
  return forms?.[list].find((entry) => entry.id === id)?.label ?? id;
}

function CorrectForm({ action, forms, onDone }: { action: ShownAction; forms: CaseworkForms; onDone: () => void }) {
  const refresh = useRefreshCasework();
  const [draft, setDraft] = useState<ActionDraft>(toDraft(action));
  const [rev, setRev] = useState(action.rev);
  const save = useMutation({
    mutationFn: () => put<ShownAction>(`/api/actions/${action.id}`, { rev, ...toBody(draft) }),
    onSuccess: async () => {
      await refresh();
      onDone();
    },
  });
  const error = save.error instanceof ApiError ? save.error : undefined;
  const theirs = error?.code === 'conflict' ? (error.current as ShownAction) : undefined;
  return (
    <form
      className="form-box"
      noValidate
      aria-label={caseworkText.correct}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <ActionFields forms={forms} draft={draft} onDraft={setDraft} errors={error?.fields ?? {}} />
      <GuidanceBeside />
      {theirs ? (
        <div role="alert">
          <Notice kind="attention" title={text.conflictTitle}>
            <p>{text.conflictKeep}</p>
            <p className="soft">
              {labelOf(forms, 'categories', theirs.category)}, {sayDay(theirs.at)}, {outcomeWords[theirs.outcome]}
            </p>
            <Texts body={theirs} />
            <button
              type="button"
              className="button"
              onClick={() => {
                setRev(theirs.rev);
                save.reset();
              }}
            >
              {text.saveOver}
            </button>
          </Notice>
        </div>
      ) : (
        save.isError && <FormProblem error={save.error} />
      )}
      <div className="buttons">
        <button type="submit" className="button button-main" disabled={save.isPending || theirs !== undefined}>
          {caseworkText.saveCorrection}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {caseworkText.cancel}
        </button>
      </div>
    </form>
  );
}

function toDraft(action: ShownAction): ActionDraft {
  const { category, channel, initiator, outcome, at, summary = '', steps = '' } = action;
  return { category, channel, initiator, outcome, day: toDayField(at), summary, steps };
}
