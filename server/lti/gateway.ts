import { createSecretKey, randomBytes } from 'node:crypto';
import express, { Router, type Request, type Response } from 'express';
import Keyset from 'ltijs/dist/Utils/Keyset.js';
import type { Logger } from 'pino';
import { pingDatabase } from '../database/connect.ts';
import type { Course } from '../database/models/course.ts';
import type { Vault } from '../database/vault.ts';
import { limitRate } from '../http/rate-limits.ts';
import { createBrowserBinding } from './browser-binding.ts';
import { withinPatience } from './database-patience.ts';
import { choiceSchema, offerPlacements, sendDeepLinkingAnswer, signDeepLinkingAnswer } from './deep-linking.ts';
import { registerDynamically, sendRegistered } from './dynamic-registration.ts';
import { createGuardedLtijs, type LoginPass } from './guarded-ltijs.ts';
import { createKeySets } from './key-sets.ts';
import { createKnownPlatforms } from './known-platforms.ts';
import { createLaunchStore } from './launch.ts';
import { startLaunch, type LaunchContext, type VerifiedLaunch } from './launch-pass.ts';
import { answerLogin, beginLogin, readLogin, resolveClientId } from './login.ts';
import type { BegunLogin, LoginContext } from './login.ts';
import { createLtijsDatabase } from './ltijs-database.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { createAssetsRouter, sendRefusal } from './pages.ts';
import { listFrameOrigins } from './platforms.ts';
import { readOwnResults } from './own-results.ts';
import { readRosterByChanges } from './roster-changes.ts';
import { remembered } from './remembered.ts';
import { createServiceClient } from './service-client.ts';
import { LaunchRefused, type RefusalCode } from './refusals.ts';
import { toolEndpoints } from './tool-configuration.ts';
import { createToolKeys } from './tool-keys.ts';

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
  /** Everybody; by what has changed since it was last asked, where the platform tells. */
  readRoster(course: Pick<Course, '_id'>): ReturnType<typeof readRosterByChanges>;
  readOwnResults(course: Parameters<typeof readOwnResults>[0]): ReturnType<typeof readOwnResults>;
}

export interface LtiGateway {
  readonly router: Router;
  readonly frameAncestors: () => Promise<readonly string[]>;
  readonly services: LtiServices;
  /** For the administration page. */
  readonly administration: {
    readonly objectionTo: (url: string) => string | undefined;
    readonly tool: ReturnType<typeof toolEndpoints>;
    readonly registration: LtiGatewayOptions['registration'];
  };
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
  const platforms = createKnownPlatforms(now);
  const database = createLtijsDatabase(toolKeys, platforms);
  const context: LoginContext = { publicUrl, now, binding };
  const launchContext: LaunchContext = {
    ...context,
    keySets,
    platforms,
    objectionTo: (url) => outbound.objectionTo(url),
    onVerified: answerVerified,
  };
  const launches = createLaunchStore({ now, sessionHours: options.sessionHours });
  const client = createServiceClient({ outbound, toolKeys, now });
  // The first start makes a key, which may take a while.
  await toolKeys.published();
  const publishedKeys = remembered(keysFreshForMs, now, () => Keyset.build(database, false));
  // Read before anybody asks: from here on they are told even while the database is away.
  await publishedKeys();

  function refuse(error: unknown, request: Request, response: Response): void {
    const refusal = error instanceof LaunchRefused ? error : new LaunchRefused(codeOfForeign(error));
    const cause = refusal.code === 'internal' ? (error instanceof Error ? error.name : typeof error) : undefined;
    // Only those who know the registration secret come this far; anybody can send a deployment.
    const registering = refusal.code.startsWith('registration-') ? refusal.detail : undefined;
    log[refusal.code === 'internal' ? 'error' : 'warn'](
      {
        code: refusal.code,
        path: request.path,
        ...(registering && { detail: registering }),
        ...(cause && { cause, at: placeOf(error) }),
      },
      'launch refused',
    );
    if (response.headersSent) response.destroy();
    else sendRefusal(response, refusal.code, refusal.code.startsWith('deployment-') ? refusal.detail : registering);
  }

  async function startLogin(params: Record<string, unknown>): Promise<LoginPass> {
    const login = readLogin(params, publicUrl);
    const clientId = await withinPatience(resolveClientId(login));
    // Read here, and kept for ltijs, which would hide why it can't be read.
    await platforms.find(login.iss, clientId);
    let begun: BegunLogin | undefined;
    return {
      issuer: login.iss,
      clientId,
      async begin(platform) {
        begun = await withinPatience(beginLogin(login, platform, context));
      },
      answer: (request, response) => answerLogin(request, response, login, begun!, context),
    };
  }

  async function answerVerified(launch: VerifiedLaunch, response: Response): Promise<void> {
    const { platform, claims } = launch;
    if (claims.messageType === 'LtiDeepLinkingRequest') {
      offerPlacements(response, { platform, claims, vault, now: now() });
      return;
    }
    const stored = await withinPatience(launches.accept(launch));
    if (stored.courseId) tellOfLaunch(stored.courseId, stored.isFirstOfCourse);
    response.setHeader('Cache-Control', 'no-store');
    response.redirect(303, `/app/#code=${stored.code}`);
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
    handlers: {
      readLogin: startLogin,
      readLaunch: (params, request, response) => startLaunch(params, request, response, launchContext),
      refuse,
    },
    secret: createSecretKey(randomBytes(32)),
  });

  // By the exact paths alone: what stands behind them tells login from launch by the path.
  const router = Router({ strict: true, caseSensitive: true });
  router.use(createAssetsRouter());
  router.get('/keys', async (_request, response) => {
    const keys = await publishedKeys();
    response.setHeader('Cache-Control', 'public, max-age=3600');
    response.json(keys);
  });
  router.get('/login/cookie', (request, response) => {
    const { state } = request.query;
    response.setHeader('Cache-Control', 'no-store');
    response.json({ isKept: typeof state === 'string' && binding.read(request, state) !== undefined });
  });
  router.use(limitRate({ perMinute }));
  router.get('/register', limitRate({ perMinute: 20 }), async (request, response) => {
    const { registration, allowedHosts } = options;
    const registering = { publicUrl, registration, allowedHosts, outbound, now: now() };
    // Nobody is asked to register us while there is nowhere to keep it.
    await withinPatience(pingDatabase());
    const registered = await registerDynamically(request.query, registering);
    const { platform, isNew } = registered;
    log.info({ platformId: platform._id.toHexString() }, isNew ? 'platform registered' : 'registration updated');
    sendRegistered(response, registered);
  });
  router.use(['/login', '/launch', '/deep-link'], (request, _response, next) => {
    // Some sender may never finish its body; nobody waits for it longer than this.
    request.setTimeout(20_000, () => request.destroy());
    next();
  });
  router.get('/login', guarded);
  router.post(['/login', '/launch'], (request, response, next) => {
    const isForm = request.is('application/x-www-form-urlencoded') !== false;
    const length = Number(request.get('content-length') ?? 0);
    if (isForm && length <= longestBody) guarded(request, response, next);
    else refuse(new LaunchRefused('request-malformed'), request, response);
  });
  router.post('/deep-link', express.urlencoded({ extended: false, limit: longestBody }), async (request, response) => {
    const choice = choiceSchema.safeParse(request.body);
    if (!choice.success) throw new LaunchRefused('request-malformed');
    // Answered outside of it: what comes too late must not answer beside the refusal.
    const signing = signDeepLinkingAnswer(choice.data, { publicUrl, vault, toolKeys, now: now() });
    sendDeepLinkingAnswer(response, await withinPatience(signing));
  });
  router.use((error: unknown, request: Request, response: Response, _next: unknown) =>
    refuse(error, request, response),
  );
  router.use((request, response) => refuse(new LaunchRefused('request-malformed'), request, response));

  return {
    router,
    // Unread, nobody may frame a page, but for the few that anybody may.
    frameAncestors: remembered(frameOriginsFreshForMs, now, listFrameOrigins, []),
    services: {
      readRoster: (course) => readRosterByChanges(course, client, now()),
      readOwnResults: (course) => readOwnResults(course, client),
    },
    administration: {
      objectionTo: (url) => outbound.objectionTo(url),
      tool: toolEndpoints(publicUrl),
      registration: options.registration,
    },
    close: () => {
      outbound.close();
      return Promise.resolve();
    },
  };
}

/** body-parser and the rate limit put the status on what they throw. */
function codeOfForeign(error: unknown): RefusalCode {
  // Whoever sent it has hung up; body-parser takes that for an error of ours.
  if (error instanceof Error && 'type' in error && error.type === 'stream.not.readable') return 'request-malformed';
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
