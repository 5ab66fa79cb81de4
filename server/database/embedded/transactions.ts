import type { DataFile } from './data-file.ts';
import { DatabaseError } from './errors.ts';
import type { Entry, Store } from './store.ts';

/** What a client is told when two transactions meet: try the whole transaction again. */
export function transientError(message: string): DatabaseError {
  return new DatabaseError('WriteConflict', message, { errorLabels: ['TransientTransactionError'] });
}

/** Keys of documents that open transactions have written, so that nobody else writes them meanwhile. */
export class WriteLocks {
  private readonly holders = new Map<string, Transaction>();

  /** Claims a key for `owner`; throws a write conflict when another transaction holds it. */
  claim(key: string, owner: Transaction): void {
    const holder = this.holders.get(key);
    if (holder !== undefined && holder !== owner)
      throw transientError('Another open transaction has written this document.');
    this.holders.set(key, owner);
  }

  holderOf(key: Buffer): Transaction | undefined {
    return this.holders.size === 0 ? undefined : this.holders.get(key.toString('latin1'));
  }

  release(owner: Transaction): void {
    for (const [key, holder] of this.holders) if (holder === owner) this.holders.delete(key);
  }
}

/**
 * Writes that are not yet there for anybody else: they lie over a snapshot of the file taken at the start, and go into
 * the file in one piece at the commit.
 */
export class Transaction {
  private readonly changes = new Map<string, Buffer | null>();
  private readonly snapshot: { store: Store; done(): void };
  private readonly file: DataFile;
  private readonly locks: WriteLocks;
  private sortedKeys: string[] | null = null;
  private isOver = false;
  readonly store: Store;
  readonly ended: Promise<void>;
  private end!: () => void;

  constructor(file: DataFile, locks: WriteLocks) {
    this.file = file;
    this.locks = locks;
    this.snapshot = file.snapshot();
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.store = {
      get: (key) => {
        const change = this.changes.get(key.toString('latin1'));
        return change === undefined ? this.snapshot.store.get(key) : (change ?? undefined);
      },
      entries: (start, end, isReverse) => this.entries(start, end, isReverse ?? false),
      put: (key, value) => this.change(key, value),
      remove: (key) => this.change(key, null),
      claim: () => undefined,
    };
  }

  private change(key: Buffer, value: Buffer | null): void {
    const text = key.toString('latin1');
    if (!this.changes.has(text)) {
      this.locks.claim(text, this);
      this.refuseIfWritten(key);
      this.sortedKeys = null;
    }
    this.changes.set(text, value === null ? null : Buffer.from(value));
  }

  private refuseIfWritten(key: Buffer): void {
    const [before, now] = [this.snapshot.store.get(key), this.file.store.get(key)];
    const isSame = before === undefined ? now === undefined : now !== undefined && before.equals(now);
    if (!isSame) throw transientError('This document was written since the transaction began.');
  }

  private *entries(start: Buffer, end: Buffer, isReverse: boolean): Generator<Entry> {
    const [from, to] = [start.toString('latin1'), end.toString('latin1')];
    this.sortedKeys ??= [...this.changes.keys()].sort();
    const changed = this.sortedKeys.filter((key) => key >= from && key < to);
    if (isReverse) changed.reverse();
    const isBefore = (a: string, b: string) => (isReverse ? a > b : a < b);
    let next = 0;
    const own = function* (this: Transaction, limit: string | null): Generator<Entry> {
      while (next < changed.length && (limit === null || isBefore(changed[next]!, limit))) {
        const key = changed[next++]!;
        const value = this.changes.get(key);
        if (value) yield { key: Buffer.from(key, 'latin1'), value };
      }
    }.bind(this);
    for (const entry of this.snapshot.store.entries(start, end, isReverse)) {
      const text = entry.key.toString('latin1');
      yield* own(text);
      if (changed[next] === text) next++;
      const change = this.changes.get(text);
      if (change) yield { key: entry.key, value: change };
      else if (change === undefined) yield entry;
    }
    yield* own(null);
  }

  /**
   * Makes every write of the transaction there for all, in one piece, on disk; `check` may refuse it before anything is
   * written.
   */
  async commit(check: (store: Store, changes: ReadonlyMap<string, Buffer | null>) => void): Promise<void> {
    if (this.isOver) return;
    try {
      if (this.changes.size === 0) return;
      await this.file.write((store) => {
        for (const key of this.changes.keys()) this.refuseIfWritten(Buffer.from(key, 'latin1'));
        check(store, this.changes);
        for (const [key, value] of this.changes) {
          if (value === null) store.remove(Buffer.from(key, 'latin1'));
          else store.put(Buffer.from(key, 'latin1'), value);
        }
      });
    } finally {
      this.finish();
    }
  }

  abort(): void {
    if (!this.isOver) this.finish();
  }

  private finish(): void {
    this.isOver = true;
    this.snapshot.done();
    this.locks.release(this);
    this.end();
  }
}
