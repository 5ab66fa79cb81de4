import { close, fdatasync, fdatasyncSync, openSync, readSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { RootDatabase } from 'lmdb';
import { META, newestMeta } from './meta-pages.ts';

type View = ReturnType<RootDatabase['useReadTransaction']>;

/** Brings everything that was written to an open file to the disk itself. */
export type Sync = (file: number) => Promise<void>;

/** So long commits are gathered, so that a busy time costs the disk some waits and not one for each. */
const GATHERED_MS = 10;
const syncFile: Sync = promisify(fdatasync);

/**
 * Keeps one state of the data on the disk that a power cut can't take: the pages of the last state that was flushed are
 * held by a reader, so that LMDB does not use them again, and its meta page stands between the two that LMDB writes. Only
 * when a newer state is on the disk, and then its meta page, the older one is let go.
 */
export class FlushedState {
  private readonly env: () => RootDatabase<Buffer, Buffer>;
  private readonly file: number;
  private readonly pageSize: number;
  private readonly sync: Sync;
  private held: View | null = null;
  private isDue = false;
  private flushing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(path: string, env: () => RootDatabase<Buffer, Buffer>, sync: Sync = syncFile) {
    this.env = env;
    this.sync = sync;
    this.file = openSync(path, 'r+');
    const first = Buffer.alloc(META.bytes);
    readSync(this.file, first, 0, META.bytes, 0);
    this.pageSize = first.readUInt32LE(META.pageSize);
    // Before anything is written: what an earlier process left may not be on the disk, and an older state is not held.
    fdatasyncSync(this.file);
    writeSync(this.file, newestMeta(this.file, this.pageSize), 0, META.bytes, this.pageSize / 2);
    fdatasyncSync(this.file);
    this.hold();
  }

  /** Something was committed. */
  note(): void {
    this.isDue = true;
    if (this.flushing === null) this.timer ??= setTimeout(() => void this.begin().catch(() => undefined), GATHERED_MS);
  }

  /** Settled when everything that was committed so far is on the disk. */
  async flushed(): Promise<void> {
    if (this.flushing) await this.flushing;
    while (this.isDue) await (this.flushing ?? this.begin());
  }

  /** Takes hold of the state as it is, which must be on the disk. */
  hold(): void {
    this.held = this.env().useReadTransaction();
  }

  letGo(): void {
    this.held?.done();
    this.held = null;
  }

  async close(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    await promisify(close)(this.file);
  }

  private begin(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.flushing = this.flush().finally(() => {
      this.flushing = null;
      if (this.isDue) this.note();
    });
    return this.flushing;
  }

  private async flush(): Promise<void> {
    const next = this.env().useReadTransaction();
    this.isDue = false;
    // Nothing can be committed between these two: commits are done on this thread.
    const meta = newestMeta(this.file, this.pageSize);
    try {
      await this.sync(this.file);
      await promisify(write)(this.file, meta, 0, META.bytes, this.pageSize / 2);
      await this.sync(this.file);
    } catch (error) {
      next.done();
      this.isDue = true;
      throw error;
    }
    this.letGo();
    this.held = next;
  }
}
