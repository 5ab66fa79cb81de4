import type { RuleInput, Rules } from '../../../../server/contracts/rules.ts';
import type { Comparison, RuleStrength } from '../../../../server/domain/vocabulary.ts';
import { rulesText } from '../../../text/tutor-rules.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';

type Choice = Rules['choices'][number];

const comparisonWords: Readonly<Record<Comparison, string>> = {
  '<': 'less than',
  '<=': 'at most',
  '>': 'more than',
  '>=': 'at least',
};

/** One indicator: whether it is used, and its threshold, weeks and strength. Shares are typed as percentages. */
export function RuleRow({
  choice,
  rule,
  onRule,
  isReadOnly,
  errorOf,
}: {
  choice: Choice;
  rule: RuleInput | undefined;
  onRule: (rule: RuleInput | undefined) => void;
  isReadOnly: boolean;
  errorOf: (field: keyof RuleInput) => string | undefined;
}) {
  const scale = choice.isShare ? 100 : 1;
  const set = (change: Partial<RuleInput>) => rule && onRule({ ...rule, ...change });
  const number = (value: string) => (value === '' ? Number.NaN : Number(value));
  return (
    <fieldset disabled={isReadOnly}>
      <legend>{choice.label}</legend>
      <p className="check">
        <input
          id={`use-${choice.indicator}`}
          type="checkbox"
          checked={rule !== undefined}
          onChange={({ target }) => onRule(target.checked ? begin(choice) : undefined)}
        />
        <label htmlFor={`use-${choice.indicator}`}>
          {rulesText.use} <span className="only-spoken">{choice.label}</span>
        </label>
      </p>
      {errorOf('indicator') && <p className="field-error">{errorOf('indicator')}</p>}
      {rule && (
        <div className="side-by-side rule-fields">
          <Field label={rulesText.comparison} error={errorOf('comparison')}>
            {(wiring) => (
              <select
                {...wiring}
                value={rule.comparison}
                onChange={({ target }) => set({ comparison: target.value as Comparison })}
              >
                {choice.comparisons.map((comparison) => (
                  <option key={comparison} value={comparison}>
                    {comparisonWords[comparison]}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={sayThreshold(choice)} error={errorOf('threshold')}>
            {(wiring) => (
              <input
                {...wiring}
                type="number"
                step={choice.isShare ? 5 : 1}
                value={Number.isNaN(rule.threshold) ? '' : Math.round(rule.threshold * scale * 100) / 100}
                onChange={({ target }) => set({ threshold: number(target.value) / scale })}
              />
            )}
          </Field>
          <Field label={rulesText.from} error={errorOf('fromWeek')}>
            {(wiring) => (
              <input
                {...wiring}
                type="number"
                min={1}
                value={Number.isNaN(rule.fromWeek) ? '' : rule.fromWeek}
                onChange={({ target }) => set({ fromWeek: number(target.value) })}
              />
            )}
          </Field>
          <Field label={rulesText.to} error={errorOf('toWeek')}>
            {(wiring) => (
              <input
                {...wiring}
                type="number"
                min={1}
                value={rule.toWeek ?? ''}
                onChange={({ target }) => {
                  const { toWeek: _, ...rest } = rule;
                  onRule(target.value === '' ? rest : { ...rest, toWeek: Number(target.value) });
                }}
              />
            )}
          </Field>
          <Field label={rulesText.strength} error={errorOf('strength')}>
            {(wiring) => (
              <select
                {...wiring}
                value={rule.strength}
                onChange={({ target }) => set({ strength: target.value as RuleStrength })}
              >
                <option value="strong">{rulesText.strongRule}</option>
                <option value="supporting">{rulesText.supportingRule}</option>
              </select>
            )}
          </Field>
        </div>
      )}
      <details>
        <summary>{text.howWorkedOut}</summary>
        <p>{choice.howItIsWorkedOut}</p>
        <p>{choice.whyItMatters}</p>
        {choice.source && <p className="soft">{choice.source}</p>}
      </details>
    </fieldset>
  );
}

function sayThreshold({ isShare, unit }: Choice): string {
  if (isShare) return `${rulesText.threshold} (%)`;
  return unit === 'count' ? rulesText.threshold : `${rulesText.threshold} (${unit})`;
}

function begin(choice: Choice): RuleInput {
  return {
    indicator: choice.indicator,
    comparison: choice.comparisons[0] ?? '<',
    threshold: choice.isWhole ? choice.from : Math.round(((choice.from + choice.to) / 2) * 20) / 20,
    fromWeek: 4,
    strength: 'supporting',
  };
}
