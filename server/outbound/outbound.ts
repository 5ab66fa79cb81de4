import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { StringDecoder } from 'node:string_decoder';
import { isIP, type LookupFunction } from 'node:net';
import { isPrivateAddress } from './private-addresses.ts';

/**
 * The only way by which Waymark reaches another host: with a time limit, a size limit, no silent redirects, and, in
 * production, never to a private address unless its host is allowed by name. The address is checked as it is connected to, so
 * a name that changes its address after a check gains nothing.
 */
export interface Outbound {
  /** Throws OutboundRefused for a URL that may not be reached, OutboundFailed when nothing usable came back. */
  request(url: string, options?: OutboundOptions): Promise<OutboundReply>;
  /** Why this URL may not be registered or reached; undefined when it may. Looks at the URL alone, not at DNS. */
  objectionTo(url: string): string | undefined;
  /** Closes kept connections. */
  close(): void;
}

export interface OutboundOptions {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Takes the text of the reply piece by piece; nothing of it is kept then, and `text` of the reply is empty. */
  readonly onText?: ((piece: string) => void) | undefined;
}

export interface OutboundReply {
  readonly status: number;
  readonly headers: Readonly<http.IncomingHttpHeaders>;
  readonly text: string;
}

export class OutboundRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'OutboundRefused';
  }
}

export class OutboundFailed extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'OutboundFailed';
  }
}

function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** The answer was larger than the caller would take. */
export class OutboundTooLarge extends OutboundFailed {
  constructor(maxBytes: number) {
    super(`answered with more than ${maxBytes} bytes`);
    this.name = 'OutboundTooLarge';
  }
}

export function createOutbound({
  isProduction,
  allowedHosts,
  userAgent = 'Waymark (LTI 1.3 tool)',
}: {
  isProduction: boolean;
  /** Host names that may be private addresses or plain http although this is production. */
  allowedHosts: readonly string[];
  userAgent?: string;
}): Outbound {
  const agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets: 20, timeout: 60_000 }),
    'https:': new https.Agent({ keepAlive: true, maxSockets: 20, timeout: 60_000 }),
  };

  function isAllowed(url: URL): boolean {
    return !isProduction || allowedHosts.includes(url.hostname) || allowedHosts.includes(url.host);
  }

  function objectionTo(text: string): string | undefined {
    if (!URL.canParse(text)) return 'is not a URL';
    const url = new URL(text);
    if (url.username || url.password) return 'must not hold a user name or password';
    if (url.hash) return 'must not hold a fragment';
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be https';
    const allowed = isAllowed(url);
    if (url.protocol === 'http:' && !allowed) return 'must be https';
    if (url.protocol === 'http:' && !isLoopbackName(url.hostname) && !allowedHosts.includes(url.hostname)) {
      return 'must be https outside this machine';
    }
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (!allowed && (isLoopbackName(url.hostname) || (isIP(literal) && isPrivateAddress(literal)))) {
      return 'must not be a private address';
    }
    return undefined;
  }

  /** Resolves as Node would, and refuses where any address is private: the connection then can't go there. */
  const publicLookup: LookupFunction = (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0);
      const first = addresses[0];
      if (!first || addresses.some(({ address }) => isPrivateAddress(address))) {
        return done(new OutboundRefused('must not be a private address'), '', 0);
      }
      if (options.all) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };

  return {
    objectionTo,
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
    async request(text, { method = 'GET', headers = {}, body, timeoutMs = 5_000, maxBytes = 1_000_000, onText } = {}) {
      const objection = objectionTo(text);
      if (objection) throw new OutboundRefused(objection);
      const url = new URL(text);
      const protocol = url.protocol === 'https:' ? 'https:' : 'http:';
      const start = protocol === 'https:' ? https.request : http.request;
      return new Promise((resolve, reject) => {
        const signal = AbortSignal.timeout(timeoutMs);
        const fail = (error: Error) => {
          if (error instanceof OutboundRefused || error instanceof OutboundFailed) return reject(error);
          const reason = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : codeOf(error);
          reject(new OutboundFailed(reason, { cause: error }));
        };
        const request = start(
          url,
          {
            method,
            signal,
            agent: agents[protocol],
            ...(!isAllowed(url) && { lookup: publicLookup }),
            headers: {
              'User-Agent': userAgent,
              Accept: 'application/json',
              ...headers,
              ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }),
            },
          },
          (response) => {
            const chunks: Buffer[] = [];
            const decoder = onText && new StringDecoder('utf8');
            let bytes = 0;
            response.on('data', (chunk: Buffer) => {
              bytes += chunk.byteLength;
              if (bytes > maxBytes) request.destroy(new OutboundTooLarge(maxBytes));
              else if (decoder) onText?.(decoder.write(chunk));
              else chunks.push(chunk);
            });
            response.on('error', fail);
            response.on('end', () => {
              if (decoder) onText?.(decoder.end());
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                text: Buffer.concat(chunks).toString('utf8'),
              });
            });
          },
        );
        request.on('error', fail);
        request.end(body);
      });
    },
  };
}

/** `ECONNREFUSED` and its like are for an administrator; the message of an unknown error may quote a URL. */
function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'could not be reached';
}
