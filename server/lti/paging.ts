import { Unavailable } from '../errors.ts';
import type { OutboundReply } from '../outbound/outbound.ts';

const mostPages = 200;

/**
 * Reads every page of a service's answer by its Link header. A next page must be on the same origin as the first and be one
 * that was not read yet; anything else, or too many of them, throws Unavailable, as half a list must not pass for a whole one.
 */
export async function* readPages(
  firstUrl: string,
  get: (url: string) => Promise<OutboundReply>,
  /** Told the address of a link beside `next`, where a page has one. */
  onLink: (relation: 'differences', url: string) => void = () => undefined,
): AsyncGenerator<string> {
  const { origin } = new URL(firstUrl);
  const seen = new Set<string>();
  let url: string | undefined = firstUrl;
  while (url !== undefined) {
    if (seen.has(url)) throw new Unavailable("The platform's pages lead round in a circle.");
    if (seen.size >= mostPages) throw new Unavailable(`The platform has more than ${mostPages} pages.`);
    seen.add(url);
    const reply: OutboundReply = await get(url);
    yield reply.text;
    const differences = readLink(reply.headers['link'], 'differences');
    if (differences !== undefined && URL.canParse(differences, url)) {
      onLink('differences', new URL(differences, url).href);
    }
    const next = readLink(reply.headers['link'], 'next');
    if (next !== undefined && !URL.canParse(next, url))
      throw new Unavailable("The platform's next page is no address.");
    url = next === undefined ? undefined : new URL(next, url).href;
    if (url !== undefined && new URL(url).origin !== origin) {
      throw new Unavailable("The platform's next page is on another site.");
    }
  }
}

/** `<…>; rel="next"` among the links of a header; some platforms leave the quotes out. */
function readLink(header: string | string[] | undefined, relation: 'next' | 'differences'): string | undefined {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  for (const [, target, parameters] of text.matchAll(/<([^>]*)>([^<]*)/g)) {
    const rel = /;\s*rel\s*=\s*"?([\w-]+)"?\s*(?:[;,]|$)/i.exec(parameters ?? '')?.[1];
    if (rel?.toLowerCase() === relation) return target;
  }
  return undefined;
}
