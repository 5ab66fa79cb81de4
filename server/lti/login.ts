import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Platform } from '../database/models/platform.ts';
import { escapeHtml } from '../http/escape-html.ts';
import type { BrowserBinding } from './browser-binding.ts';
import { hashSecret, saveAttempt } from './models/login-attempt.ts';
import { sendPage } from './pages.ts';
import { findPlatformsOf, isKnownDeployment } from './platforms.ts';
import { LaunchRefused } from './refusals.ts';
import { readWayIn } from './way-back.ts';

/** How long a person may take between the platform's login page and its answer. */
const attemptMinutes = 10;

const short = z.string().min(1).max(255);
const long = z.string().min(1).max(4_000);
const loginSchema = z.object({
  iss: long,
  login_hint: long,
  target_link_uri: long,
  client_id: short.optional(),
  lti_message_hint: z.string().max(8_000).optional(),
  lti_deployment_id: short.optional(),
  lti_storage_target: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional(),
  redirect_uri: z.string().optional(),
});
export type LoginParams = z.output<typeof loginSchema>;

export interface LoginContext {
  readonly publicUrl: string;
  readonly now: () => Date;
  readonly binding: BrowserBinding;
}

/** What a login request must look like before anybody looks a platform up. Throws LaunchRefused. */
export function readLogin(params: Readonly<Record<string, unknown>>, publicUrl: string): LoginParams {
  const parsed = loginSchema.safeParse(params);
  if (!parsed.success) {
    const isOdd = Object.values(params).some((value) => typeof value !== 'string');
    throw new LaunchRefused(isOdd ? 'request-malformed' : 'login-incomplete', String(parsed.error.issues[0]?.path[0]));
  }
  const login = parsed.data;
  if (!isOwnUrl(login.target_link_uri, publicUrl)) throw new LaunchRefused('target-link-foreign');
  if (login.redirect_uri !== undefined && login.redirect_uri !== launchUrl(publicUrl)) {
    throw new LaunchRefused('redirect-foreign');
  }
  return login;
}

/** A login may leave the client id out; it is then only answered where one active registration can be meant. */
export async function resolveClientId(login: LoginParams): Promise<string> {
  if (login.client_id !== undefined) return login.client_id;
  const platforms = await findPlatformsOf(login.iss);
  if (platforms.length === 0) throw new LaunchRefused('platform-unknown');
  const active = platforms.filter((platform) => platform.isActive);
  if (active.length === 0) throw new LaunchRefused('platform-disabled');
  const named = active.filter(({ deploymentIds }) => deploymentIds.includes(login.lti_deployment_id ?? ''));
  const candidates = named.length > 0 ? named : active;
  if (candidates.length > 1) throw new LaunchRefused('client-id-needed');
  return candidates[0]!.clientId;
}

export interface BegunLogin {
  readonly state: string;
  readonly binding: string;
  readonly authenticationUrl: string;
  readonly storage: { readonly target: string; readonly origin: string } | undefined;
}

/** Stores the attempt and returns where to send the browser. Throws LaunchRefused for a deployment that may not launch. */
export async function beginLogin(
  login: LoginParams,
  platform: Platform,
  { publicUrl, now }: LoginContext,
): Promise<BegunLogin> {
  if (login.lti_deployment_id !== undefined && !isKnownDeployment(platform, login.lti_deployment_id)) {
    throw new LaunchRefused('deployment-unknown', login.lti_deployment_id);
  }
  const { state, nonce, binding } = newSecrets();
  const wayIn = readWayIn(platform, login.lti_message_hint);
  await saveAttempt({
    _id: hashSecret(state),
    nonce,
    bindingHash: hashSecret(binding),
    platformId: platform._id,
    ...(login.lti_deployment_id !== undefined && { deploymentId: login.lti_deployment_id }),
    targetLinkUri: login.target_link_uri,
    ...(login.lti_storage_target !== undefined && { storageTarget: login.lti_storage_target }),
    ...(wayIn && { wayIn }),
    expiresAt: new Date(now().getTime() + attemptMinutes * 60_000),
  });
  const url = new URL(platform.authenticationEndpoint);
  const query = {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: platform.clientId,
    redirect_uri: launchUrl(publicUrl),
    login_hint: login.login_hint,
    state,
    nonce,
    ...(login.lti_message_hint !== undefined && { lti_message_hint: login.lti_message_hint }),
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return {
    state,
    binding,
    authenticationUrl: url.href,
    storage: login.lti_storage_target ? { target: login.lti_storage_target, origin: url.origin } : undefined,
  };
}

/**
 * Answers a login. At the top of a window cookies are our own and the browser goes on at once. In a frame it must first be known
 * that they are kept, and it must be found out before the platform is asked: some platforms answer a login hint only once.
 */
export function answerLogin(
  request: Request,
  response: Response,
  login: LoginParams,
  begun: BegunLogin,
  { binding }: LoginContext,
): void {
  binding.give(response, begun.state, begun.binding);
  // Browsers too old to say where they show a page are taken to be at the top, unless the platform says that it can help.
  const shownIn = request.get('sec-fetch-dest') ?? (begun.storage ? 'iframe' : 'document');
  if (shownIn === 'document' || binding.isKnownToWork(request)) {
    response.setHeader('Cache-Control', 'no-store');
    response.redirect(302, begun.authenticationUrl);
    return;
  }
  const { client_id, iss, login_hint, target_link_uri, lti_message_hint, lti_deployment_id } = login;
  const again = new URLSearchParams({
    iss,
    login_hint,
    target_link_uri,
    ...(client_id !== undefined && { client_id }),
    ...(lti_message_hint !== undefined && { lti_message_hint }),
    ...(lti_deployment_id !== undefined && { lti_deployment_id }),
  });
  sendPage(response, {
    title: 'Opening Waymark',
    isFrameableByAnyone: true,
    data: {
      step: 'login',
      probe: `/lti/login/cookie?state=${begun.state}`,
      next: begun.authenticationUrl,
      ...(begun.storage && {
        'storage-target': begun.storage.target,
        'storage-origin': begun.storage.origin,
        'storage-key': storageKey(begun.state),
        'storage-value': begun.binding,
      }),
    },
    body:
      `<div data-part="wait"><p>One moment…</p><noscript><p>Waymark needs JavaScript. Please switch it on for this site, or open Waymark in another browser.</p></noscript></div>` +
      `<div data-part="window" hidden><p>Your browser keeps no cookies for Waymark inside this page. That is a sound privacy setting, and Waymark works just as well in a window of its own.</p>` +
      `<p><a class="button" target="_blank" rel="opener" href="/lti/login?${escapeHtml(again.toString())}">Open Waymark in a new window</a></p></div>`,
  });
}

/** The page that fetches the binding from the platform's storage and sends the launch on, from our own origin. */
export function askStorageForBinding(
  response: Response,
  { state, idToken, target, origin }: { state: string; idToken: string; target: string; origin: string },
): void {
  // The answer must show that this page, and no other site's, sent it: helmet's `no-referrer` would hide the origin.
  response.setHeader('Referrer-Policy', 'same-origin');
  sendPage(response, {
    title: 'Opening Waymark',
    isFrameableByAnyone: true,
    data: { step: 'launch', 'storage-target': target, 'storage-origin': origin, 'storage-key': storageKey(state) },
    body:
      `<div data-part="wait"><p>One moment…</p></div>` +
      `<div data-part="failed" hidden><p>Your browser and the course site could not agree on who you are. Please open Waymark from your course once more, or choose to open it in a new window.</p></div>` +
      `<form method="post" action="/lti/launch" hidden><input type="hidden" name="state" value="${escapeHtml(state)}">` +
      `<input type="hidden" name="id_token" value="${escapeHtml(idToken)}"><input type="hidden" name="binding" value=""></form>`,
  });
}

export function launchUrl(publicUrl: string): string {
  return `${publicUrl}/lti/launch`;
}

export function isOwnUrl(url: string, publicUrl: string): boolean {
  return URL.canParse(url) && new URL(url).origin === publicUrl;
}

function storageKey(state: string): string {
  return `waymark_${hashSecret(state).slice(0, 16)}`;
}

/** Three of 256 bits each, from one turn of the generator. */
function newSecrets(): { state: string; nonce: string; binding: string } {
  const bytes = randomBytes(96);
  const [state, nonce, binding] = [0, 32, 64].map((from) => bytes.subarray(from, from + 32).toString('base64url'));
  return { state: state!, nonce: nonce!, binding: binding! };
}
