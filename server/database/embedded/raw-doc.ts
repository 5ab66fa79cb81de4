import { DatabaseError } from './errors.ts';

/**
 * Documents as bytes, walked field by field without making objects of them: most fields of most documents are only
 * copied from one place to another.
 */

const MAX_KNOWN_NAME = 40;
const KNOWN_NAMES = 4096;
const knownNames: (string | undefined)[] = Array.from({ length: KNOWN_NAMES });

function isText(bytes: Buffer, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The text of a field name; the same few names come again and again, so that one string each is kept. */
export function nameAt(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > MAX_KNOWN_NAME) return bytes.toString('utf8', start, end);
  let hash = length;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte > 127) return bytes.toString('utf8', start, end);
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  const slot = (hash ^ (hash >>> 12)) & (KNOWN_NAMES - 1);
  const known = knownNames[slot];
  if (known?.length === length && isText(bytes, start, known)) return known;
  return (knownNames[slot] = bytes.toString('latin1', start, end));
}

export const BSON = {
  double: 0x01,
  string: 0x02,
  object: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  bool: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  int: 0x10,
  long: 0x12,
} as const;

function endOfText(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(0, at);
  if (end < 0) throw new DatabaseError('FailedToParse', 'A text is cut short.');
  return end + 1;
}

/** Where the value of a type that begins at `at` ends. */
function valueEnd(bytes: Buffer, type: number, at: number): number {
  switch (type) {
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
      return at + 8;
    case 0x02:
    case 0x0d:
    case 0x0e:
      return at + 4 + bytes.readInt32LE(at);
    case 0x03:
    case 0x04:
    case 0x0f:
      return at + bytes.readInt32LE(at);
    case 0x05:
      return at + 5 + bytes.readInt32LE(at);
    case 0x06:
    case 0x0a:
    case 0x7f:
    case 0xff:
      return at;
    case 0x07:
      return at + 12;
    case 0x08:
      return at + 1;
    case 0x0b:
      return endOfText(bytes, endOfText(bytes, at));
    case 0x0c:
      return at + 16 + bytes.readInt32LE(at);
    case 0x10:
      return at + 4;
    case 0x13:
      return at + 16;
    default:
      throw new DatabaseError('FailedToParse', `A field is of the unknown BSON type ${type}.`);
  }
}

/** Walks the fields of the document that begins at `at`. */
export class FieldCursor {
  private readonly bytes: Buffer;
  private readonly documentEnd: number;
  private nameStart = 0;
  type = 0;
  /** Where the whole field begins: its type, its name, its value. */
  start: number;
  valueStart = 0;
  /** Where the field ends and the next begins. */
  end: number;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.documentEnd = bytes.length - at < 5 ? -1 : at + bytes.readInt32LE(at);
    if (this.documentEnd < at + 5 || this.documentEnd > bytes.length)
      throw new DatabaseError('FailedToParse', 'A document is cut short.');
    this.start = this.end = at + 4;
  }

  /** Steps to the next field; false when there is none. */
  next(): boolean {
    const { bytes } = this;
    const start = this.end;
    this.start = start;
    this.type = bytes[start]!;
    if (this.type === 0) {
      if (start + 1 !== this.documentEnd)
        throw new DatabaseError('FailedToParse', 'A document does not end where it says.');
      return false;
    }
    let at = start + 1;
    this.nameStart = at;
    while (bytes[at] !== 0) {
      if (++at >= this.documentEnd) throw new DatabaseError('FailedToParse', 'A field name is cut short.');
    }
    this.valueStart = at + 1;
    this.end = valueEnd(bytes, this.type, at + 1);
    if (this.end < this.valueStart || this.end >= this.documentEnd)
      throw new DatabaseError('FailedToParse', 'A document is cut short.');
    return true;
  }

  get name(): string {
    return nameAt(this.bytes, this.nameStart, this.valueStart - 1);
  }
}

/** Builds a document from stretches of bytes; stretches that follow each other are copied as one. */
export class DocumentBuilder {
  private readonly sources: Buffer[] = [];
  private readonly bounds: number[] = [];
  private size = 5;

  add(source: Buffer, start: number, end: number): void {
    this.size += end - start;
    const { sources, bounds } = this;
    if (sources.length > 0 && sources[sources.length - 1] === source && bounds[bounds.length - 1] === start) {
      bounds[bounds.length - 1] = end;
      return;
    }
    sources.push(source);
    bounds.push(start, end);
  }

  finish(): Buffer {
    const bytes = Buffer.allocUnsafe(this.size);
    let at = bytes.writeInt32LE(this.size, 0);
    for (let i = 0; i < this.sources.length; i++) {
      at += this.sources[i]!.copy(bytes, at, this.bounds[2 * i], this.bounds[2 * i + 1]);
    }
    bytes[at] = 0;
    return bytes;
  }
}

/** A copy of a document with only those of its own fields that `isKept` wants. */
export function pickFields(bytes: Buffer, isKept: (name: string) => boolean): Buffer {
  const builder = new DocumentBuilder();
  const fields = new FieldCursor(bytes);
  while (fields.next()) if (isKept(fields.name)) builder.add(bytes, fields.start, fields.end);
  return builder.finish();
}
