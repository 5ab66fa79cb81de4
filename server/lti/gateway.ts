import { randomBytes } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import Keyset from 'ltijs/dist/Utils/Keyset.js';
import type { Logger } from 'pino';
import type { Platform } from '../database/models/platform.ts';
import type { Vault } from '../database/vault.ts';
import type { Role } from '../domain/vocabulary.ts';
import { limitRate } from '../http/rate-limits.ts';
import { createBrowserBinding } from './browser-binding.ts';
import { readClaims, type LaunchClaims } from './claims.ts';
import { createGuardedLtijs, type LaunchPass, type LoginPass } from './guarded-ltijs.ts';
import { createKeySets } from './key-sets.ts';
import { acceptLaunch } from './launch.ts';
import { answerLogin, askStorageForBinding, beginLogin, isOwnUrl, readLogin, resolveClientId } from './login.ts';
import type { BegunLogin, LoginContext } from './login.ts';
import { createLtijsDatabase } from './ltijs-database.ts';
import { findAttempt, useAttempt, type LoginAttempt } from './models/login-attempt.ts';
import { createOutbound } from './outbound.ts';
import { createAssetsRouter, sendRefusal } from './pages.ts';
import { findPlatformById, isKnownDeployment, learnFromLaunch, listFrameOrigins } from './platforms.ts';
import { readOwnResults } from './own-results.ts';
import { readRoster } from './roster.ts';
import { createServiceClient } from './service-client.ts';
import { LaunchRefused, type RefusalCode } from './refusals.ts';
import { createToolKeys } from './tool-keys.ts';
import { verifyIdToken } from './verify-token.ts';

export interface LtiGatewayOptions {
  /** Where browsers reach Waymark: an origin. */
  readonly publicUrl: string;
  readonly now: () => Date;
  readonly log: Logger;
  readonly vault: Vault;
  readonly sessionHours: number;
  readonly isProduction: boolean;
  /** Host names that may be private addresses or plain http although this is production. */
  readonly allowedHosts: readonly string[];
  readonly registration: { readonly secret: string; readonly until: Date | undefined } | undefined;
  /** Told after a launch into a course was stored; what it throws or rejects with is logged and harms nobody. */
  readonly onCourseLaunched: (courseId: string, launch: { isFirst: boolean }) => void | Promise<void>;
  /** Logins and launches a minute from one address; a campus may share one. */
  readonly perMinute?: number;
}

/** What the platform of a course can be asked, once a launch has told where. All of it only reads. */
export interface LtiServices {
  readRoster(course: Parameters<typeof readRoster>[0], options?: { role?: Role }): ReturnType<typeof readRoster>;
  readOwnResults(course: Parameters<typeof readOwnResults>[0]): ReturnType<typeof readOwnResults>;
}

export interface LtiGateway {
  readonly router: Router;
  readonly frameAncestors: () => Promise<readonly string[]>;
  readonly services: LtiServices;
  close(): Promise<void>;
}

const longestBody = 100_000;
const frameOriginsFreshForMs = 5_000;
const keysFreshForMs = 30_000;

/** Everything of LTI behind one router, to be mounted at /lti before any body parser. Expects a connected database. */
export async function createLtiGateway(options: LtiGatewayOptions): Promise<LtiGateway> {
  const { publicUrl, now, log, vault, perMinute = 6_000 } = options;
  const outbound = createOutbound(options);
  const keySets = createKeySets({ outbound, now });
  const toolKeys = createToolKeys({ vault, now });
  const binding = createBrowserBinding(publicUrl);
  const database = createLtijsDatabase(toolKeys);
  const context: LoginContext = { publicUrl, now, binding };
  const client = createServiceClient({ outbound, toolKeys, now });
  await toolKeys.published();

  function refuse(error: unknown, request: Request, response: Response): void {
    const refusal = error instanceof LaunchRefused ? error : new LaunchRefused(codeOfForeign(error));
    const cause = refusal.code === 'internal' ? (error instanceof Error ? error.name : typeof error) : undefined;
    log[refusal.code === 'internal' ? 'error' : 'warn'](
      { code: refusal.code, path: request.path, ...(cause && { cause, at: placeOf(error) }) },
      'launch refused',
    );
    if (response.headersSent) response.destroy();
    else sendRefusal(response, refusal.code, refusal.code.startsWith('deployment') ? refusal.detail : undefined);
  }

  async function startLogin(params: Record<string, unknown>): Promise<LoginPass> {
    const login = readLogin(params, publicUrl);
    const clientId = await resolveClientId(login);
    let begun: BegunLogin | undefined;
    return {
      issuer: login.iss,
      clientId,
      async begin(platform) {
        begun = await beginLogin(login, platform, context);
      },
      answer: (request, response) => answerLogin(request, response, login, begun!, context),
    };
  }

  async function startLaunch(
    params: Record<string, unknown>,
    request: Request,
    response: Response,
  ): Promise<LaunchPass | undefined> {
    const { state, idToken, givenBinding } = readLaunch(params);
    const kept = binding.read(request, state) ?? (isFromOurselves(request) ? givenBinding : undefined);
    if (kept === undefined) {
      await explainMissingBinding(response, { state, idToken, isRetry: givenBinding !== undefined });
      return undefined;
    }
    const attempt = await useAttempt(state, kept, now());
    if (!attempt) throw await whyUnusable(state);
    return passFor(attempt, { state, idToken });
  }

  function passFor(attempt: LoginAttempt, { state, idToken }: { state: string; idToken: string }): LaunchPass {
    let launch: { platform: Platform; claims: LaunchClaims } | undefined;
    return {
      state,
      idToken,
      async verify() {
        const platform = await findPlatformById(attempt.platformId);
        if (!platform) throw new LaunchRefused('platform-unknown');
        if (!platform.isActive) throw new LaunchRefused('platform-disabled');
        const expected = {
          issuer: platform.issuer,
          clientId: platform.clientId,
          jwksUri: platform.jwksUri,
          nonce: attempt.nonce,
        };
        const verified = await verifyIdToken(idToken, expected, { keySets, now: now() });
        const claims = readClaims(verified);
        checkAgainstLogin(claims, attempt, platform);
        launch = { platform, claims };
        return { ...verified, clientId: platform.clientId, platformId: platform._id.toHexString() };
      },
      async accept(request, response) {
        const { claims } = launch!;
        const platform = await learnFromLaunch(launch!.platform, {
          deploymentId: claims.deploymentId,
          productFamily: claims.toolPlatform?.product_family_code,
          urls: [
            claims.namesAndRoles?.context_memberships_url,
            claims.launchPresentation?.return_url,
            claims.deepLinking?.deep_link_return_url,
          ].filter((url) => url !== undefined),
        });
        if (!isKnownDeployment(platform, claims.deploymentId)) {
          throw new LaunchRefused('deployment-unknown', claims.deploymentId);
        }
        const { code, courseId, isFirstOfCourse } = await acceptLaunch(platform, claims, {
          now: now(),
          sessionHours: options.sessionHours,
        });
        if (courseId) tellOfLaunch(courseId, isFirstOfCourse);
        binding.settle(request, response, state);
        response.setHeader('Cache-Control', 'no-store');
        response.redirect(303, `/app/#code=${code}`);
      },
    };
  }

  function checkAgainstLogin(claims: LaunchClaims, attempt: LoginAttempt, platform: Platform): void {
    if (attempt.deploymentId !== undefined && attempt.deploymentId !== claims.deploymentId) {
      throw new LaunchRefused('deployment-mismatch');
    }
    if (!isKnownDeployment(platform, claims.deploymentId)) {
      throw new LaunchRefused('deployment-unknown', claims.deploymentId);
    }
    if (claims.targetLinkUri === undefined) return;
    if (!isOwnUrl(claims.targetLinkUri, publicUrl)) throw new LaunchRefused('target-link-foreign');
    if (new URL(claims.targetLinkUri).href !== new URL(attempt.targetLinkUri).href) {
      throw new LaunchRefused('target-link-mismatch');
    }
  }

  async function explainMissingBinding(
    response: Response,
    { state, idToken, isRetry }: { state: string; idToken: string; isRetry: boolean },
  ): Promise<void> {
    const attempt = await findAttempt(state);
    if (!attempt || attempt.usedAt || attempt.expiresAt <= now()) throw await whyUnusable(state);
    const platform = attempt.storageTarget && !isRetry ? await findPlatformById(attempt.platformId) : null;
    if (!attempt.storageTarget || !platform) throw new LaunchRefused('browser-mismatch');
    const origin = new URL(platform.authenticationEndpoint).origin;
    askStorageForBinding(response, { state, idToken, target: attempt.storageTarget, origin });
  }

  async function whyUnusable(state: string): Promise<LaunchRefused> {
    const attempt = await findAttempt(state);
    if (!attempt || attempt.expiresAt <= now()) return new LaunchRefused('state-unknown');
    return new LaunchRefused(attempt.usedAt ? 'state-used' : 'browser-mismatch');
  }

  /** A binding in the body counts only from our own page: anybody can make a browser send a form from elsewhere. */
  function isFromOurselves(request: Request): boolean {
    return request.get('origin') === publicUrl && request.get('sec-fetch-site') !== 'cross-site';
  }

  function tellOfLaunch(courseId: string, isFirst: boolean): void {
    Promise.resolve()
      .then(() => options.onCourseLaunched(courseId, { isFirst }))
      .catch((error: unknown) =>
        log.error({ error: error instanceof Error ? error.name : typeof error }, 'after launch'),
      );
  }

  const guarded = createGuardedLtijs({
    database,
    handlers: { readLogin: startLogin, readLaunch: startLaunch, refuse },
    secret: randomBytes(32).toString('hex'),
  });

  const router = Router();
  router.use(createAssetsRouter());
  router.get(
    '/keys',
    cachedFor(keysFreshForMs, now, () => Keyset.build(database, false)),
  );
  router.get('/login/cookie', (request, response) => {
    const { state } = request.query;
    response.setHeader('Cache-Control', 'no-store');
    response.json({ isKept: typeof state === 'string' && binding.read(request, state) !== undefined });
  });
  router.use(limitRate({ perMinute }));
  router.get('/login', guarded);
  router.post(['/login', '/launch'], (request, response, next) => {
    // Some sender may never finish its body; nobody waits for it longer than this.
    request.setTimeout(20_000, () => request.destroy());
    const isForm = request.is('application/x-www-form-urlencoded') !== false;
    const length = Number(request.get('content-length') ?? 0);
    if (isForm && length <= longestBody) guarded(request, response, next);
    else refuse(new LaunchRefused('request-malformed'), request, response);
  });
  router.use((error: unknown, request: Request, response: Response, _next: unknown) =>
    refuse(error, request, response),
  );
  router.use((request, response) => refuse(new LaunchRefused('request-malformed'), request, response));

  return {
    router,
    frameAncestors: remembered(frameOriginsFreshForMs, now, listFrameOrigins),
    services: {
      readRoster: (course, filter) => readRoster(course, client, filter),
      readOwnResults: (course) => readOwnResults(course, client),
    },
    close: () => {
      outbound.close();
      return Promise.resolve();
    },
  };
}

function readLaunch(params: Readonly<Record<string, unknown>>) {
  const { state, id_token: idToken, binding, error } = params;
  if (Object.values(params).some((value) => typeof value !== 'string')) throw new LaunchRefused('request-malformed');
  if (typeof error === 'string') throw new LaunchRefused('platform-declined');
  if (typeof state !== 'string' || state === '') throw new LaunchRefused('state-missing');
  // Ours are 43 characters of base64url; anything else was never given out.
  if (!/^[\w-]{43}$/.test(state)) throw new LaunchRefused('state-unknown');
  if (typeof idToken !== 'string' || idToken === '') throw new LaunchRefused('token-malformed');
  return { state, idToken, givenBinding: typeof binding === 'string' ? binding : undefined };
}

/** body-parser and the rate limit put the status on what they throw. */
function codeOfForeign(error: unknown): RefusalCode {
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  if (status === 429) return 'too-many-requests';
  return status >= 400 && status < 500 ? 'request-malformed' : 'internal';
}

/** Where an unknown error came from, without its message, which may quote a token. */
function placeOf(error: unknown): string | undefined {
  return error instanceof Error
    ? error.stack
        ?.split('\n')
        .filter((line) => /^\s+at /.test(line))
        .slice(0, 5)
        .join('\n')
    : undefined;
}

/** The same answer for a while; callers that meet while it is made share it. A failure is not remembered. */
function remembered<Value>(freshForMs: number, now: () => Date, make: () => Promise<Value>): () => Promise<Value> {
  let known: { at: number; value: Promise<Value> } | undefined;
  return () => {
    const at = now().getTime();
    if (!known || at - known.at >= freshForMs || at < known.at) {
      const value = make();
      known = { at, value };
      value.catch(() => {
        known = undefined;
      });
    }
    return known.value;
  };
}

function cachedFor(freshForMs: number, now: () => Date, make: () => Promise<object>) {
  const get = remembered(freshForMs, now, make);
  return async (_request: Request, response: Response) => {
    const body = await get();
    response.setHeader('Cache-Control', 'public, max-age=3600');
    response.json(body);
  };
}
