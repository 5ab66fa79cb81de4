import { useId, type ReactNode } from 'react';

/** A choice of one whose options all stand open: one press, where a drop-down takes two and hides what there is. */
export function OneOf({
  label,
  hint,
  error,
  value,
  choices,
  onChoose,
}: {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  value: string;
  choices: readonly (readonly [string, string])[];
  onChoose: (value: string) => void;
}) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <fieldset
      className={error ? 'one-of field-wrong' : 'one-of'}
      role="radiogroup"
      tabIndex={-1}
      aria-describedby={described || undefined}
      aria-invalid={error ? true : undefined}
    >
      <legend>{label}</legend>
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
      <div className="one-of-choices">
        {choices.map(([choice, words]) => (
          <label key={choice}>
            <input type="radio" name={id} checked={value === choice} onChange={() => onChoose(choice)} />
            {words}
          </label>
        ))}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </fieldset>
  );
}
