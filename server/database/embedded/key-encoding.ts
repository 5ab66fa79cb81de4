import { createHash } from 'node:crypto';
import { Decimal128, Long } from 'bson';
import type { ObjectId, Timestamp, Binary } from 'bson';
import { bytesOf, regexParts, toNumber, typeClassOf } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { compareRationals, decimalParts, exactRational } from './exact-numbers.ts';

/**
 * Values as bytes whose order is the order of the values, so that LMDB's order of keys is MongoDB's order of values.
 * Each field is self-delimiting: no field's bytes are the beginning of another's. A descending field is inverted.
 */

/** LMDB takes keys of at most 1,978 bytes; what is longer keeps its beginning and a hash. */
const MAX_FIELD_BYTES = 1024;
const HASH_BYTES = 16;

class Bytes {
  private buffer = Buffer.allocUnsafe(256);
  length = 0;

  private room(size: number): void {
    if (this.length + size <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + size));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
  byte(value: number): void {
    this.room(1);
    this.buffer[this.length++] = value;
  }
  uint16(value: number): void {
    this.room(2);
    this.length = this.buffer.writeUInt16BE(value, this.length);
  }
  uint32(value: number): void {
    this.room(4);
    this.length = this.buffer.writeUInt32BE(value >>> 0, this.length);
  }
  double(value: number): void {
    this.room(8);
    const at = this.length;
    this.length = this.buffer.writeDoubleBE(value, at);
    if (this.buffer[at]! & 0x80) this.invert(at);
    else this.buffer[at]! |= 0x80;
  }
  raw(value: Uint8Array): void {
    this.room(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }
  /** Zero bytes are escaped, so that the ending 00 01 sorts before every continuation. */
  terminated(value: Uint8Array): void {
    this.room(value.length * 2 + 2);
    for (const byte of value) {
      this.buffer[this.length++] = byte;
      if (byte === 0) this.buffer[this.length++] = 0xff;
    }
    this.buffer[this.length++] = 0;
    this.buffer[this.length++] = 1;
  }
  text(value: string): void {
    if (!value.includes('\0')) {
      const size = Buffer.byteLength(value);
      this.room(size + 2);
      this.length += this.buffer.write(value, this.length);
      this.buffer[this.length++] = 0;
      this.buffer[this.length++] = 1;
    } else {
      this.terminated(Buffer.from(value));
    }
  }
  invert(from: number): void {
    for (let i = from; i < this.length; i++) this.buffer[i] = ~this.buffer[i]! & 0xff;
  }
  shorten(from: number): void {
    const size = this.length - from;
    if (size <= MAX_FIELD_BYTES) return;
    const hash = createHash('sha256').update(this.buffer.subarray(from, this.length)).digest();
    this.length = from + MAX_FIELD_BYTES - HASH_BYTES;
    this.raw(hash.subarray(0, HASH_BYTES));
  }
  take(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.length));
  }
  reset(): void {
    this.length = 0;
  }
}

const END_OF_ITEMS = 0;
const EXACT = 0x8000;

function writeNumber(out: Bytes, value: Value): void {
  const nearest = toNumber(value);
  if (Number.isNaN(nearest)) {
    // Before every other number.
    out.raw(Buffer.alloc(8));
    out.uint16(0);
    return;
  }
  out.double(nearest === 0 ? 0 : nearest);
  if (typeof value === 'number' || !(value instanceof Long || value instanceof Decimal128)) {
    out.uint16(EXACT);
  } else if (value instanceof Long) {
    // A long differs from its nearest double by 512 at most.
    out.uint16(Number.isSafeInteger(nearest) ? EXACT : EXACT + Number(value.toBigInt() - BigInt(nearest)));
  } else {
    writeDecimalRest(out, value, nearest);
  }
}

/** Where a decimal lies beside its nearest double, and then its own digits, so that decimals stay distinct. */
function writeDecimalRest(out: Bytes, value: Decimal128, nearest: number): void {
  const isInfinite = value.toString().includes('Infinity');
  if (isInfinite || !Number.isFinite(nearest)) {
    out.uint16(isInfinite ? EXACT : nearest > 0 ? EXACT - 1 : EXACT + 1);
    if (!isInfinite) writeDigits(out, value);
    return;
  }
  const side = compareRationals(exactRational(value), exactRational(nearest));
  out.uint16(EXACT + side * 0x4000);
  if (side !== 0) writeDigits(out, value);
}

function writeDigits(out: Bytes, value: Decimal128): void {
  const { digits, exponent } = decimalParts(value);
  const from = out.length;
  const text = (digits < 0n ? -digits : digits).toString();
  out.uint16(exponent + text.length + 0x8000);
  out.raw(Buffer.from(text.padEnd(34, '0')));
  if (digits < 0n) out.invert(from);
}

function writeValue(out: Bytes, value: Value): void {
  const typeClass = typeClassOf(value);
  out.byte(typeClass * 8);
  switch (typeClass) {
    case 4:
      writeNumber(out, value);
      break;
    case 5:
      out.text(String(value));
      break;
    case 6:
      for (const [field, item] of Object.entries(value as Doc)) {
        out.byte(typeClassOf(item) * 8);
        out.text(field);
        writeValue(out, item);
      }
      out.byte(END_OF_ITEMS);
      break;
    case 7:
      for (const item of value as Value[]) writeValue(out, item);
      out.byte(END_OF_ITEMS);
      break;
    case 8: {
      const bytes = bytesOf(value);
      out.uint32(bytes.length);
      out.byte((value as Binary).sub_type ?? 0);
      out.raw(bytes);
      break;
    }
    case 9:
      out.raw((value as ObjectId).id);
      break;
    case 10:
      out.byte(value ? 1 : 0);
      break;
    case 11:
      out.double((value as Date).getTime());
      break;
    case 12:
      out.uint32((value as Timestamp).t);
      out.uint32((value as Timestamp).i);
      break;
    case 13:
      for (const part of regexParts(value)) out.text(part);
      break;
    case 15:
    case 16: {
      const code = value as { code: string; scope?: Doc | null };
      out.text(code.code);
      if (typeClass === 16) writeValue(out, code.scope ?? {});
      break;
    }
    default:
  }
}

const scratch = new Bytes();

/** One value as an index field's bytes; shortened with a hash when very long. */
export function encodeField(value: Value, isDescending = false): Buffer {
  scratch.reset();
  writeValue(scratch, value);
  scratch.shorten(0);
  if (isDescending) scratch.invert(0);
  return scratch.take();
}

/** The bytes that every value of this value's class begins with; the next class begins after them. */
export function classByte(value: Value): number {
  return typeClassOf(value) * 8;
}

/** True when keys of this value keep only its beginning, so that their order among themselves is not known. */
export function isShortened(field: Uint8Array): boolean {
  return field.length >= MAX_FIELD_BYTES;
}
