import type { ReactNode } from 'react';
import { ApiError } from '../../api.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Notice } from '../../ui/notice.tsx';
import { canKeepDrafts } from './drafts.ts';

const text = student.goals;

/** What went wrong with saving, in words; what was typed stays where it is. */
export function SaveProblem({ error }: { error: unknown }) {
  if (!error) return null;
  const isSessionOver = error instanceof ApiError && error.code === 'not-signed-in';
  const ended = canKeepDrafts() ? student.session : student.sessionUnkept;
  const message = isSessionOver ? ended : error instanceof Error ? error.message : '';
  const extra = error instanceof ApiError ? error.fields['body'] : undefined;
  return (
    <div role="alert">
      <Notice kind="attention">
        <p>{extra ?? message}</p>
      </Notice>
    </div>
  );
}

/** The words of the server about one field. */
export function fieldError(error: unknown, field: string): string | undefined {
  return error instanceof ApiError ? error.fields[field] : undefined;
}

/** How much room is left, said quietly once half of it is used. */
export function Room({ used, max }: { used: number; max: number }) {
  const t = useText();
  if (used < max / 2) return null;
  return (
    <p className={used > max ? 'field-error' : 'hint'}>
      {t(text.room, { count: used.toLocaleString('en-GB'), max: max.toLocaleString('en-GB') })}
    </p>
  );
}

/** A draft was found again: say so, and offer to throw it away. */
export function Restored({ onDiscard }: { onDiscard: () => void }) {
  return (
    <p className="hint restored" role="status">
      {text.restored}{' '}
      <button type="button" className="button button-quiet" onClick={onDiscard}>
        {text.discard}
      </button>
    </p>
  );
}

/** Two versions of one thing, and the student decides. */
export function TwoVersions({
  other,
  onKeepMine,
  onTakeOther,
}: {
  other: ReactNode;
  onKeepMine: () => void;
  onTakeOther: () => void;
}) {
  return (
    <div role="alert">
      <Notice kind="attention" title={text.conflictTitle}>
        <p>{text.conflict}</p>
        <blockquote className="own-words">{other}</blockquote>
        <p className="buttons">
          <button type="button" className="button button-main" onClick={onKeepMine}>
            {text.keepMine}
          </button>
          <button type="button" className="button" onClick={onTakeOther}>
            {text.takeOther}
          </button>
        </p>
      </Notice>
    </div>
  );
}
