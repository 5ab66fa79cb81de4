import { existsSync, mkdirSync, openSync, closeSync, readSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { Database, RootDatabase } from 'lmdb';
import { afterKey } from './store.ts';
import type { Entry, Store } from './store.ts';

const FORMAT = 1;
const LMDB_MAGIC = 0xbeefc0de;
const META_MAGIC_AT = 16;

/** The stored data cannot be used as it is; nothing has been changed. */
export class UnreadableData extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableData';
  }
}

function refuseNewerFormat(dataDir: string): void {
  const path = join(dataDir, 'format.json');
  if (!existsSync(path)) return;
  let format: unknown;
  try {
    format = (JSON.parse(readFileSync(path, 'utf8')) as { format?: unknown }).format;
  } catch {
    throw new UnreadableData(`${path} is damaged: it should say which format the data has. Nothing was changed.`);
  }
  if (typeof format !== 'number' || format > FORMAT) {
    throw new UnreadableData(
      `The data in ${dataDir} has format ${String(format)}, written by a newer version; this one reads up to ${FORMAT}. Nothing was changed.`,
    );
  }
}

/** LMDB itself trusts its file, so a file that is not one must be found out before it is mapped. */
function refuseDamaged(path: string): void {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(64);
    const isRead = readSync(file, head, 0, head.length, 0) === head.length;
    if (!isRead || head.readUInt32LE(META_MAGIC_AT) !== LMDB_MAGIC) {
      throw new UnreadableData(
        `${path} is damaged: it does not begin as a data file does. Nothing was changed; restore it from a backup or an export.`,
      );
    }
  } finally {
    closeSync(file);
  }
}

const CHUNK_FIRST = 32;
const CHUNK_MOST = 512;

/** The file of the embedded database: one ordered map of bytes, whose writes are grouped and flushed together. */
export class DataFile {
  private readonly env: RootDatabase<Buffer, Buffer>;
  private readonly rows: Database<Buffer, Buffer>;
  readonly store: Store;

  /** Opens or makes the file in `dataDir`. Throws `UnreadableData` for a damaged or newer file, and leaves it alone. */
  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    refuseNewerFormat(dataDir);
    const path = join(dataDir, 'waymark.mdb');
    refuseDamaged(path);
    this.env = open<Buffer, Buffer>({
      path,
      noSubdir: true,
      keyEncoding: 'binary',
      encoding: 'binary',
      cache: false,
      maxDbs: 2,
    });
    this.rows = this.env;
    writeFileSync(join(dataDir, 'format.json'), `${JSON.stringify({ format: FORMAT })}\n`);
    this.store = this.storeOf();
  }

  /** Runs writes; the promise is settled when they are on disk. `action` must not be asynchronous. */
  async write<T>(action: (store: Store) => T): Promise<T> {
    let outcome: { value: T } | { error: unknown } | undefined;
    await this.env.transaction(() => {
      try {
        outcome = { value: action(this.store) };
      } catch (error) {
        outcome = { error };
      }
    });
    if (outcome === undefined) throw new Error('The write was not run.');
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  /** A view of the data as it is now, however long it is kept; `done` must be called. */
  snapshot(): { store: Store; done(): void } {
    const transaction = this.env.useReadTransaction();
    return { store: this.storeOf({ transaction }), done: () => transaction.done() };
  }

  async close(): Promise<void> {
    await this.env.flushed;
    await this.env.close();
  }

  private storeOf(options: { transaction?: ReturnType<RootDatabase['useReadTransaction']> } = {}): Store {
    const { rows } = this;
    return {
      get: (key) => rows.get(key, options),
      // In chunks, so that no reader stays open while a client thinks: an open reader keeps every old page of the file.
      *entries(start, end, isReverse = false): Generator<Entry> {
        let limit = CHUNK_FIRST;
        let [from, to] = [start, end];
        while (Buffer.compare(from, to) < 0) {
          const range = isReverse
            ? { start: to, end: from, reverse: true, exclusiveStart: true, inclusiveEnd: true }
            : { start: from, end: to };
          const chunk = [...rows.getRange({ ...range, ...options, limit })];
          yield* chunk;
          if (chunk.length < limit) return;
          const last = chunk[chunk.length - 1]!.key;
          if (isReverse) to = last;
          else from = afterKey(last);
          limit = Math.min(limit * 2, CHUNK_MOST);
        }
      },
      put: (key, value) => rows.putSync(key, value),
      remove: (key) => void rows.removeSync(key),
      claim: () => undefined,
    };
  }
}
