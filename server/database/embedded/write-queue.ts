import type { RootDatabase } from 'lmdb';
import type { Store } from './store.ts';

/** lmdb's flag for a commit that is done before it goes on. */
const COMMIT_HERE = 2;

type Outcome = { readonly value: unknown } | { readonly error: unknown };

interface Waiting {
  readonly action: (store: Store) => unknown;
  readonly settle: (outcome: Outcome) => void;
}

/** What the system says of a full disk ("Input/output error") helps nobody. */
function unwritten(error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error);
  return new Error(`The data could not be written (${why}). Nothing of this write was kept; the disk may be full.`, {
    cause: error,
  });
}

/**
 * Brings writes into the file, those that come in the same moment together. They are committed on this thread: the system
 * takes a commit in less time than it would take to wake another thread for it, and nobody waits for the disk here.
 */
export class WriteQueue {
  private readonly env: () => RootDatabase<Buffer, Buffer>;
  private readonly store: Store;
  private readonly onCommit: () => void;
  private waiting: Waiting[] = [];

  constructor(env: () => RootDatabase<Buffer, Buffer>, store: Store, onCommit: () => void) {
    this.env = env;
    this.store = store;
    this.onCommit = onCommit;
  }

  /** Settled when the system has what `action` wrote; what it wrote before it threw is kept. */
  async run<T>(action: (store: Store) => T): Promise<T> {
    const outcome = await new Promise<Outcome>((settle) => {
      this.waiting.push({ action, settle });
      if (this.waiting.length === 1) setImmediate(() => this.commit());
    });
    if ('error' in outcome) throw outcome.error;
    return outcome.value as T;
  }

  /** Commits what waits now. */
  commit(): void {
    const group = this.waiting;
    if (group.length === 0) return;
    this.waiting = [];
    let outcomes: Outcome[] = [];
    try {
      this.env().transactionSync(() => {
        outcomes = group.map(({ action }) => this.attempt(action));
      }, COMMIT_HERE);
      this.onCommit();
    } catch (error) {
      const failed = unwritten(error);
      outcomes = group.map(() => ({ error: failed }));
    }
    for (const [i, { settle }] of group.entries()) settle(outcomes[i]!);
  }

  private attempt(action: (store: Store) => unknown): Outcome {
    try {
      return { value: action(this.store) };
    } catch (error) {
      return { error };
    }
  }
}
