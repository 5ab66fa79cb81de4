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
import { FieldCursor, nameAt } from './raw-doc.ts';

/**
 * Reads documents so that every type survives being written back: bson's own reader gives a plain number for a double
 * of a whole value, which would come back as an int.
 */
class Reader {
  private readonly bytes: Buffer;
  private at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
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
    const value = this.bytes.readInt32LE(this.at);
    this.at += 4;
    return value;
  }

  private name(): string {
    const start = this.at;
    const { bytes } = this;
    let end = start;
    while (bytes[end] !== 0) {
      if (++end >= bytes.length) throw new DatabaseError('FailedToParse', 'A field name is cut short.');
    }
    this.at = end + 1;
    return nameAt(bytes, start, end);
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
    const value = this.bytes.readDoubleLE(this.at);
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

  value(type: number, name: string): Value {
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
        const low = this.int32() >>> 0;
        return new Date(this.int32() * 2 ** 32 + low);
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

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads the document that begins at `at`; every type survives `encodeDoc`. */
export function decodeDoc(bytes: Uint8Array, at = 0): Doc {
  return new Reader(asBuffer(bytes), at).document();
}

/** Reads one value, whose type and place are known. */
export function decodeValue(bytes: Buffer, type: number, at: number): Value {
  return new Reader(bytes, at).value(type, '');
}

/** Reads only some of a document's own fields, or all of them when `names` is null. */
export function decodeFields(bytes: Buffer, names: ReadonlySet<string> | null): Doc {
  if (names === null) return decodeDoc(bytes);
  const doc: Doc = {};
  let left = names.size;
  if (left === 0) return doc;
  const cursor = new FieldCursor(bytes);
  while (left > 0 && cursor.next()) {
    const { name } = cursor;
    if (!names.has(name) || name === '__proto__') continue;
    doc[name] = decodeValue(bytes, cursor.type, cursor.valueStart);
    left--;
  }
  return doc;
}

export function encodeDoc(doc: Doc): Buffer {
  const bytes = serialize(doc, { ignoreUndefined: true });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** One field as it stands in a document's bytes: type, name and value. */
export function encodeElement(name: string, value: Value): Buffer {
  const bytes = encodeDoc({ [name]: value });
  return bytes.subarray(4, bytes.length - 1);
}

/** Reads a document as plain values, as a driver shows them to a program; for commands' own options. */
export function decodePlain(bytes: Uint8Array): Doc {
  return deserialize(bytes);
}
