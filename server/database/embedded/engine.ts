import { Catalog } from './catalog.ts';
import type { CollectionInfo } from './catalog.ts';
import { Cursors } from './cursors.ts';
import { DataFile } from './data-file.ts';
import { DatabaseError } from './errors.ts';
import { afterPrefix } from './store.ts';
import type { Store } from './store.ts';
import { transientError, WriteLocks } from './transactions.ts';
import type { Transaction } from './transactions.ts';

const MAX_NAME_BYTES = 255;

/** A write met a document of somebody's open transaction; it goes on when that has ended. */
export class HeldByTransaction extends Error {
  readonly holder: Transaction;
  constructor(holder: Transaction) {
    super('A document is held by an open transaction.');
    this.name = 'HeldByTransaction';
    this.holder = holder;
  }
}

/** Everything that commands work on. */
export class Engine {
  readonly file: DataFile;
  readonly catalog: Catalog;
  readonly cursors = new Cursors();
  readonly locks = new WriteLocks();

  constructor(dataDir: string) {
    this.file = new DataFile(dataDir);
    this.catalog = new Catalog(this.file.store);
  }

  /** Runs a write now, in its transaction or by itself; settled when on disk (by itself) or noted (in a transaction). */
  async write<T>(transaction: Transaction | null, action: (store: Store) => T): Promise<T> {
    if (transaction) return action(transaction.store);
    for (;;) {
      try {
        return await this.file.write((store) => action(this.guarded(store)));
      } catch (error) {
        if (!(error instanceof HeldByTransaction)) throw error;
        await error.holder.ended;
      }
    }
  }

  /** The collection of a write, made when it is not there yet; making one is never part of a transaction. */
  async collectionForWrite(database: string, name: string): Promise<CollectionInfo> {
    const known = this.catalog.find(database, name);
    if (known) return known;
    checkNames(database, name);
    return this.file.write((store) => this.catalog.find(database, name) ?? this.catalog.create(store, database, name));
  }

  readStore(transaction: Transaction | null): Store {
    return transaction?.store ?? this.file.store;
  }

  /** Commits a transaction, after checking that its keys are still alone in unique indexes. */
  commit(transaction: Transaction): Promise<void> {
    return transaction.commit((store, changes) => {
      for (const [text, value] of changes) {
        if (value === null) continue;
        const key = Buffer.from(text, 'latin1');
        if (!this.isOfUniqueIndex(key)) continue;
        const prefix = key.subarray(0, value.readUInt16BE(0));
        for (const entry of store.entries(prefix, afterPrefix(prefix))) {
          const isOwn = entry.key.equals(key) || changes.get(entry.key.toString('latin1')) === null;
          if (!isOwn) throw transientError('Another write has taken a unique value since the transaction began.');
        }
      }
    });
  }

  private isOfUniqueIndex(key: Buffer): boolean {
    const [collectionId, indexId] = [key.readUInt32BE(0), key.readUInt16BE(4)];
    if (indexId === 0) return false;
    for (const info of this.catalog.all()) {
      if (info.id === collectionId) return info.indexes.some(({ id, isUnique }) => id === indexId && isUnique);
    }
    return false;
  }

  private guarded(store: Store): Store {
    return {
      ...store,
      claim: (key) => {
        const holder = this.locks.holderOf(key);
        if (holder) throw new HeldByTransaction(holder);
      },
    };
  }
}

export function checkNames(database: string, name: string): void {
  const isBad = name === '' || name.includes('\0') || name.includes('$') || name.startsWith('.') || name.endsWith('.');
  if (isBad) throw new DatabaseError('InvalidNamespace', `Invalid collection name: ${name}`);
  if (Buffer.byteLength(`${database}.${name}`) > MAX_NAME_BYTES) {
    throw new DatabaseError(
      'InvalidNamespace',
      `Fully qualified namespace is too long. Namespace: ${database}.${name} Max: ${MAX_NAME_BYTES}`,
    );
  }
}
