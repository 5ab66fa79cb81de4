import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

/** The pages at the beginning of an LMDB file that say where its data is: two in turn, and one that is on the disk. */

const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
/** Where a meta page says things, counted from its beginning; a tree's description is 48 bytes long. */
export const META = {
  magic: 24,
  version: 28,
  pageSize: 48,
  flags: 52,
  free: 48,
  main: 96,
  transaction: 152,
  boot: 160,
  bytes: 168,
} as const;
const NOT_YET_FLUSHED = 0x1000;
/** From this format on, what is on the disk is said by the third meta page alone. */
const THIRD_PAGE_TELLS = 3;

export function isMeta(bytes: Buffer): boolean {
  return bytes.readUInt32LE(META.magic) === MAGIC && (bytes.readUInt32LE(META.version) & 0xffff) === DATA_VERSION;
}

export function transactionOf(meta: Buffer): bigint {
  return meta.readBigUInt64LE(META.transaction);
}

/** The later of the two meta pages that LMDB writes in turn. */
export function newestMeta(file: number, pageSize: number): Buffer {
  const [first, second] = [0, pageSize].map((at) => {
    const meta = Buffer.allocUnsafe(META.bytes);
    readSync(file, meta, 0, META.bytes, at);
    return meta;
  }) as [Buffer, Buffer];
  return transactionOf(first) > transactionOf(second) ? first : second;
}

let boot: bigint | null | undefined;

/** What the system calls its present run, as LMDB notes it in every meta page; null where it does not tell. */
export function bootId(): bigint | null {
  if (boot === undefined) {
    try {
      const text =
        process.platform === 'darwin'
          ? execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'latin1' })
          : readFileSync('/proc/sys/kernel/random/boot_id', 'latin1');
      boot = BigInt(`0x${text.slice(0, text.indexOf('-'))}`);
    } catch {
      boot = null;
    }
  }
  return boot;
}

/**
 * The state that counts, of all that a file has kept, the newest first. What this run of the system was given is there;
 * of what an earlier run was given, only what is known to have reached the disk.
 */
export function stateThatCounts(metas: readonly Buffer[], flushed: Buffer | null, format: number): Buffer {
  const newest = metas[0]!;
  const now = bootId();
  const isOfThisRun = (meta: Buffer) => now !== null && meta.readBigInt64LE(META.boot) === now;
  if (format >= THIRD_PAGE_TELLS) return now === null || isOfThisRun(newest) ? newest : (flushed ?? newest);
  const isSure = (meta: Buffer) => (meta.readUInt16LE(META.flags) & NOT_YET_FLUSHED) === 0 || isOfThisRun(meta);
  return metas.find(isSure) ?? newest;
}

/** Makes a state the one that LMDB will find, by writing it over both of the pages that LMDB looks at. */
export function returnTo(path: string, state: Buffer): void {
  const pageSize = state.readUInt32LE(META.pageSize);
  const file = openSync(path, 'r+');
  try {
    for (const transaction of [transactionOf(state), transactionOf(state) - 1n]) {
      const meta = Buffer.from(state);
      meta.writeBigUInt64LE(transaction, META.transaction);
      writeSync(file, meta, META.magic, META.bytes - META.magic, Number(transaction & 1n) * pageSize + META.magic);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
