import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  deserialize,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson';
import { isInt32 } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { DatabaseError } from './errors.ts';

/**
 * Reads documents so that every type survives being written back: bson's own reader gives a plain number for a double
 * of a whole value, which would come back as an int.
 */
class Reader {
  private readonly bytes: Buffer;
  private readonly view: DataView;
  private at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  document(): Doc {
    const end = this.enter();
    const doc: Doc = {};
    for (let type = this.bytes[this.at++]!; type !== 0; type = this.bytes[this.at++]!) {
      const name = this.name();
      const value = this.value(type, name);
      if (name === '__proto__') {
        Object.defineProperty(doc, name, { value, writable: true, enumerable: true, configurable: true });
      } else {
        doc[name] = value;
      }
    }
    this.leave(end);
    return doc;
  }

  private array(): Value[] {
    const end = this.enter();
    const items: Value[] = [];
    for (let type = this.bytes[this.at++]!; type !== 0; type = this.bytes[this.at++]!) {
      while (this.bytes[this.at++] !== 0);
      items.push(this.value(type, ''));
    }
    this.leave(end);
    return items;
  }

  private enter(): number {
    const size = this.int32();
    const end = this.at - 4 + size;
    if (size < 5 || end > this.bytes.length) throw new DatabaseError('FailedToParse', 'A document is cut short.');
    return end;
  }

  private leave(end: number): void {
    if (this.at !== end) throw new DatabaseError('FailedToParse', 'A document does not end where it says.');
  }

  private int32(): number {
    const value = this.view.getInt32(this.at, true);
    this.at += 4;
    return value;
  }

  private name(): string {
    const start = this.at;
    const { bytes } = this;
    let text = '';
    for (let i = start; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === 0) {
        this.at = i + 1;
        return text;
      }
      if (byte > 127 || i - start > 40) break;
      text += String.fromCharCode(byte);
    }
    const end = bytes.indexOf(0, start);
    if (end < 0) throw new DatabaseError('FailedToParse', 'A field name is cut short.');
    this.at = end + 1;
    return bytes.toString('utf8', start, end);
  }

  private text(): string {
    const size = this.int32();
    const start = this.at;
    this.at += size;
    return this.bytes.toString('utf8', start, start + size - 1);
  }

  private take(size: number): Buffer {
    const start = this.at;
    this.at += size;
    return Buffer.from(this.bytes.subarray(start, start + size));
  }

  private long(): Long {
    const low = this.int32();
    return new Long(low, this.int32());
  }

  private double(): number | Double {
    const value = this.view.getFloat64(this.at, true);
    this.at += 8;
    return isInt32(value) ? new Double(value) : value;
  }

  private binary(): Binary {
    const size = this.int32();
    const subType = this.bytes[this.at++]!;
    // The old subtype 2 repeats its length inside.
    if (subType !== Binary.SUBTYPE_BYTE_ARRAY) return new Binary(this.take(size), subType);
    return new Binary(this.take(this.int32()), subType);
  }

  private value(type: number, name: string): Value {
    switch (type) {
      case 0x01:
        return this.double();
      case 0x02:
        return this.text();
      case 0x03:
        return this.document();
      case 0x04:
        return this.array();
      case 0x05:
        return this.binary();
      case 0x06:
      case 0x0a:
        return null;
      case 0x07:
        return new ObjectId(this.take(12));
      case 0x08:
        return this.bytes[this.at++] === 1;
      case 0x09: {
        const time = this.view.getBigInt64(this.at, true);
        this.at += 8;
        return new Date(Number(time));
      }
      case 0x0b: {
        const source = this.name();
        return new BSONRegExp(source, this.name());
      }
      case 0x0d:
        return new Code(this.text());
      case 0x0e:
        return new BSONSymbol(this.text());
      case 0x0f: {
        this.int32();
        const code = this.text();
        return new Code(code, this.document());
      }
      case 0x10:
        return this.int32();
      case 0x11: {
        const low = this.int32();
        return new Timestamp({ t: this.int32() >>> 0, i: low >>> 0 });
      }
      case 0x12:
        return this.long();
      case 0x13:
        return new Decimal128(this.take(16));
      case 0xff:
        return new MinKey();
      case 0x7f:
        return new MaxKey();
      default:
        throw new DatabaseError('FailedToParse', `The field '${name}' is of the unknown BSON type ${type}.`);
    }
  }
}

/** Reads the document that begins at `at`; every type survives `encodeDoc`. */
export function decodeDoc(bytes: Uint8Array, at = 0): Doc {
  return new Reader(
    Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    at,
  ).document();
}

export function encodeDoc(doc: Doc): Buffer {
  const bytes = serialize(doc, { ignoreUndefined: true });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads a document as plain values, as a driver shows them to a program; for commands' own options. */
export function decodePlain(bytes: Uint8Array): Doc {
  return deserialize(bytes);
}
