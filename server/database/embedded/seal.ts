import { crc32 } from 'node:zlib';
import { DatabaseError } from './errors.ts';

/**
 * What is stored ends with a checksum of its key and itself, so that a disk which gives back other bytes than it was given
 * is found out. Documents of the first format have none, nor has an index before the fourth: the length tells.
 */

const SUM_BYTES = 4;
const ID_START_BYTES = 2;

function sumOf(key: Buffer, bytes: Buffer): number {
  return crc32(bytes, crc32(key));
}

/** A document as it is stored under its key. */
export function seal(key: Buffer, bytes: Buffer): Buffer {
  const sealed = Buffer.allocUnsafe(bytes.length + SUM_BYTES);
  bytes.copy(sealed);
  sealed.writeUInt32LE(sumOf(key, bytes), bytes.length);
  return sealed;
}

/** The document in what is stored under its key; null when it is not as it was written. */
export function openSealed(key: Buffer, stored: Buffer): Buffer | null {
  const size = stored.length < 5 ? -1 : stored.readInt32LE(0);
  if (size === stored.length) return stored;
  if (size !== stored.length - SUM_BYTES) return null;
  const bytes = stored.subarray(0, size);
  return stored.readUInt32LE(size) === sumOf(key, bytes) ? bytes : null;
}

/** What is stored under the key of an index entry: where in the key the document's id begins. */
export function sealEntry(key: Buffer, idStart: number): Buffer {
  const sealed = Buffer.allocUnsafe(ID_START_BYTES + SUM_BYTES);
  sealed.writeUInt16BE(idStart, 0);
  sealed.writeUInt32LE(sumOf(key, sealed.subarray(0, ID_START_BYTES)), ID_START_BYTES);
  return sealed;
}

/** Where in the key of an index entry the document's id begins. */
export function idStartOf(stored: Buffer): number {
  return stored.readUInt16BE(0);
}

/** Whether an index entry is as it was written. */
export function isSoundEntry(key: Buffer, stored: Buffer): boolean {
  if (stored.length === ID_START_BYTES) return true;
  if (stored.length !== ID_START_BYTES + SUM_BYTES) return false;
  return stored.readUInt32LE(ID_START_BYTES) === sumOf(key, stored.subarray(0, ID_START_BYTES));
}

/** As `openSealed`, and throws `DataCorruptionDetected` for a document that is not as it was written. */
export function unseal(key: Buffer, stored: Buffer): Buffer {
  const bytes = openSealed(key, stored);
  if (bytes === null) {
    throw new DatabaseError(
      'DataCorruptionDetected',
      'A stored document is damaged: it is not as it was written. Restore the data from a backup or an export.',
    );
  }
  return bytes;
}
