import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { RootDatabase } from 'lmdb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BYTES } from '../../../../server/database/embedded/lmdb-bytes.ts';
import { readRange } from '../../../../server/database/embedded/range-read.ts';
import type { Ranges } from '../../../../server/database/embedded/range-read.ts';

const KEYS = [2, 3, 4, 5, 6];
const DIRECTIONS = [
  ['forwards', false],
  ['backwards', true],
] as const;

let folder: string;
let full: RootDatabase<Buffer, Buffer>;
let empty: RootDatabase<Buffer, Buffer>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'waymark-range-read-'));
  const openHere = (name: string) =>
    open<Buffer, Buffer>({ path: join(folder, name), noSubdir: true, ...BYTES, cache: false });
  full = openHere('full.mdb');
  empty = openHere('empty.mdb');
  full.transactionSync(() => {
    for (const key of KEYS) full.putSync(Buffer.of(key), Buffer.of(key));
  });
});
afterAll(async () => {
  await full?.close();
  await empty?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** lmdb, whose iterator ends after so many entries, which is all that it says of an error of the system. */
function failingAfter(count: number): Ranges<object> {
  return {
    *getRange(options) {
      let left = count;
      for (const entry of full.getRange(options)) {
        if (left-- <= 0) return;
        yield entry;
      }
    },
    getKeys: (options) => full.getKeys(options),
  };
}

function read(ranges: Ranges<object>, start: number, end: number, isReverse: boolean, limit = 100) {
  const range = { start: Buffer.of(start), end: Buffer.of(end), isReverse, limit };
  const { entries, isWhole } = readRange(ranges, {}, range, () => ranges === empty);
  return { keys: entries.map(({ key }) => key[0]!), isWhole };
}

describe.each(DIRECTIONS)('a read %s', (_name, isReverse) => {
  const inOrder = (keys: readonly number[]) => (isReverse ? [...keys].reverse() : keys);

  test.each([
    [0, 9],
    [0, 2],
    [2, 3],
    [3, 6],
    [6, 7],
    [7, 9],
    [5, 9],
  ])('from %i up to %i gives every entry', (start, end) => {
    const keys = KEYS.filter((key) => key >= start && key < end);
    expect(read(full, start, end, isReverse)).toEqual({ keys: inOrder(keys), isWhole: true });
  });

  test('gives no more than its limit, and says that there may be more', () => {
    expect(read(full, 2, 6, isReverse, 3)).toEqual({ keys: inOrder([2, 3, 4, 5]).slice(0, 3), isWhole: false });
  });

  test('of an empty file gives nothing', () => {
    expect(read(empty, 0, 9, isReverse)).toEqual({ keys: [], isWhole: true });
  });

  test.each([0, 1, 2, 3, 4])('that ends early, after %i entries, is an error and no short answer', (count) => {
    expect(() => read(failingAfter(count), 0, 9, isReverse)).toThrow('could not be read');
  });

  test('that ends early within the file is an error', () => {
    expect(() => read(failingAfter(1), 3, 5, isReverse)).toThrow('could not be read');
  });
});

test('a read backwards that finds itself beyond its range is an error', () => {
  // What lmdb does when the search for the beginning fails: it goes to the last key of the file.
  const lost: Ranges<object> = {
    getRange: () => full.getRange({ reverse: true, end: undefined }),
    getKeys: (options) => full.getKeys(options),
  };
  expect(() => read(lost, 3, 5, true)).toThrow('could not be read');
});
