import { Long } from 'bson';
import { encodeDoc } from './bson-codec.ts';
import type { Batch } from './cursors.ts';
import { BSON } from './raw-doc.ts';

const CURSOR = `${String.fromCharCode(BSON.object)}cursor\0`;
const OK = `${String.fromCharCode(BSON.int)}ok\0\x01\0\0\0\0`;

/** A cursor's reply; its rows go out as they are stored, copied once into their place. */
export function cursorReply(batchName: 'firstBatch' | 'nextBatch', { rows, cursorId, namespace }: Batch): Buffer {
  const batch = `${String.fromCharCode(BSON.array)}${batchName}\0`;
  const rest = encodeDoc({ id: cursorId.isZero() ? Long.ZERO : cursorId, ns: namespace }).subarray(4);
  let batchSize = 5;
  for (let i = 0; i < rows.length; i++) batchSize += 2 + String(i).length + rows[i]!.length;
  const cursorSize = 4 + batch.length + batchSize + rest.length;
  const size = 4 + CURSOR.length + cursorSize + OK.length;

  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  const write = (text: string) => void (at += bytes.write(text, at, 'latin1'));
  const writeSize = (value: number) => void (at = bytes.writeInt32LE(value, at));
  writeSize(size);
  write(CURSOR);
  writeSize(cursorSize);
  write(batch);
  writeSize(batchSize);
  for (let i = 0; i < rows.length; i++) {
    bytes[at++] = BSON.object;
    write(`${i}\0`);
    bytes.set(rows[i]!, at);
    at += rows[i]!.length;
  }
  bytes[at++] = 0;
  bytes.set(rest, at);
  at += rest.length;
  write(OK);
  return bytes;
}
