import type { ImportList } from '../../../server/contracts/imports.ts';
import { imports as text } from '../../text/imports.ts';

const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** What was imported before, each of which can be taken back whole. */
export function EarlierImports({
  list,
  isBusy,
  onUndo,
}: {
  list: ImportList['imports'];
  isBusy: boolean;
  onUndo: (id: string) => void;
}) {
  return (
    <section aria-labelledby="earlier-imports">
      <h2 id="earlier-imports">{text.earlier}</h2>
      {list.length === 0 && <p>{text.none}</p>}
      <ul>
        {list.map(({ id, kind, fileName, state, isInterrupted, rows, done, importedAt, importedBy }) => (
          <li key={id}>
            <strong>{fileName}</strong> · {text.kinds[kind]} · {isInterrupted ? text.interrupted : text.states[state]} ·{' '}
            {text.progress(done, rows)} {text.by(importedBy, when.format(importedAt))}{' '}
            {(state === 'done' || state === 'failed' || isInterrupted) && (
              <button
                type="button"
                className="button"
                disabled={isBusy}
                aria-label={text.undoFor(fileName)}
                onClick={() => onUndo(id)}
              >
                {text.undo}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
