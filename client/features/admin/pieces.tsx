import type { ReactNode } from 'react';
import { dropReasons, type DropReason } from '../../../server/domain/vocabulary.ts';
import { ApiError } from '../../api.ts';
import { useText } from '../../session.ts';
import { admin } from '../../text/admin.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Field } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';

/** `25 November 2026`, from an ISO day. */
export function sayDay(isoDay: string): string {
  return new Date(`${isoDay}T12:00:00Z`).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
}

/** `25 Nov 2026, 14:05`, in the administrator's own time zone. */
export function sayWhen(at: number): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

export function sayCount(count: number): string {
  return count.toLocaleString('en-GB');
}

/** Why something changed no figure, and how much of it there was, a line each. */
export function DroppedLines({ dropped }: { dropped: Partial<Record<DropReason, number>> }) {
  const t = useText();
  return dropReasons.map((reason) => {
    const count = dropped[reason];
    return count === undefined ? null : (
      <div key={reason} className="hint">
        {t(admin.dropped[reason])}: {sayCount(count)}
      </div>
    );
  });
}

export function TextField({
  label,
  hint,
  name,
  error,
  isSecret = false,
  given,
}: {
  label: string;
  hint?: string;
  name: string;
  error: unknown;
  isSecret?: boolean;
  given?: string | undefined;
}) {
  return (
    <Field label={label} hint={hint} error={error instanceof ApiError ? error.fields[name] : undefined}>
      {(wiring) => (
        <input
          {...wiring}
          name={name}
          type={isSecret ? 'password' : 'text'}
          defaultValue={given}
          autoComplete="off"
          spellCheck={false}
        />
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

/** What is needed once in a while stays folded, so that the state of things can be read at a glance. */
export function Folded({ label, children }: { label: string; children: ReactNode }) {
  return (
    <details className="folded">
      <summary>{label}</summary>
      {children}
    </details>
  );
}

/** What can't be taken back lightly is asked about once more, in place. */
export function AskedButton(asked: { label: string; about: string; question: string; onConfirm: () => void }) {
  return <ConfirmButton yes={admin.platforms.yes} no={admin.platforms.no} {...asked} />;
}
