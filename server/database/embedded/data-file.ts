import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { RootDatabase } from 'lmdb';
import { FORMAT, readFormat, settleFile } from './data-checks.ts';
import { FlushedState } from './flushed-state.ts';
import type { Sync } from './flushed-state.ts';
import { BYTES } from './lmdb-bytes.ts';
import { mappedBytes } from './mapped-memory.ts';
import { bootId } from './meta-pages.ts';
import { readRange } from './range-read.ts';
import { afterKey } from './store.ts';
import type { Entry, Store } from './store.ts';
import { WriteQueue } from './write-queue.ts';

const CHUNK_FIRST = 32;
const CHUNK_MOST = 512;

/** How much of the data may stay mapped in memory once it was read; the system keeps it in its own cache anyway. */
const MAPPED_BYTES = 24 * 1024 * 1024;
/** A read maps some pages beside its own, up to a quarter of a megabyte. */
const READS_BETWEEN_CHECKS = 64;
/**
 * Free pages are looked up anew by each transaction. Keeping their list between transactions saves little, and lmdb 3.5.6
 * then writes only the part of it that changed: where the list's records move meanwhile, as they may under a long read,
 * it finds a record missing and aborts the process (`mdb_freelist_save`). Its types do not name these two options.
 */
const FREE_SPACE = { maxFreeSpaceToRetain: 0, maxFreeSpaceToLoad: 2_000 };
/** Where the system does not say whether it was started anew, every commit waits for the disk. */
const FLUSHES_LATER = bootId() !== null;
/** Every open transaction keeps a view of its own; where there is no room for one, nothing can be read at all. */
const MOST_VIEWS = 4096;

/** Which state of the data is read: the latest, unless a transaction is given. */
interface View {
  readonly transaction?: ReturnType<RootDatabase['useReadTransaction']>;
}

/** The file of the embedded database: one ordered map of bytes, whose writes are grouped and flushed together. */
export class DataFile {
  private readonly path: string;
  private env: RootDatabase<Buffer, Buffer>;
  /** What is mapped of other files: Node's own, for the most part. */
  private mappedElsewhere = mappedBytes();
  private readsSinceCheck = 0;
  private isTooMuchMapped = false;
  private isClosed = false;
  private snapshots = 0;
  /** Set while the file is closed for a moment: nothing may be read until it is settled. */
  pause: Promise<void> | null = null;
  private readonly writes: WriteQueue;
  private readonly onDisk: FlushedState | null;
  readonly store: Store;

  /** Opens or makes the file in `dataDir`. Throws `UnreadableData` for a damaged or newer file, and leaves it alone. */
  constructor(dataDir: string, sync?: Sync) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const format = readFormat(dataDir);
    this.path = join(dataDir, 'waymark.mdb');
    settleFile(this.path, format);
    this.env = this.open();
    // The directory may have been made by somebody who lets others in.
    chmodSync(this.path, 0o600);
    this.store = this.storeOf();
    this.onDisk = FLUSHES_LATER ? new FlushedState(this.path, () => this.env, sync) : null;
    this.writes = new WriteQueue(
      () => this.env,
      this.store,
      () => this.onDisk?.note(),
    );
    writeFileSync(join(dataDir, 'format.json'), `${JSON.stringify({ format: FORMAT })}\n`);
  }

  private open(): RootDatabase<Buffer, Buffer> {
    return open<Buffer, Buffer>({
      path: this.path,
      noSubdir: true,
      ...BYTES,
      cache: false,
      maxDbs: 2,
      maxReaders: MOST_VIEWS,
      noSync: FLUSHES_LATER,
      ...FREE_SPACE,
    });
  }

  /**
   * Runs writes; the promise is settled when the system has them, so that they outlive this process however it ends.
   * They are flushed to the disk right after: a power cut may take back the last moment, whole commands at a time, and
   * leaves the file sound. `action` must not be asynchronous.
   */
  async write<T>(action: (store: Store) => T): Promise<T> {
    if (this.pause) await this.pause;
    return this.writes.run(action);
  }

  /** Settled when every write so far is on the disk itself. */
  async flushed(): Promise<void> {
    if (this.pause) await this.pause;
    await this.onDisk?.flushed();
  }

  /** A view of the data as it is now, however long it is kept; `done` must be called. */
  snapshot(): { store: Store; done(): void } {
    const transaction = this.env.useReadTransaction();
    const wasEmpty = this.isEmpty();
    this.snapshots++;
    const done = () => {
      this.snapshots--;
      transaction.done();
    };
    return { store: this.storeOf({ transaction }, () => wasEmpty), done };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.pause) await this.pause;
    this.writes.commit();
    try {
      await this.onDisk?.flushed();
    } finally {
      this.onDisk?.letGo();
      await this.env.close();
      await this.onDisk?.close();
    }
  }

  /** What was read stays mapped until the file is closed; so it is closed for a moment when that has become much. */
  private noteReads(count: number): void {
    this.readsSinceCheck += count;
    if (this.readsSinceCheck < READS_BETWEEN_CHECKS || this.isTooMuchMapped || this.mappedElsewhere === null) return;
    this.readsSinceCheck = 0;
    this.isTooMuchMapped = (mappedBytes() ?? 0) - this.mappedElsewhere > MAPPED_BYTES;
    // Not now: somebody is reading.
    if (this.isTooMuchMapped) setImmediate(() => this.letGo());
  }

  private letGo(): void {
    this.isTooMuchMapped = false;
    if (this.pause || this.snapshots > 0 || this.isClosed) return;
    this.pause = this.reopen().finally(() => (this.pause = null));
  }

  private async reopen(): Promise<void> {
    this.writes.commit();
    try {
      await this.onDisk?.flushed();
    } catch {
      // A disk that fails is told to whoever waits for it; here it can be tried again later.
      return;
    }
    // A transaction may have begun meanwhile; its view would be lost.
    if (this.snapshots > 0) return;
    this.onDisk?.letGo();
    await this.env.close();
    this.mappedElsewhere = mappedBytes();
    this.env = this.open();
    this.onDisk?.hold();
  }

  // In chunks, so that no reader stays open while a client thinks: an open reader keeps every old page of the file.
  private *range(start: Buffer, end: Buffer, isReverse: boolean, view: View, isEmpty: () => boolean): Generator<Entry> {
    let limit = CHUNK_FIRST;
    let [from, to] = [start, end];
    while (Buffer.compare(from, to) < 0) {
      const { entries, isWhole } = readRange(this.env, view, { start: from, end: to, isReverse, limit }, isEmpty);
      this.noteReads(entries.length + 1);
      yield* entries;
      if (isWhole) return;
      const last = entries[entries.length - 1]!.key;
      if (isReverse) to = last;
      else from = afterKey(last);
      limit = Math.min(limit * 2, CHUNK_MOST);
    }
  }

  private isEmpty(): boolean {
    return (this.env.getStats() as { entryCount: number }).entryCount === 0;
  }

  private storeOf(view: View = {}, isEmpty = () => this.isEmpty()): Store {
    return {
      get: (key) => {
        this.noteReads(1);
        return this.env.get(key, view);
      },
      entries: (start, end, isReverse = false) => this.range(start, end, isReverse, view, isEmpty),
      put: (key, value) => this.env.putSync(key, value),
      remove: (key) => void this.env.removeSync(key),
      claim: () => undefined,
    };
  }
}
