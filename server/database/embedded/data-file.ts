import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { Database, RootDatabase } from 'lmdb';
import { afterKey } from './store.ts';
import type { Entry, Store } from './store.ts';

const FORMAT = 1;
const LMDB_MAGIC = 0xbeefc0de;

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

/** Where LMDB's two meta pages say things, counted from the beginning of the page. */
const META = { magic: 24, version: 28, pageSize: 48, databases: [48, 96], lastTransaction: 152, bytes: 168 } as const;
const LMDB_DATA_VERSION = 2;
const NO_PAGE = 0xffffffffffffffffn;

/** The fewest bytes that a file with this meta page can have: all the pages its two trees use. */
function leastBytes(meta: Buffer): number {
  let pages = 2n;
  let lastRoot = 1n;
  for (const at of META.databases) {
    for (const offset of [8, 16, 24]) pages += meta.readBigUInt64LE(at + offset);
    const root = meta.readBigUInt64LE(at + 40);
    if (root !== NO_PAGE && root > lastRoot) lastRoot = root;
  }
  return Number(pages > lastRoot + 1n ? pages : lastRoot + 1n) * meta.readUInt32LE(META.pageSize);
}

/** LMDB itself trusts its file, so a file that is not whole must be found out before it is mapped. */
function refuseDamaged(path: string): void {
  if (!existsSync(path)) return;
  const refuse = (why: string) =>
    new UnreadableData(`${path} is damaged: ${why}. Nothing was changed; restore it from a backup or an export.`);
  const file = openSync(path, 'r');
  try {
    const read = (at: number) => {
      const meta = Buffer.alloc(META.bytes);
      readSync(file, meta, 0, meta.length, at);
      return meta;
    };
    const isMeta = (meta: Buffer) =>
      meta.readUInt32LE(META.magic) === LMDB_MAGIC && (meta.readUInt32LE(META.version) & 0xffff) === LMDB_DATA_VERSION;
    const first = read(0);
    const second = isMeta(first) ? read(first.readUInt32LE(META.pageSize)) : first;
    if (!isMeta(first) || !isMeta(second)) throw refuse('it does not begin as a data file does');
    const isFirstNewer = first.readBigUInt64LE(META.lastTransaction) > second.readBigUInt64LE(META.lastTransaction);
    if (fstatSync(file).size < leastBytes(isFirstNewer ? first : second)) throw refuse('it is cut short');
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
