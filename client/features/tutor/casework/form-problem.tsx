import { ApiError } from '../../../api.ts';
import { common } from '../../../text/common.ts';
import { text } from '../../../text/tutor.ts';
import { Notice } from '../../../ui/notice.tsx';
import { useRefreshCasework } from '../data.ts';

/**
 * What went wrong with a form, in a word; fields say their own. Where somebody else was first, the reader decides when to
 * look at how it stands: nothing is taken from under what they are typing.
 */
export function FormProblem({ error }: { error: unknown }) {
  const refresh = useRefreshCasework();
  if (error instanceof ApiError && error.code === 'conflict') {
    return (
      <div role="alert">
        <Notice kind="attention">
          <p>{error.message}</p>
          <button type="button" className="button" onClick={() => void refresh()}>
            {text.showNow}
          </button>
        </Notice>
      </div>
    );
  }
  return (
    <p className="field-error" role="alert">
      {sayProblem(error)}
    </p>
  );
}

function sayProblem(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.code === 'not-signed-in') return common.sessionEnded;
  return [error.message, ...(error.fields['body'] ? [error.fields['body']] : [])].join(' ');
}
