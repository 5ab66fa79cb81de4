import { createHash } from 'node:crypto';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { Request, Response } from 'express';

/**
 * A JSON object, most of which is the same for many readers: written as text and compressed once, and sent to each with a
 * few members of their own at its end.
 */
export interface PreparedJson {
  /** Without the closing brace. */
  readonly text: Buffer;
  /** The same as deflate blocks that end at a byte and are not the last: others may follow. */
  readonly deflated: Buffer;
  readonly checksum: number;
  /** Names this text. */
  readonly tag: string;
}

/** Takes an object with at least one member; writes it down and compresses it. */
export function prepareJson(shared: object): PreparedJson {
  const text = Buffer.from(JSON.stringify(shared).slice(0, -1));
  return {
    text,
    deflated: deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }),
    checksum: crc32(text),
    tag: createHash('sha256').update(text).digest('base64url').slice(0, 22),
  };
}

/** The whole text: what is shared, then the reader's own members. */
export function joinJson({ text }: PreparedJson, own: object): Buffer {
  return Buffer.concat([text, endOf(own)]);
}

/**
 * Answers with both parts, compressed where the reader takes it; or with 304 and nothing where they have just this already.
 * `ownTag` names the reader's own part as `tag` does the shared one.
 */
export function sendPrepared(
  request: Request,
  response: Response,
  { shared, own, ownTag }: { shared: PreparedJson; own: object; ownTag: string },
): void {
  const tag = `W/"${shared.tag}.${ownTag}"`;
  response.setHeader('ETag', tag);
  response.vary('Accept-Encoding');
  // Not by express: a page that names a tag itself also says no-cache, which would count as asking for the whole again.
  if (request.get('if-none-match') === tag) {
    response.status(304).end();
    return;
  }
  response.type('application/json; charset=utf-8');
  if (request.acceptsEncodings('gzip') === false) {
    response.end(joinJson(shared, own));
    return;
  }
  response.setHeader('Content-Encoding', 'gzip');
  response.end(gzipOf(shared, endOf(own)));
}

/** The closing members of an object that has others before them. */
function endOf(own: object): Buffer {
  return Buffer.from(`,${JSON.stringify(own).slice(1)}`);
}

/** One gzip member (RFC 1952) whose deflate blocks are the prepared ones and then those of the end. */
function gzipOf({ text, deflated, checksum }: PreparedJson, end: Buffer): Buffer {
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(end, checksum), 0);
  trailer.writeUInt32LE((text.length + end.length) % 2 ** 32, 4);
  return Buffer.concat([header, deflated, deflateRawSync(end), trailer]);
}
