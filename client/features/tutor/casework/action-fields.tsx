import { useState } from 'react';
import type { CaseworkForms } from '../../../../server/contracts/actions.ts';
import { initiatorWords, outcomeWords } from '../../../../server/contracts/casework-words.ts';
import {
  actionOutcomes,
  initiators,
  type ActionOutcome,
  type Initiator,
} from '../../../../server/domain/vocabulary.ts';
import { useText } from '../../../session.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { Field } from '../../../ui/field.tsx';
import { toDayField } from '../say-when.ts';
import { OneOf } from './one-of.tsx';

/** What one types about an action, as the fields hold it. */
export interface ActionDraft {
  readonly category: string;
  readonly channel: string;
  readonly initiator: Initiator | '';
  readonly outcome: ActionOutcome | '';
  readonly day: string;
  readonly summary: string;
  readonly steps: string;
}

export const emptyDraft = (now: number): ActionDraft => ({
  category: '',
  channel: '',
  initiator: 'staff',
  outcome: '',
  day: toDayField(now),
  summary: '',
  steps: '',
});

const own = '(own)';

/** The fields of an action, for recording and for correcting; beside each text stands who reads it. */
export function ActionFields({
  forms,
  draft,
  onDraft,
  errors,
}: {
  forms: CaseworkForms;
  draft: ActionDraft;
  onDraft: (draft: ActionDraft) => void;
  errors: Readonly<Record<string, string>>;
}) {
  const t = useText();
  const isKnown = forms.categories.some(({ id }) => id === draft.category);
  const [isOwn, setIsOwn] = useState(draft.category !== '' && !isKnown);
  const set = (change: Partial<ActionDraft>) => onDraft({ ...draft, ...change });
  const description = forms.categories.find(({ id }) => id === draft.category)?.description;
  return (
    <>
      <OneOf
        label={caseworkText.category}
        hint={description}
        error={errors['category']}
        value={isOwn ? own : draft.category}
        choices={[
          ...forms.categories.map(({ id, label }) => [id, label] as const),
          ...(forms.mayAddCategories ? [[own, `${caseworkText.ownCategory}…`] as const] : []),
        ]}
        onChoose={(category) => {
          setIsOwn(category === own);
          set({ category: category === own ? '' : category });
        }}
      />
      {isOwn && (
        <Field label={caseworkText.ownCategory}>
          {(wiring) => (
            <input
              {...wiring}
              maxLength={60}
              value={draft.category}
              onChange={({ target }) => set({ category: target.value })}
            />
          )}
        </Field>
      )}
      <OneOf
        label={caseworkText.channel}
        error={errors['channel']}
        value={draft.channel}
        choices={forms.channels.map(({ id, label }) => [id, label])}
        onChoose={(channel) => set({ channel })}
      />
      <OneOf
        label={caseworkText.outcome}
        error={errors['outcome']}
        value={draft.outcome}
        choices={actionOutcomes.map((outcome) => [outcome, outcomeWords[outcome]])}
        onChoose={(outcome) => set({ outcome: outcome as ActionOutcome })}
      />
      <div className="side-by-side">
        <Field label={caseworkText.initiator} error={errors['initiator']}>
          {(wiring) => (
            <select
              {...wiring}
              value={draft.initiator}
              onChange={({ target }) => set({ initiator: target.value as Initiator })}
            >
              {initiators.map((initiator) => (
                <option key={initiator} value={initiator}>
                  {initiatorWords[initiator]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={caseworkText.when} error={errors['at']}>
          {(wiring) => (
            <input {...wiring} type="date" value={draft.day} onChange={({ target }) => set({ day: target.value })} />
          )}
        </Field>
      </div>
      <Field label={caseworkText.steps} hint={caseworkText.stepsHint} error={errors['steps']}>
        {(wiring) => (
          <textarea {...wiring} value={draft.steps} onChange={({ target }) => set({ steps: target.value })} />
        )}
      </Field>
      <Field label={caseworkText.summary} hint={t(caseworkText.summaryHint)} error={errors['summary']}>
        {(wiring) => (
          <textarea {...wiring} value={draft.summary} onChange={({ target }) => set({ summary: target.value })} />
        )}
      </Field>
    </>
  );
}
