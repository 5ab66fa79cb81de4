import { useMutation } from '@tanstack/react-query';
import type { Goal, GoalRequest } from '../../../server/contracts/reflections.ts';
import { ApiError, del, put } from '../../api.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Field } from '../../ui/field.tsx';
import { ConfirmButton } from './confirm-button.tsx';
import { useRefreshed } from './data.ts';
import { useDraft } from './drafts.ts';
import { fieldError, Restored, Room, SaveProblem, TwoVersions } from './form-parts.tsx';

const text = student.goals;
const textLimit = 300;
const planLimit = 1000;

interface GoalFields {
  kind: Goal['kind'];
  target: string;
  text: string;
  plan: string;
  outcome: Goal['outcome'] | '';
}

function fieldsOf(goal: Goal | undefined | null): GoalFields {
  return {
    kind: goal?.kind ?? 'own-words',
    target: goal?.target === undefined ? '' : String(goal.target),
    text: goal?.text ?? '',
    plan: goal?.plan ?? '',
    outcome: goal?.outcome ?? '',
  };
}

/** The goal of one week: set, changed, looked back on, deleted. */
export function GoalForm({ week, goal }: { week: string; goal: Goal | undefined }) {
  const t = useText();
  const refreshed = useRefreshed();
  const draft = useDraft(`goal.${week}`, fieldsOf(goal));
  const { fields } = draft;
  const save = useMutation({
    mutationFn: (rev: number) => put<Goal>('/api/journal/goal', toRequest(week, fields, rev)),
    onSuccess: async (saved) => {
      draft.clear(fieldsOf(saved));
      await refreshed('journal', 'dashboard');
    },
  });
  const remove = useMutation({
    mutationFn: ({ id, rev }: Goal) => del<void>(`/api/journal/goal/${id}`, { rev }),
    onSuccess: async () => {
      draft.clear(fieldsOf(undefined));
      await refreshed('journal', 'dashboard');
    },
  });
  const conflict = save.error instanceof ApiError && save.error.code === 'conflict' ? save.error : undefined;
  const current = conflict?.current as Goal | null | undefined;
  const isCounted = fields.kind === 'active-days' || fields.kind === 'resources';
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(goal?.rev ?? 0);
      }}
    >
      {draft.wasRestored && <Restored onDiscard={() => draft.clear(fieldsOf(goal))} />}
      <fieldset className="choices">
        <legend>{text.kind}</legend>
        {Object.entries(text.kinds).map(([kind, label]) => (
          <label key={kind} className="choice">
            <input
              type="radio"
              name={`kind-${week}`}
              checked={fields.kind === kind}
              onChange={() => draft.change({ kind: kind as Goal['kind'] })}
            />
            {t(label)}
          </label>
        ))}
      </fieldset>
      {fields.kind === 'own-words' && (
        <Field label={text.text} hint={text.textHint} error={fieldError(save.error, 'text')}>
          {(wiring) => (
            <textarea
              {...wiring}
              rows={2}
              value={fields.text}
              onChange={(event) => draft.change({ text: event.target.value })}
            />
          )}
        </Field>
      )}
      {fields.kind === 'own-words' && <Room used={fields.text.length} max={textLimit} />}
      {isCounted && (
        <Field label={text.target} error={fieldError(save.error, 'target')}>
          {(wiring) => (
            <input
              {...wiring}
              className="short"
              inputMode="numeric"
              value={fields.target}
              onChange={(event) => draft.change({ target: event.target.value })}
            />
          )}
        </Field>
      )}
      <Field label={text.plan} hint={text.planHint} error={fieldError(save.error, 'plan')}>
        {(wiring) => (
          <textarea
            {...wiring}
            rows={2}
            value={fields.plan}
            onChange={(event) => draft.change({ plan: event.target.value })}
          />
        )}
      </Field>
      <Room used={fields.plan.length} max={planLimit} />
      {goal && (
        <Field label={text.outcome} hint={text.outcomeHint}>
          {(wiring) => (
            <select
              {...wiring}
              value={fields.outcome}
              onChange={(event) => draft.change({ outcome: event.target.value as GoalFields['outcome'] })}
            >
              <option value="">{text.notSaid}</option>
              {Object.entries(text.outcomes).map(([outcome, label]) => (
                <option key={outcome} value={outcome}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {conflict ? (
        <TwoVersions
          other={
            current
              ? [current.text ?? t(text.kinds[current.kind]), current.plan].filter(Boolean).join('\n')
              : text.nothingThere
          }
          onKeepMine={() => save.mutate(current?.rev ?? 0)}
          onTakeOther={() => {
            draft.clear(fieldsOf(current));
            save.reset();
            void refreshed('journal', 'dashboard');
          }}
        />
      ) : (
        <SaveProblem error={save.error ?? remove.error} />
      )}
      <div className="buttons">
        <button type="submit" className="button button-main" disabled={save.isPending}>
          {text.save}
        </button>
        {goal && (
          <ConfirmButton
            label={text.remove}
            about={goal.text ?? t(text.kinds[goal.kind])}
            question={text.confirmRemove}
            yes={text.yesRemove}
            no={text.no}
            onConfirm={() => remove.mutate(goal)}
          />
        )}
        <span role="status">{save.isSuccess && text.saved}</span>
      </div>
    </form>
  );
}

function toRequest(week: string, { kind, target, text: words, plan, outcome }: GoalFields, rev: number): GoalRequest {
  const isCounted = kind === 'active-days' || kind === 'resources';
  return {
    week,
    kind,
    ...(isCounted && target.trim() !== '' && { target: Number(target) }),
    ...(kind === 'own-words' && { text: words }),
    ...(plan.trim() !== '' && { plan }),
    outcome: outcome === '' ? null : (outcome ?? null),
    rev,
  };
}
