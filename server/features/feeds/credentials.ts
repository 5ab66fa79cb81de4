import type { Request } from 'express';
import { countFeedWrites, isSecretOf, readFeed, type Feed, type FeedKind } from '../../database/models/feed.ts';
import { NotSignedIn } from '../../errors.ts';
import { createKeptBriefly } from '../../lti/kept-briefly.ts';

/** How soon withdrawing a credential in another process takes effect in this one, in milliseconds. */
const freshForMs = 2_000;
const kept = createKeptBriefly<Feed | null>({ freshForMs, now: () => new Date(), version: countFeedWrites });

/**
 * The feed that a request comes from: basic credentials, a bearer token `key.secret`, or that token alone, as Caliper senders
 * put it. Throws NotSignedIn, with the same words whatever is wrong.
 */
export async function authenticateFeed(request: Request, kind: FeedKind): Promise<Feed> {
  const credential = readCredential(request.get('authorization') ?? '');
  const { key = '', secret = '' } = credential ?? {};
  const feed = key ? await kept.get(`${kind} ${key}`, () => readFeed(kind, key)) : null;
  if (!isSecretOf(feed, secret)) throw new NotSignedIn('These credentials are not known here, or they were withdrawn.');
  return feed;
}

function readCredential(header: string): { key: string; secret: string } | undefined {
  const [scheme = '', value] = header.trim().split(/\s+/, 2);
  if (/^basic$/i.test(scheme) && value) {
    const text = Buffer.from(value, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return colon < 1 ? undefined : { key: text.slice(0, colon), secret: text.slice(colon + 1) };
  }
  const token = /^bearer$/i.test(scheme) ? value : value === undefined ? scheme : undefined;
  const dot = token?.indexOf('.') ?? -1;
  return token && dot > 0 ? { key: token.slice(0, dot), secret: token.slice(dot + 1) } : undefined;
}
