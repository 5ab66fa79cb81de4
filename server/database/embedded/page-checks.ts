import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { FIRST_COLLECTION_ID } from './catalog.ts';
import { byBytes, byNumber, KeyOrder } from './key-order.ts';
import { isMeta, META, stateThatCounts, transactionOf } from './meta-pages.ts';
import { isSoundEntry, openSealed } from './seal.ts';

/**
 * Reads an LMDB file page by page, as LMDB would, and looks whether all of it hangs together: LMDB follows what its
 * pages say without asking, out of the file or round in circles when a page is damaged. Layouts are those of LMDB's data
 * version 2, in the byte order of the machine, which is little-endian wherever LMDB's package runs.
 */

const PAGE_HEADER = 24;
const NODE_HEADER = 8;
const NO_PAGE = 0xffffffffffffffffn;
const PAGE = { number: 0, flags: 18, lower: 20, upper: 22 } as const;
/** The kinds of pages, and what no page of ours may say of itself: that it is being written, or holds entries without a header. */
const PAGE_KINDS = 0x7f;
const IS_BRANCH = 0x01;
const IS_LEAF = 0x02;
const IS_OVERFLOW = 0x04;
const NODE_IS_BIG = 0x01;
/** A tree of its own, or several values to one key: LMDB can have them, our data has not. */
const NODE_IS_MORE = 0x06;
const TREE = { entries: 32, root: 40 } as const;

class Damage extends Error {}

interface Tree {
  readonly root: bigint;
  readonly entries: bigint;
}

class PageFile {
  private readonly file: number;
  private readonly size: number;
  pageSize = 0;

  constructor(path: string) {
    this.file = openSync(path, 'r');
    this.size = fstatSync(this.file).size;
  }

  read(at: number, length: number, into: Buffer = Buffer.allocUnsafe(length)): Buffer {
    if (at + length > this.size || readSync(this.file, into, 0, length, at) !== length)
      throw new Damage('it is cut short');
    return into;
  }

  page(number: number, into?: Buffer): Buffer {
    const page = this.read(number * this.pageSize, this.pageSize, into);
    if (Number(page.readBigUInt64LE(PAGE.number)) !== number) throw damagedPage(number);
    return page;
  }

  close(): void {
    closeSync(this.file);
  }
}

function damagedPage(number: number): Damage {
  return new Damage(`its page ${number} does not hold what it should`);
}

/** The states of the data that the file has kept, the newest first, and which of them is known to be on the disk. */
function statesOf(file: PageFile): { metas: readonly Buffer[]; flushed: Buffer | null } {
  const notOurs = new Damage('it does not begin as a data file does');
  let first: Buffer;
  try {
    first = file.read(0, META.bytes);
  } catch {
    throw notOurs;
  }
  if (!isMeta(first)) throw notOurs;
  file.pageSize = first.readUInt32LE(META.pageSize);
  if (![4096, 8192, 16_384, 32_768, 65_536].includes(file.pageSize)) throw notOurs;
  const third = file.read(file.pageSize / 2, META.bytes);
  const flushed = isMeta(third) ? third : null;
  const second = file.read(file.pageSize, META.bytes);
  if (!isMeta(second)) throw notOurs;
  const metas = [first, second, ...(flushed ? [flushed] : [])];
  return { metas: metas.sort((a, b) => Number(transactionOf(b) - transactionOf(a))), flushed };
}

/** Is told of every entry, and says what is wrong with it. */
type OnEntry = (page: Buffer, keyStart: number, keyEnd: number, value: () => Buffer) => string | null;

/** Goes through one tree in the order of its keys. */
function checkTree(file: PageFile, { root, entries }: Tree, keys: KeyOrder, onEntry: OnEntry): void {
  let seen = 0n;
  const visit = (number: number, depth: number): void => {
    if (depth > 64) throw damagedPage(number);
    const page = file.page(number, buffers[depth] ?? (buffers[depth] = Buffer.allocUnsafe(file.pageSize)));
    const kind = page.readUInt16LE(PAGE.flags) & PAGE_KINDS;
    const [lower, upper] = [page.readUInt16LE(PAGE.lower), page.readUInt16LE(PAGE.upper)];
    const room = file.pageSize - PAGE_HEADER;
    if ((kind !== IS_BRANCH && kind !== IS_LEAF) || lower % 2 !== 0 || lower === 0 || lower > upper || upper > room)
      throw damagedPage(number);
    for (let i = 0; i < lower; i += 2) {
      const at = page.readUInt16LE(PAGE_HEADER + i);
      if (at < upper || at + NODE_HEADER > room) throw damagedPage(number);
      const node = PAGE_HEADER + at;
      const [low, flags] = [page.readUInt32LE(node), page.readUInt16LE(node + 4)];
      const keyEnd = node + NODE_HEADER + page.readUInt16LE(node + 6);
      if (keyEnd > file.pageSize) throw damagedPage(number);
      // A search never looks at the first key of a branch.
      const isInOrder =
        kind === IS_LEAF
          ? keys.takesEntry(page, node + NODE_HEADER, keyEnd)
          : i === 0 || keys.takesBranch(page, node + NODE_HEADER, keyEnd);
      if (!isInOrder) throw new Damage(`its keys are not in order (page ${number})`);
      if (kind === IS_BRANCH) {
        visit(low + flags * 2 ** 32, depth + 1);
        continue;
      }
      const isBig = (flags & NODE_IS_BIG) !== 0;
      if ((flags & NODE_IS_MORE) !== 0 || keyEnd + (isBig ? PAGE_HEADER : low) > file.pageSize)
        throw damagedPage(number);
      const value = () =>
        isBig ? bigValue(file, Number(page.readBigUInt64LE(keyEnd)), low) : page.subarray(keyEnd, keyEnd + low);
      const why = onEntry(page, node + NODE_HEADER, keyEnd, value);
      if (why !== null) throw new Damage(`${why} (page ${number})`);
      seen++;
    }
  };
  const buffers: Buffer[] = [];
  if (root !== NO_PAGE) visit(Number(root), 0);
  if (seen !== entries) throw new Damage(`it holds ${seen} of its ${entries} entries`);
}

function bigValue(file: PageFile, number: number, size: number): Buffer {
  const header = file.read(number * file.pageSize, PAGE_HEADER);
  const isOverflow = (header.readUInt16LE(PAGE.flags) & PAGE_KINDS) === IS_OVERFLOW;
  if (!isOverflow || Number(header.readBigUInt64LE(PAGE.number)) !== number) throw damagedPage(number);
  return file.read(number * file.pageSize + PAGE_HEADER, size);
}

function checkState(file: PageFile, meta: Buffer): void {
  const tree = (at: number): Tree => ({
    root: meta.readBigUInt64LE(at + TREE.root),
    entries: meta.readBigUInt64LE(at + TREE.entries),
  });
  checkTree(file, tree(META.free), new KeyOrder(byNumber, file.pageSize), () => null);
  checkTree(file, tree(META.main), new KeyOrder(byBytes, file.pageSize), (page, start, end, value) => {
    const key = page.subarray(start, end);
    const isEntry = page.readUInt32BE(start) >= FIRST_COLLECTION_ID && page.readUInt16BE(start + 4) !== 0;
    if (isEntry) return isSoundEntry(key, value()) ? null : 'an index entry is not as it was written';
    return openSealed(key, value()) !== null ? null : 'a document is not as it was written';
  });
}

/**
 * Reads the whole file at `path`. Returns the state of it that counts, and whether LMDB would take another; or what is
 * wrong with it.
 */
export function findState(
  path: string,
  format: number,
): { readonly state: Buffer; readonly isNewest: boolean } | { readonly damage: string } {
  const file = new PageFile(path);
  try {
    const { metas, flushed } = statesOf(file);
    const state = stateThatCounts(metas, flushed, format);
    checkState(file, state);
    return { state, isNewest: transactionOf(state) === transactionOf(metas[0]!) };
  } catch (error) {
    if (error instanceof Damage) return { damage: error.message };
    if (error instanceof RangeError) return { damage: 'its pages do not hold what they should' };
    throw error;
  } finally {
    file.close();
  }
}
