/** Ordered keys and values: the file itself, or a transaction's view of it. */
export interface Store {
  get(key: Buffer): Buffer | undefined;
  /** Entries from `start` (included) to `end` (not included); the other way round when `isReverse`. */
  entries(start: Buffer, end: Buffer, isReverse?: boolean): Iterable<Entry>;
  put(key: Buffer, value: Buffer): void;
  remove(key: Buffer): void;
  /** Throws when a document may not be written now; asked before the first write of a step that must not stop halfway. */
  claim(key: Buffer): void;
}

export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** The least key that does not begin with `prefix`. */
export function afterPrefix(prefix: Buffer): Buffer {
  let end = prefix.length;
  while (end > 0 && prefix[end - 1] === 0xff) end--;
  const after = Buffer.from(prefix.subarray(0, end));
  if (end > 0) after[end - 1]!++;
  return after;
}

/** The least key that is greater than `key`. */
export function afterKey(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}
