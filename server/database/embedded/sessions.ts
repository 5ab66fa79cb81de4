import type { Binary } from 'bson';
import { isDoc, toNumber } from './bson-values.ts';
import type { Doc } from './bson-values.ts';
import type { Engine } from './engine.ts';
import { DatabaseError } from './errors.ts';
import { Transaction } from './transactions.ts';

const TRANSACTION_MS = 60_000;
const IDLE_MS = 30 * 60_000;

interface Session {
  number: number;
  state: 'none' | 'open' | 'committed' | 'aborted';
  transaction: Transaction | null;
  startedAt: number;
  usedAt: number;
  /** The reply to the last write that the driver may send again. */
  retryable: { number: number; reply: unknown } | null;
}

function keyOf(lsid: Doc): string {
  return (lsid['id'] as Binary).toString('hex');
}

function noSuchTransaction(number: number): DatabaseError {
  return new DatabaseError(
    'NoSuchTransaction',
    `Given transaction number ${number} does not match any in-progress transactions.`,
    {
      errorLabels: ['TransientTransactionError'],
    },
  );
}

/** The sessions of clients, with their transactions. */
export class Sessions {
  private readonly sessions = new Map<string, Session>();

  private of(command: Doc): Session | null {
    const lsid = command['lsid'];
    if (!isDoc(lsid)) return null;
    const key = keyOf(lsid);
    let session = this.sessions.get(key);
    if (!session) {
      session = { number: -1, state: 'none', transaction: null, startedAt: 0, usedAt: 0, retryable: null };
      this.sessions.set(key, session);
    }
    session.usedAt = Date.now();
    return session;
  }

  /** The transaction that a command belongs to; begun when it says so. Null outside of any. */
  transactionOf(engine: Engine, command: Doc): Transaction | null {
    if (command['autocommit'] !== false) return null;
    const session = this.of(command);
    if (!session) throw new DatabaseError('InvalidOptions', 'A transaction needs a session.');
    const number = toNumber(command['txnNumber']);
    if (command['startTransaction'] === true) {
      session.transaction?.abort();
      Object.assign(session, {
        number,
        state: 'open',
        startedAt: Date.now(),
        transaction: new Transaction(engine.file, engine.locks),
      });
    } else if (session.number !== number || session.state === 'aborted' || session.state === 'none') {
      throw noSuchTransaction(number);
    } else if (session.state === 'committed') {
      throw new DatabaseError('TransactionCommitted', `Transaction ${number} has been committed.`);
    }
    return session.transaction;
  }

  /** A write outside of transactions that carries a number is done once, however often it is sent. */
  async once<T>(command: Doc, run: () => Promise<T>): Promise<T> {
    const isNumbered = command['txnNumber'] !== undefined && command['autocommit'] === undefined;
    const session = isNumbered ? this.of(command) : null;
    if (!session) return run();
    const number = toNumber(command['txnNumber']);
    if (session.retryable?.number === number) return session.retryable.reply as T;
    const reply = await run();
    session.retryable = { number, reply };
    return reply;
  }

  async commit(engine: Engine, command: Doc): Promise<void> {
    const session = this.of(command);
    const number = toNumber(command['txnNumber']);
    if (!session || session.number !== number) throw noSuchTransaction(number);
    if (session.state === 'committed') return;
    const { transaction } = session;
    if (session.state !== 'open' || !transaction) throw noSuchTransaction(number);
    session.transaction = null;
    session.state = 'aborted';
    await engine.commit(transaction);
    session.state = 'committed';
  }

  abort(command: Doc): void {
    const session = this.of(command);
    const number = toNumber(command['txnNumber']);
    if (!session || session.number !== number || session.state !== 'open') throw noSuchTransaction(number);
    this.abortOpen(session);
  }

  /** A failed command ends its transaction, as on a server. */
  failed(command: Doc): void {
    const session = command['autocommit'] === false ? this.of(command) : null;
    if (session?.state === 'open') this.abortOpen(session);
  }

  end(lsid: Doc): void {
    const session = this.sessions.get(keyOf(lsid));
    if (session?.state === 'open') this.abortOpen(session);
    this.sessions.delete(keyOf(lsid));
  }

  /** Ends transactions that have been open too long, and forgets sessions nobody uses. */
  tidy(): void {
    const now = Date.now();
    for (const [key, session] of this.sessions) {
      if (session.state === 'open' && now - session.startedAt > TRANSACTION_MS) this.abortOpen(session);
      if (session.state !== 'open' && now - session.usedAt > IDLE_MS) this.sessions.delete(key);
    }
  }

  endAll(): void {
    for (const session of this.sessions.values()) if (session.state === 'open') this.abortOpen(session);
    this.sessions.clear();
  }

  private abortOpen(session: Session): void {
    session.transaction?.abort();
    session.transaction = null;
    session.state = 'aborted';
  }
}
