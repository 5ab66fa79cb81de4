/**
 * How lmdb gives keys and values: copied out of its own buffer into the pool that Node's buffers share. By itself it makes
 * memory of its own for each, which takes half as long again to read, and several times as much of it until it is collected.
 */

function copyOf(bytes: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start);
  // Not `copy`, which is misled by the length that lmdb gives its buffer.
  copy.set(bytes.subarray(start, end));
  return copy;
}

export const BYTES = {
  encoding: 'binary',
  encoder: {
    encode: (value: Buffer) => value,
    decode: (bytes: Buffer) => copyOf(bytes, 0, bytes.length),
  },
  keyEncoder: {
    writeKey(key: Buffer, target: Buffer, start: number): number {
      target.set(key, start);
      return start + key.length;
    },
    readKey: copyOf,
  },
} as const;
