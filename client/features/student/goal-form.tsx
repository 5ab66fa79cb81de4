import { useMutation } from '@tanstack/react-query';
import type { Goal, GoalRequest } from '../../../server/contracts/reflections.ts';
import { ApiError, put } from '../../api.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Field } from '../../ui/field.tsx';
import { BusyButton } from '../../ui/busy-button.tsx';
import { sayUsual } from '../../format.ts';
import { useDashboard, useRefreshed } from './data.ts';
import { DeleteGoal } from './delete-goal.tsx';
import type { Draft } from './drafts.ts';
import { takeFocus, useFocusOnRefusal } from '../../ui/focus.ts';
import { sayGoal } from './say-goal.ts';
import { fieldError, Restored, Room, SaveProblem, TwoVersions } from './form-parts.tsx';

const text = student.goals;
const textLimit = 300;
const planLimit = 1000;
const kinds = Object.entries(text.kinds) as [Goal['kind'], string][];

export interface GoalFields {
  kind: Goal['kind'];
  target: string;
  text: string;
  plan: string;
  /** The revision that the student saw when they began to type. */
  rev: number;
}

/** What the change is made to; how it went is not the form's to change. */
interface Base {
  readonly rev: number;
  readonly outcome: Goal['outcome'];
}

/** What the form begins with: the goal as it was saved, or the words of an idea. */
export function fieldsOf(goal: Goal | undefined, idea?: string): GoalFields {
  return {
    kind: goal?.kind ?? 'own-words',
    target: goal?.target === undefined ? '' : String(goal.target),
    text: goal ? (goal.text ?? '') : (idea ?? ''),
    plan: goal?.plan ?? '',
    rev: goal?.rev ?? 0,
  };
}

/** Sets or changes the goal of one week. */
export function GoalForm({
  week,
  goal,
  draft,
  startsFocused,
  onDone,
  onRemoved,
}: {
  week: string;
  goal: Goal | undefined;
  draft: Draft<GoalFields>;
  startsFocused: boolean;
  /** The form is no longer needed: the goal was kept, or left as it was. */
  onDone: (isKept: boolean) => void;
  onRemoved: () => void;
}) {
  const t = useText();
  const refreshed = useRefreshed();
  const { data } = useDashboard();
  const { fields } = draft;
  const save = useMutation({
    mutationFn: ({ sent, base }: { sent: GoalFields; base: Base }) =>
      put<Goal>('/api/journal/goal', toRequest(week, sent, base)),
    onSuccess: async ({ rev }, { sent }) => {
      await refreshed('journal', 'dashboard');
      if (draft.settle(sent, { rev })) onDone(true);
    },
  });
  const conflict = save.error instanceof ApiError && save.error.code === 'conflict' ? save.error : undefined;
  const current = conflict?.current as Goal | null | undefined;
  const isCounted = fields.kind === 'active-days' || fields.kind === 'resources';
  const form = useFocusOnRefusal(save.error);
  const hasFieldError = ['text', 'target', 'plan'].some((field) => fieldError(save.error, field));
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ sent: fields, base: { rev: fields.rev, outcome: goal?.outcome } });
      }}
    >
      {draft.wasRestored && <Restored onDiscard={draft.clear} />}
      <fieldset className="choices">
        <legend>{text.kind}</legend>
        {kinds.map(([kind, label]) => (
          <label key={kind} className="choice">
            <input
              type="radio"
              name={`kind-${week}`}
              checked={fields.kind === kind}
              ref={startsFocused && goal?.kind === kind ? takeFocus : undefined}
              onChange={() => draft.change({ kind })}
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
        <Field
          label={fields.kind === 'resources' ? text.targetPages : text.targetDays}
          hint={
            fields.kind === 'active-days' &&
            data?.view.usual &&
            t(text.targetHint, { count: sayUsual(data.view.usual.activeDays) })
          }
          error={fieldError(save.error, 'target')}
        >
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
      {conflict ? (
        <TwoVersions
          other={current ? [sayGoal(current, t), current.plan].filter(Boolean).join('\n') : text.nothingThere}
          onKeepMine={() => save.mutate({ sent: fields, base: { rev: current?.rev ?? 0, outcome: current?.outcome } })}
          onTakeOther={() => {
            void refreshed('journal', 'dashboard').then(() => {
              draft.clear();
              save.reset();
              onDone(false);
            });
          }}
        />
      ) : (
        <SaveProblem error={hasFieldError ? undefined : save.error} />
      )}
      <div className="buttons">
        <BusyButton type="submit" className="button button-main" isBusy={save.isPending}>
          {text.save}
        </BusyButton>
        {goal && (
          <>
            <button
              type="button"
              className="button"
              onClick={() => {
                draft.clear();
                onDone(false);
              }}
            >
              {text.cancel}
            </button>
            <DeleteGoal goal={goal} onRemoved={onRemoved} />
          </>
        )}
      </div>
    </form>
  );
}

function toRequest(week: string, { kind, target, text: words, plan }: GoalFields, { rev, outcome }: Base): GoalRequest {
  const isCounted = kind === 'active-days' || kind === 'resources';
  return {
    week,
    kind,
    ...(isCounted && target.trim() !== '' && { target: Number(target) }),
    ...(kind === 'own-words' && { text: words }),
    ...(plan.trim() !== '' && { plan }),
    outcome: outcome ?? null,
    rev,
  };
}
