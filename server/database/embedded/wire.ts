import { Long } from 'bson';
import { decodeDoc, decodeValue, encodeDoc } from './bson-codec.ts';
import type { Doc } from './bson-values.ts';
import type { Batch } from './cursors.ts';
import { DatabaseError } from './errors.ts';
import { BSON, FieldCursor } from './raw-doc.ts';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** What hello promises, and a little for the frame. */
const MAX_MESSAGE_BYTES = 48_000_000 + 16_384;

/** One command as it came, with the documents of its sequences and write lists still as bytes. */
export interface Message {
  readonly requestId: number;
  readonly isLegacy: boolean;
  readonly wantsReply: boolean;
  readonly command: Doc;
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
}

/** Takes whole messages off the front of what has arrived; `rest` is what is left for later. */
export function takeMessages(received: Buffer): { messages: Buffer[]; rest: Buffer } {
  const messages: Buffer[] = [];
  let at = 0;
  while (received.length - at >= 4) {
    const size = received.readInt32LE(at);
    if (size < HEADER_BYTES || size > MAX_MESSAGE_BYTES)
      throw new DatabaseError('FailedToParse', 'A message of impossible size');
    if (received.length - at < size) break;
    messages.push(received.subarray(at, at + size));
    at += size;
  }
  return { messages, rest: received.subarray(at) };
}

function textAt(bytes: Buffer, at: number): { text: string; next: number } {
  const end = bytes.indexOf(0, at);
  return { text: bytes.toString('utf8', at, end), next: end + 1 };
}

function parseQuery(bytes: Buffer, requestId: number): Message {
  const { text: namespace, next } = textAt(bytes, HEADER_BYTES + 4);
  const command = decodeDoc(bytes, next + 8);
  return {
    requestId,
    isLegacy: true,
    wantsReply: true,
    command: { ...command, $db: namespace.split('.')[0] },
    sequences: new Map(),
  };
}

/** Lists of documents that a command may carry within itself as well as in a sequence beside it. */
const WRITE_LISTS = new Set(['documents', 'updates', 'deletes']);

function documentsIn(bytes: Buffer, at: number): Buffer[] | null {
  const documents: Buffer[] = [];
  const items = new FieldCursor(bytes, at);
  while (items.next()) {
    if (items.type !== BSON.object) return null;
    documents.push(bytes.subarray(items.valueStart, items.end));
  }
  return documents;
}

function parseBody(bytes: Buffer, at: number, sequences: Map<string, Buffer[]>): Doc {
  const command: Doc = {};
  const fields = new FieldCursor(bytes, at);
  while (fields.next()) {
    const { name } = fields;
    const isList = fields.type === BSON.array && WRITE_LISTS.has(name);
    const documents = isList ? documentsIn(bytes, fields.valueStart) : null;
    if (documents) sequences.set(name, documents);
    else if (name !== '__proto__') command[name] = decodeValue(bytes, fields.type, fields.valueStart);
  }
  return command;
}

function parseMsg(bytes: Buffer, requestId: number): Message {
  const flags = bytes.readUInt32LE(HEADER_BYTES);
  const end = flags & CHECKSUM_PRESENT ? bytes.length - 4 : bytes.length;
  const sequences = new Map<string, Buffer[]>();
  let command: Doc = {};
  let at = HEADER_BYTES + 4;
  while (at < end) {
    const kind = bytes[at++];
    const size = bytes.readInt32LE(at);
    if (size < 5 || at + size > end) throw new DatabaseError('FailedToParse', 'A section of a message is cut short');
    if (kind === 0) {
      command = parseBody(bytes, at, sequences);
    } else if (kind === 1) {
      const { text: name, next } = textAt(bytes, at + 4);
      const docs: Buffer[] = [];
      for (let docAt = next; docAt < at + size; docAt += bytes.readInt32LE(docAt)) {
        docs.push(bytes.subarray(docAt, docAt + bytes.readInt32LE(docAt)));
      }
      sequences.set(name, docs);
    } else {
      throw new DatabaseError('FailedToParse', `A message section of the unknown kind ${kind}`);
    }
    at += size;
  }
  return { requestId, isLegacy: false, wantsReply: (flags & MORE_TO_COME) === 0, command, sequences };
}

export function parseMessage(bytes: Buffer): Message {
  const requestId = bytes.readInt32LE(4);
  const opCode = bytes.readInt32LE(12);
  if (opCode === OP_QUERY) return parseQuery(bytes, requestId);
  if (opCode === OP_MSG) return parseMsg(bytes, requestId);
  throw new DatabaseError('FailedToParse', `The message type ${opCode} is not spoken here`);
}

let lastRequestId = 0;

/** A reply ready to be sent. */
export function frameReply(message: Pick<Message, 'requestId' | 'isLegacy'>, body: Buffer): Buffer {
  const headerBytes = message.isLegacy ? 36 : 21;
  const frame = Buffer.alloc(headerBytes + body.length);
  frame.writeInt32LE(frame.length, 0);
  frame.writeInt32LE((lastRequestId = (lastRequestId + 1) & 0x7fffffff), 4);
  frame.writeInt32LE(message.requestId, 8);
  frame.writeInt32LE(message.isLegacy ? OP_REPLY : OP_MSG, 12);
  if (message.isLegacy) {
    frame.writeInt32LE(8, 16);
    frame.writeInt32LE(1, 32);
  }
  frame.set(body, headerBytes);
  return frame;
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32LE(value, 0);
  return bytes;
}

function rowsAsArray(rows: readonly Buffer[]): Buffer {
  const names = rows.map((_, i) => `${i}\0`);
  const size = rows.reduce((sum, row, i) => sum + 1 + names[i]!.length + row.length, 5);
  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.writeInt32LE(size, 0);
  for (const [i, row] of rows.entries()) {
    bytes[at++] = 0x03;
    at += bytes.write(names[i]!, at, 'latin1');
    bytes.set(row, at);
    at += row.length;
  }
  bytes[at] = 0;
  return bytes;
}

/** A cursor's reply; its rows go out as they are stored, without being read and written again. */
export function cursorReply(batchName: 'firstBatch' | 'nextBatch', { rows, cursorId, namespace }: Batch): Buffer {
  const rest = encodeDoc({ id: cursorId.isZero() ? Long.ZERO : cursorId, ns: namespace }).subarray(4);
  const batch = Buffer.concat([Buffer.from(`\x04${batchName}\0`, 'latin1'), rowsAsArray(rows)]);
  const cursor = Buffer.concat([int32(4 + batch.length + rest.length), batch, rest]);
  const ok = Buffer.from('\x10ok\0\x01\0\0\0\0', 'latin1');
  const name = Buffer.from('\x03cursor\0', 'latin1');
  return Buffer.concat([int32(4 + name.length + cursor.length + ok.length), name, cursor, ok]);
}
