import type { Request, Response } from 'express';
import type { Platform } from '../database/models/platform.ts';
import type { BrowserBinding } from './browser-binding.ts';
import { readClaims, type LaunchClaims } from './claims.ts';
import { withinPatience } from './database-patience.ts';
import type { LaunchPass } from './guarded-ltijs.ts';
import type { KeySets } from './key-sets.ts';
import type { KnownPlatforms } from './known-platforms.ts';
import { askStorageForBinding, isOwnUrl } from './login.ts';
import { findAttempt, useAttempt, type LoginAttempt } from './models/login-attempt.ts';
import { isKnownDeployment, learnFromLaunch } from './platforms.ts';
import { LaunchRefused } from './refusals.ts';
import { askedScopes, rosterScope } from './scopes.ts';
import { verifyIdToken } from './verify-token.ts';

export interface LaunchContext {
  readonly publicUrl: string;
  readonly now: () => Date;
  readonly binding: BrowserBinding;
  readonly keySets: KeySets;
  readonly platforms: KnownPlatforms;
  readonly objectionTo: (url: string) => string | undefined;
  /** Answers a launch that was found good. */
  readonly onVerified: (launch: VerifiedLaunch, response: Response) => Promise<void>;
}

export interface VerifiedLaunch {
  readonly platform: Platform;
  readonly claims: LaunchClaims;
  /** Where the platform opens the same link anew, where its login told. */
  readonly wayIn: string | undefined;
}

/**
 * Reads a launch: finds the login that it answers, in this browser and for the first time, and returns what is to be
 * verified. Undefined where the browser is first asked for what its platform keeps. Throws LaunchRefused.
 */
export async function startLaunch(
  params: Readonly<Record<string, unknown>>,
  request: Request,
  response: Response,
  context: LaunchContext,
): Promise<LaunchPass | undefined> {
  const { binding, publicUrl, now } = context;
  const { state, idToken, givenBinding } = readLaunch(params);
  const kept = binding.read(request, state) ?? (isFromOurselves(request, publicUrl) ? givenBinding : undefined);
  if (kept === undefined) {
    await explainMissingBinding(response, { state, idToken, isRetry: givenBinding !== undefined }, context);
    return undefined;
  }
  const attempt = await withinPatience(useAttempt(state, kept, now()));
  if (!attempt) throw await whyUnusable(state, now());
  return passFor(attempt, { state, idToken }, context);
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

/** A binding in the body counts only from our own page: anybody can make a browser send a form from elsewhere. */
function isFromOurselves(request: Request, publicUrl: string): boolean {
  return request.get('origin') === publicUrl && request.get('sec-fetch-site') !== 'cross-site';
}

function passFor(
  attempt: LoginAttempt,
  { state, idToken }: { state: string; idToken: string },
  context: LaunchContext,
): LaunchPass {
  const { now, keySets, platforms, binding } = context;
  let launch: VerifiedLaunch | undefined;
  return {
    state,
    idToken,
    async verify() {
      const platform = await platforms.findById(attempt.platformId);
      if (!platform) throw new LaunchRefused('platform-unknown');
      if (!platform.isActive) throw new LaunchRefused('platform-disabled');
      const { issuer, clientId, jwksUri } = platform;
      const expected = { issuer, clientId, jwksUri, nonce: attempt.nonce };
      const verified = await verifyIdToken(idToken, expected, { keySets, now: now() });
      const claims = readClaims(verified);
      checkAgainstLogin(claims, attempt, platform, context);
      launch = { platform, claims, wayIn: attempt.wayIn };
      return { ...verified, clientId, platformId: platform._id.toHexString() };
    },
    async accept(request, response) {
      const { claims, wayIn } = launch!;
      const platform = await withinPatience(
        learnFromLaunch(launch!.platform, {
          deploymentId: claims.deploymentId,
          productFamily: claims.toolPlatform?.product_family_code,
          scopes: offeredScopes(claims),
          urls: [
            claims.namesAndRoles?.context_memberships_url,
            claims.launchPresentation?.return_url,
            claims.deepLinking?.deep_link_return_url,
          ].filter((url) => url !== undefined),
        }),
      );
      // Two first launches of two deployments may meet; one of them was learned.
      checkDeployment(claims, platform);
      binding.settle(request, response, state);
      await context.onVerified({ platform, claims, wayIn }, response);
    },
  };
}

/** Of what Waymark asks for, what this launch says it may have. */
function offeredScopes({ namesAndRoles, grades }: LaunchClaims): string[] {
  return askedScopes.filter((scope) =>
    scope === rosterScope ? namesAndRoles?.context_memberships_url !== undefined : grades?.scope?.includes(scope),
  );
}

function checkAgainstLogin(
  claims: LaunchClaims,
  attempt: LoginAttempt,
  platform: Platform,
  { publicUrl, objectionTo }: LaunchContext,
): void {
  if (attempt.deploymentId !== undefined && attempt.deploymentId !== claims.deploymentId) {
    throw new LaunchRefused('deployment-mismatch');
  }
  checkDeployment(claims, platform);
  if (claims.deepLinking) {
    const returnUrl = claims.deepLinking.deep_link_return_url.split('#')[0]!;
    if (objectionTo(returnUrl)) throw new LaunchRefused('deep-linking-return-unsafe');
    if (!claims.deepLinking.accept_types.includes('ltiResourceLink'))
      throw new LaunchRefused('deep-linking-incomplete');
  }
  if (claims.targetLinkUri === undefined) return;
  if (!isOwnUrl(claims.targetLinkUri, publicUrl)) throw new LaunchRefused('target-link-foreign');
  if (new URL(claims.targetLinkUri).href !== new URL(attempt.targetLinkUri).href) {
    throw new LaunchRefused('target-link-mismatch');
  }
}

function checkDeployment(claims: LaunchClaims, platform: Platform): void {
  if (!isKnownDeployment(platform, claims.deploymentId)) {
    throw new LaunchRefused('deployment-unknown', claims.deploymentId);
  }
}

async function explainMissingBinding(
  response: Response,
  { state, idToken, isRetry }: { state: string; idToken: string; isRetry: boolean },
  { now, platforms }: LaunchContext,
): Promise<void> {
  const attempt = await withinPatience(findAttempt(state));
  if (!attempt || attempt.usedAt || attempt.expiresAt <= now()) throw await whyUnusable(state, now());
  const platform = attempt.storageTarget && !isRetry ? await platforms.findById(attempt.platformId) : null;
  if (!attempt.storageTarget || !platform) throw new LaunchRefused('browser-mismatch');
  const origin = new URL(platform.authenticationEndpoint).origin;
  askStorageForBinding(response, { state, idToken, target: attempt.storageTarget, origin });
}

async function whyUnusable(state: string, now: Date): Promise<LaunchRefused> {
  const attempt = await withinPatience(findAttempt(state));
  if (!attempt || attempt.expiresAt <= now) return new LaunchRefused('state-unknown');
  return new LaunchRefused(attempt.usedAt ? 'state-used' : 'browser-mismatch');
}
