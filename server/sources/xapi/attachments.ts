import { createHash } from 'node:crypto';
import { isIri, isObject, type JsonObject, type Problems } from './checks.ts';

/** What follows the statements in a `multipart/mixed` request: only the hash by which statements name it is of use. */
export interface AttachmentPart {
  /** SHA-2 in hexadecimal, lower case. */
  readonly hash: string;
}

/** A multipart request that is not as xAPI asks; the message is for the person who set the sender up. */
export class UnsoundParts extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnsoundParts';
  }
}

const mostParts = 200;

/**
 * Takes a `multipart/mixed` body apart: statements first, then attachments, whose content is looked at only to see that it is
 * what its hash says, and dropped. Throws UnsoundParts.
 */
export function readParts(body: Buffer, contentType: string): { statements: unknown; attachments: AttachmentPart[] } {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  if (!boundary) throw new UnsoundParts('The Content-Type names no boundary.');
  const [first, ...others] = splitParts(body, boundary[1] ?? boundary[2]!);
  if (!first || !/^application\/json\b/i.test(first.headers.get('content-type') ?? '')) {
    throw new UnsoundParts('The first part must hold the statements, as application/json.');
  }
  let statements: unknown;
  try {
    statements = JSON.parse(first.content.toString('utf8'));
  } catch {
    throw new UnsoundParts('The first part is not JSON.');
  }
  return {
    statements,
    attachments: others.map(({ headers, content }, index) => readAttachment(headers, content, index)),
  };
}

function readAttachment(headers: ReadonlyMap<string, string>, content: Buffer, index: number): AttachmentPart {
  const name = `Attachment ${index + 1}`;
  if (headers.get('content-transfer-encoding')?.toLowerCase() !== 'binary') {
    throw new UnsoundParts(`${name} must have the Content-Transfer-Encoding “binary”.`);
  }
  const hash = headers.get('x-experience-api-hash')?.toLowerCase() ?? '';
  const algorithm = algorithms[hash.length];
  if (!algorithm || !/^[0-9a-f]+$/.test(hash)) {
    throw new UnsoundParts(`${name} must name its SHA-2 in the header X-Experience-API-Hash.`);
  }
  if (createHash(algorithm).update(content).digest('hex') !== hash) {
    throw new UnsoundParts(`${name} is not what its X-Experience-API-Hash says.`);
  }
  return { hash };
}

const algorithms: Readonly<Record<number, string>> = { 56: 'sha224', 64: 'sha256', 96: 'sha384', 128: 'sha512' };

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly content: Buffer;
}

function splitParts(body: Buffer, boundary: string): Part[] {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter may stand at the very beginning.
  const text = Buffer.concat([Buffer.from('\r\n'), body]);
  const parts: Part[] = [];
  let start = text.indexOf(delimiter);
  while (start >= 0) {
    const after = start + delimiter.length;
    if (text.toString('latin1', after, after + 2) === '--') return parts;
    const end = text.indexOf(delimiter, after);
    if (end < 0) break;
    if (parts.length > mostParts) throw new UnsoundParts(`More than ${mostParts} attachments are more than we take.`);
    parts.push(readPart(text.subarray(after, end)));
    start = end;
  }
  throw new UnsoundParts('The parts break off: the last boundary is missing.');
}

/** What stands between two delimiters: the rest of the first one's line, headers, an empty line, and content. */
function readPart(part: Buffer): Part {
  const lineEnd = part.indexOf('\r\n');
  const headersEnd = part.indexOf('\r\n\r\n');
  if (lineEnd < 0 || headersEnd < 0) throw new UnsoundParts('A part has no headers.');
  const headers = new Map<string, string>();
  for (const line of part
    .subarray(lineEnd + 2, Math.max(lineEnd + 2, headersEnd))
    .toString('latin1')
    .split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, content: part.subarray(headersEnd + 4) };
}

/** Checks what a statement says of its attachments. */
export function checkAttachments(value: unknown, at: string, p: Problems): void {
  if (!Array.isArray(value)) return p.add(at, 'must be a list');
  for (const [index, attachment] of value.entries()) {
    const place = `${at}.${index}`;
    if (!p.object(attachment, place)) continue;
    p.onlyKeys(attachment, ['usageType', 'display', 'description', 'contentType', 'length', 'sha2', 'fileUrl'], place);
    if (!isIri(attachment['usageType'])) p.add(`${place}.usageType`, 'must be an IRI');
    if (!isObject(attachment['display'])) p.add(`${place}.display`, 'must be a language map');
    if (typeof attachment['contentType'] !== 'string') p.add(`${place}.contentType`, 'must be a media type');
    if (!Number.isInteger(attachment['length'])) p.add(`${place}.length`, 'must be a number of bytes');
    if (attachment['fileUrl'] !== undefined && !isIri(attachment['fileUrl']))
      p.add(`${place}.fileUrl`, 'must be an IRL');
    if (typeof attachment['sha2'] !== 'string') p.add(`${place}.sha2`, 'must be a text');
  }
}

/**
 * Whether statements and attachments that came with them fit each other: every attachment without an address of its own was
 * sent, and every one that was sent is named. Returns what is wrong, by the number of the statement from 0; -1: no one's.
 */
export function matchAttachments(
  statements: readonly unknown[],
  sent: readonly AttachmentPart[],
): { statement: number; problem: string } | undefined {
  const hashes = new Set(sent.map(({ hash }) => hash));
  const named = new Set<string>();
  for (const [statement, value] of statements.entries()) {
    for (const attachment of attachmentsOf(value)) {
      const sha2 = typeof attachment['sha2'] === 'string' ? attachment['sha2'].toLowerCase() : '';
      named.add(sha2);
      if (attachment['fileUrl'] === undefined && !hashes.has(sha2)) {
        return { statement, problem: 'names an attachment that was neither sent nor has a fileUrl' };
      }
    }
  }
  return sent.every(({ hash }) => named.has(hash))
    ? undefined
    : { statement: -1, problem: 'An attachment was sent that no statement names.' };
}

function attachmentsOf(statement: unknown): JsonObject[] {
  if (!isObject(statement)) return [];
  const inner = isObject(statement['object']) ? statement['object']['attachments'] : undefined;
  return [statement['attachments'], inner].flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []));
}
