import { ApiError } from '../api.ts';
import { common } from '../text/common.ts';
import { Notice } from './notice.tsx';

/** What went wrong with a request, with a way to try again where that can help. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const message = error instanceof ApiError ? error.message : common.couldNotLoad;
  return (
    <div role="alert">
      <Notice kind="attention" title={common.couldNotLoad}>
        <p>{message}</p>
        {onRetry && (
          <button type="button" className="button" onClick={onRetry}>
            {common.tryAgain}
          </button>
        )}
      </Notice>
    </div>
  );
}
