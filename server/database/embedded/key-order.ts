/** How a key that lies from `start` to `end` in a page stands to the first `length` bytes of another: below 0, 0 or above. */
type Compare = (page: Buffer, start: number, end: number, other: Buffer, length: number) => number;

/** Keys of bytes, as those of all data are. */
export const byBytes: Compare = (page, start, end, other, length) => page.compare(other, 0, length, start, end);

/** Keys that are numbers of transactions, as those of LMDB's free pages are. */
export const byNumber: Compare = (page, start, end, other, length) => {
  if (end - start !== 8) return -1;
  if (length === 0) return 1;
  const [own, others] = [page.readBigUInt64LE(start), other.readBigUInt64LE(0)];
  return own < others ? -1 : own > others ? 1 : 0;
};

class KeptKey {
  length = 0;
  readonly bytes: Buffer;

  constructor(longest: number) {
    this.bytes = Buffer.alloc(longest);
  }

  set(page: Buffer, start: number, end: number): void {
    this.length = page.copy(this.bytes, 0, start, end);
  }
}

/**
 * Whether the keys of a tree, told from its first page to its last, are where a search would look for them: each after
 * the one before it, and each branch's key after all that stands on its left and not after anything on its right.
 */
export class KeyOrder {
  private readonly last: KeptKey;
  private readonly branch: KeptKey;
  private hasBranch = false;
  private readonly compare: Compare;

  constructor(compare: Compare, longest: number) {
    this.compare = compare;
    this.last = new KeptKey(longest);
    this.branch = new KeptKey(longest);
  }

  /** Takes the key that a branch has for its next child. */
  takesBranch(page: Buffer, start: number, end: number): boolean {
    if (this.compare(page, start, end, this.last.bytes, this.last.length) <= 0) return false;
    this.branch.set(page, start, end);
    this.hasBranch = true;
    return true;
  }

  /** Takes the key of the next entry. */
  takesEntry(page: Buffer, start: number, end: number): boolean {
    if (this.compare(page, start, end, this.last.bytes, this.last.length) <= 0) return false;
    if (this.hasBranch && this.compare(page, start, end, this.branch.bytes, this.branch.length) < 0) return false;
    this.hasBranch = false;
    this.last.set(page, start, end);
    return true;
  }
}
