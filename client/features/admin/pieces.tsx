import { useState, type ReactNode } from 'react';
import { ApiError } from '../../api.ts';
import { admin } from '../../text/admin.ts';
import { Field } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';

/** `25 November 2026, 14:05`, in the administrator's own time zone. */
export function sayWhen(at: number): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
}

export function TextField({
  label,
  hint,
  name,
  error,
  isSecret = false,
}: {
  label: string;
  hint?: string;
  name: string;
  error: unknown;
  isSecret?: boolean;
}) {
  return (
    <Field label={label} hint={hint} error={error instanceof ApiError ? error.fields[name] : undefined}>
      {(wiring) => (
        <input {...wiring} name={name} type={isSecret ? 'password' : 'text'} autoComplete="off" spellCheck={false} />
      )}
    </Field>
  );
}

/** A form whose fields are sent by their names, empty ones left out; it empties itself once it was accepted. */
export function NamedForm({
  children,
  button,
  isBusy,
  error,
  onSend,
}: {
  children: ReactNode;
  button: string;
  isBusy: boolean;
  error: unknown;
  onSend: (fields: Record<string, string>, empty: () => void) => void;
}) {
  const hasFieldErrors = error instanceof ApiError && Object.keys(error.fields).length > 0;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const entries = [...new FormData(form)].filter(
          (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].trim() !== '',
        );
        onSend(Object.fromEntries(entries), () => form.reset());
      }}
    >
      {children}
      {error !== null && !hasFieldErrors && <Problem error={error} />}
      <p className="buttons">
        <button type="submit" className="button button-main" disabled={isBusy}>
          {button}
        </button>
      </p>
    </form>
  );
}

/** What can't be taken back lightly is asked about once more, in place. */
export function AskedButton({
  label,
  about,
  question,
  onConfirm,
}: {
  label: string;
  about: string;
  question: string;
  onConfirm: () => void;
}) {
  const [isAsking, setIsAsking] = useState(false);
  if (!isAsking) {
    return (
      <button type="button" className="button button-quiet" onClick={() => setIsAsking(true)}>
        {label}
        <span className="only-spoken">: {about}</span>
      </button>
    );
  }
  return (
    <span className="buttons" role="group" aria-label={question}>
      <span>{question}</span>
      <button type="button" className="button" ref={takeFocus} onClick={() => setIsAsking(false)}>
        {admin.platforms.no}
      </button>
      <button
        type="button"
        className="button"
        onClick={() => {
          setIsAsking(false);
          onConfirm();
        }}
      >
        {admin.platforms.yes}
      </button>
    </span>
  );
}

function takeFocus(button: HTMLButtonElement | null): void {
  button?.focus();
}
