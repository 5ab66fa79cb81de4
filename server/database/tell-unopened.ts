import type { Logger } from 'pino';

/** What one page asks for is told in one line. */
const gatherMs = 1_000;

/** For a vault to call with each text that no key opens: the log says how many there were, never what or whose. */
export function tellUnopened(log: Logger): () => void {
  let count = 0;
  return () => {
    count++;
    if (count > 1) return;
    setTimeout(() => {
      log.error({ count }, 'stored texts open with none of the encryption keys given');
      count = 0;
    }, gatherMs).unref();
  };
}
