import { DatabaseError } from './errors.ts';
import type { Entry } from './store.ts';

/** What a read of a range needs of lmdb; `view` names the state of the data that is read. */
export interface Ranges<View> {
  getRange(options: View & RangeOptions): Iterable<Entry>;
  getKeys(options: View & RangeOptions): Iterable<Buffer>;
}

interface RangeOptions {
  readonly start?: Buffer | undefined;
  readonly end?: Buffer | undefined;
  readonly reverse?: boolean;
  readonly exclusiveStart?: boolean;
  readonly limit?: number;
}

export interface RangeRead {
  /** The least key of the range, and the least beyond it. */
  readonly start: Buffer;
  readonly end: Buffer;
  readonly isReverse: boolean;
  readonly limit: number;
}

function unread(): DatabaseError {
  return new DatabaseError('InternalError', 'The data could not be read to its end; nothing of it is answered.');
}

/**
 * The first `limit` entries of a range, and whether they are all of it.
 *
 * At an error of the system, lmdb's iterator ends as if there were no more entries, and a search backwards begins at the
 * end of the file. So no end is believed that does not show itself: by an entry beyond the range, or, at an end of the
 * file, by the file's own first or last key.
 */
export function readRange<View extends object>(
  ranges: Ranges<View>,
  view: View,
  { start, end, isReverse, limit }: RangeRead,
  isEmpty: () => boolean,
): { entries: Entry[]; isWhole: boolean } {
  const entries: Entry[] = [];
  const options = isReverse ? { start: end, end: undefined, reverse: true, exclusiveStart: true } : { start };
  for (const entry of ranges.getRange({ ...view, ...options })) {
    if (isReverse) {
      if (Buffer.compare(entry.key, end) >= 0) throw unread();
      if (Buffer.compare(entry.key, start) < 0) return { entries, isWhole: true };
    } else if (Buffer.compare(entry.key, end) >= 0) return { entries, isWhole: true };
    entries.push(entry);
    if (entries.length === limit) return { entries, isWhole: false };
  }
  // Named although they are open: by itself lmdb leaves the least keys out.
  const outermost = isReverse ? { start: undefined } : { reverse: true, end: undefined };
  const [last] = ranges.getKeys({ ...view, ...outermost, limit: 1 });
  const isAtEnd = last ? isEndOfFile(last, entries.at(-1)?.key, { start, end, isReverse }) : isEmpty();
  if (!isAtEnd) throw unread();
  return { entries, isWhole: true };
}

/** Whether the outermost key of the file leaves nothing between it and what was read. */
function isEndOfFile(
  outermost: Buffer,
  read: Buffer | undefined,
  { start, end, isReverse }: Omit<RangeRead, 'limit'>,
): boolean {
  if (read) return outermost.equals(read);
  return isReverse ? Buffer.compare(outermost, end) >= 0 : Buffer.compare(outermost, start) < 0;
}
