import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { Platform } from '../database/models/platform.ts';
import { Unavailable } from '../errors.ts';
import {
  OutboundFailed,
  OutboundRefused,
  type Outbound,
  type OutboundOptions,
  type OutboundReply,
} from '../outbound/outbound.ts';
import { isOwnService } from './platforms.ts';
import type { ToolKeys } from './tool-keys.ts';

/** The one client for services of platforms: a bearer token for each platform and set of scopes, and patience with limits. */
export interface ServiceClient {
  /** Throws Unavailable with what an administrator needs to know. Answers of 4xx other than 401 and 429 are not retried. */
  get(platform: Platform, url: string, options: ServiceCall): Promise<OutboundReply>;
  /** Asks for a token anew, whatever is cached, and says what was granted: for the doctor. */
  tryToken(platform: Platform, scopes: readonly string[]): Promise<{ grantedScopes: readonly string[] }>;
}

export interface ServiceCall {
  readonly scopes: readonly string[];
  readonly accept: string;
}

/** A token is not used in its last minute: it may be checked by a clock that runs ahead. */
const leewayMs = 60_000;
const longestAnswerBytes = 10_000_000;
const patience = { tries: 4, firstWaitMs: 400, longestWaitMs: 20_000, timeoutMs: 15_000 };
const worthAnotherTry = new Set([429, 502, 503, 504]);

const tokenReplySchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().catch(3600),
  scope: z.string().optional(),
});
interface Token {
  readonly text: string;
  readonly usableUntil: number;
  readonly grantedScopes: readonly string[];
}

export function createServiceClient({
  outbound,
  toolKeys,
  now,
  firstWaitMs = patience.firstWaitMs,
  timeoutMs = patience.timeoutMs,
}: {
  outbound: Outbound;
  toolKeys: ToolKeys;
  now: () => Date;
  /** The first pause before another try; it doubles. Tests shorten it. */
  firstWaitMs?: number;
  /** How long one try may take. Tests shorten it. */
  timeoutMs?: number;
}): ServiceClient {
  const tokens = new Map<string, Token>();
  const requested = new Map<string, Promise<Token>>();

  /** `make` is asked for each try: an assertion may be used once only. */
  async function patiently(
    url: string,
    make: () => OutboundOptions | Promise<OutboundOptions>,
  ): Promise<OutboundReply> {
    for (let tried = 1; ; tried += 1) {
      const isLast = tried >= patience.tries;
      let waitMs = firstWaitMs * 2 ** (tried - 1) * (0.5 + Math.random());
      try {
        const reply = await outbound.request(url, { timeoutMs, ...(await make()) });
        if (!worthAnotherTry.has(reply.status) || isLast) return reply;
        waitMs = readRetryAfter(reply.headers['retry-after'], now()) ?? waitMs;
        if (waitMs > patience.longestWaitMs) return reply;
      } catch (error) {
        if (error instanceof OutboundRefused) {
          throw new Unavailable(`The address of a service ${error.message}.`, { cause: error });
        }
        if (!(error instanceof OutboundFailed)) throw error;
        if (isLast) throw new Unavailable(`The platform did not answer (${error.message}).`, { cause: error });
      }
      await sleep(waitMs);
    }
  }

  async function requestToken(platform: Platform, scopes: readonly string[]): Promise<Token> {
    const reply = await patiently(platform.tokenEndpoint, async () => ({
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      maxBytes: 100_000,
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await signAssertion(platform),
        scope: scopes.join(' '),
      }).toString(),
    }));
    if (reply.status !== 200) {
      const reason = readOAuthError(reply.text);
      // Moodle answers so, with status 404, where its cURL security settings keep it from fetching our keys.
      const hint = /^\s*</.test(reply.text)
        ? ' It sent a web page instead: perhaps its settings (on Moodle: blocked hosts and allowed ports) keep it from fetching Waymark’s key set.'
        : '';
      throw new Unavailable(
        `The platform gave no service token (${reply.status}${reason ? ` ${reason}` : ''}).${hint}`,
      );
    }
    const parsed = tokenReplySchema.safeParse(parseJson(reply.text));
    if (!parsed.success) throw new Unavailable('The platform answered a token request with something unreadable.');
    const { access_token, expires_in, scope } = parsed.data;
    return {
      text: access_token,
      usableUntil: now().getTime() + expires_in * 1000 - Math.min(leewayMs, expires_in * 500),
      grantedScopes: scope === undefined ? scopes : scope.split(' '),
    };
  }

  async function signAssertion(platform: Platform): Promise<string> {
    const { kid, key } = await toolKeys.signing();
    const seconds = Math.floor(now().getTime() / 1000);
    return new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
      .setIssuer(platform.clientId)
      .setSubject(platform.clientId)
      .setAudience(platform.tokenAudience ?? platform.tokenEndpoint)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 60)
      .setJti(randomUUID())
      .sign(key);
  }

  /** One request at a time for one token, whoever asks. */
  async function tokenFor(platform: Platform, scopes: readonly string[], unlike?: string): Promise<Token> {
    const name = `${platform._id.toHexString()} ${[...scopes].sort().join(' ')}`;
    const cached = tokens.get(name);
    if (cached && cached.usableUntil > now().getTime() && cached.text !== unlike) return cached;
    const running =
      requested.get(name) ??
      requestToken(platform, scopes)
        .then((token) => {
          tokens.set(name, token);
          return token;
        })
        .finally(() => requested.delete(name));
    requested.set(name, running);
    return running;
  }

  return {
    async get(platform, url, { scopes, accept }) {
      // Tokens are for the platform that gave them: they go to no host that its registration or a launch has not named.
      if (!isOwnService(platform, url)) throw new Unavailable("A service's address does not belong to its platform.");
      // An empty list: nobody has said. Else what is not there was declined, and asking would be asking for more than we have.
      if (platform.scopes.length > 0 && !scopes.every((scope) => platform.scopes.includes(scope))) {
        throw new Unavailable(
          'The platform has not granted this service to Waymark: switch it on there, and register again.',
        );
      }
      const call = (token: Token) =>
        patiently(url, () => ({
          headers: { Accept: accept, Authorization: `Bearer ${token.text}` },
          maxBytes: longestAnswerBytes,
        }));
      const token = await tokenFor(platform, scopes);
      let reply = await call(token);
      if (reply.status === 401) reply = await call(await tokenFor(platform, scopes, token.text));
      if (reply.status !== 200) throw new Unavailable(`The platform answered a service call with ${reply.status}.`);
      return reply;
    },
    async tryToken(platform, scopes) {
      const { grantedScopes } = await requestToken(platform, scopes);
      return { grantedScopes };
    },
  };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The `error` of an OAuth answer is a word from a list; its description is the platform's free text and is left out. */
function readOAuthError(text: string): string | undefined {
  const parsed = z.object({ error: z.string().regex(/^[\w-]{1,60}$/) }).safeParse(parseJson(text));
  return parsed.success ? parsed.data.error : undefined;
}

/** In milliseconds, from a number of seconds or a date. */
function readRetryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
