import { decodeDoc, decodeValue } from './bson-codec.ts';
import type { Doc } from './bson-values.ts';
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

/** What goes out before a reply's document of `bodyBytes`. */
export function replyHeader(message: Pick<Message, 'requestId' | 'isLegacy'>, bodyBytes: number): Buffer {
  const frame = Buffer.alloc(message.isLegacy ? 36 : 21);
  frame.writeInt32LE(frame.length + bodyBytes, 0);
  frame.writeInt32LE((lastRequestId = (lastRequestId + 1) & 0x7fffffff), 4);
  frame.writeInt32LE(message.requestId, 8);
  frame.writeInt32LE(message.isLegacy ? OP_REPLY : OP_MSG, 12);
  if (message.isLegacy) {
    frame.writeInt32LE(8, 16);
    frame.writeInt32LE(1, 32);
  }
  return frame;
}
