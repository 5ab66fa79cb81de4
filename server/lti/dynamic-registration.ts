import { createHash, timingSafeEqual } from 'node:crypto';
import type { Response } from 'express';
import { z } from 'zod';
import type { Platform } from '../database/models/platform.ts';
import { InvalidInput } from '../errors.ts';
import { OutboundFailed, OutboundRefused, type Outbound, type OutboundReply } from '../outbound/outbound.ts';
import { escapeHtml } from '../http/escape-html.ts';
import { sendPage } from './pages.ts';
import { LaunchRefused } from './refusals.ts';
import { addOrUpdateRegistration } from './registrations.ts';
import { askedScopes } from './scopes.ts';
import { parseJson } from './service-client.ts';
import { registrationRequest, signingAlgorithm, toolName } from './tool-configuration.ts';

/** Dynamic registration by the 1EdTech specification, from one pasted address, for those who know the secret. */

const platformClaim = 'https://purl.imsglobal.org/spec/lti-platform-configuration';
const toolClaim = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

const openIdSchema = z.object({
  issuer: z.url().max(500),
  authorization_endpoint: z.string().max(1_000),
  token_endpoint: z.string().max(1_000),
  jwks_uri: z.string().max(1_000),
  registration_endpoint: z.string().max(1_000),
  authorization_server: z.string().max(1_000).optional(),
  scopes_supported: z.array(z.string()).optional(),
  id_token_signing_alg_values_supported: z.array(z.string()).optional().catch(undefined),
  [platformClaim]: z
    .object({
      product_family_code: z.string().max(100).optional(),
      messages_supported: z.array(z.object({ type: z.string(), placements: z.array(z.string()).optional() })).catch([]),
    })
    .optional(),
});

const clientSchema = z.object({
  client_id: z.coerce.string().min(1).max(255),
  scope: z.string().optional(),
  id_token_signed_response_alg: z.string().optional(),
  [toolClaim]: z
    .object({ deployment_id: z.coerce.string().min(1).max(255).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

export interface RegistrationContext {
  readonly publicUrl: string;
  readonly registration: { readonly secret: string; readonly until: Date | undefined } | undefined;
  readonly allowedHosts: readonly string[];
  readonly outbound: Outbound;
  readonly now: Date;
}

const querySchema = z.object({
  openid_configuration: z.string().min(1).max(2_000),
  registration_token: z.string().max(10_000).optional(),
});

export interface Registered {
  readonly platform: Platform;
  /** False where the platform registered the same client again: its record here was brought up to date. */
  readonly isNew: boolean;
}

/** Takes the query of GET /lti/register; returns the registration. Throws LaunchRefused. */
export async function registerDynamically(query: unknown, context: RegistrationContext): Promise<Registered> {
  const parsed = querySchema.safeParse(query);
  const given = z.object({ secret: z.string().max(500) }).safeParse(query);
  checkSecret(given.data?.secret ?? '', context);
  if (!parsed.success) throw new LaunchRefused('request-malformed');
  const configuration = await fetchConfiguration(parsed.data.openid_configuration, context);
  const platform = configuration[platformClaim];
  const body = registrationRequest(context.publicUrl, {
    scopes: configuration.scopes_supported,
    messages: platform?.messages_supported ?? [],
  });
  const token = parsed.data.registration_token;
  const reply = await send(context.outbound, configuration.registration_endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  const client = clientSchema.safeParse(parseJson(reply.text));
  if (!client.success) throw new LaunchRefused('registration-declined', 'no client id');
  if ((client.data.id_token_signed_response_alg ?? signingAlgorithm) !== signingAlgorithm) {
    throw new LaunchRefused('registration-alg-unsupported');
  }
  const deploymentId = client.data[toolClaim]?.deployment_id;
  try {
    return await addOrUpdateRegistration(
      {
        name: new URL(configuration.issuer).host,
        issuer: configuration.issuer,
        clientId: client.data.client_id,
        authenticationEndpoint: configuration.authorization_endpoint,
        tokenEndpoint: configuration.token_endpoint,
        jwksUri: configuration.jwks_uri,
        tokenAudience: configuration.authorization_server,
        deploymentIds: deploymentId === undefined ? [] : [deploymentId],
        productFamily: platform?.product_family_code,
        scopes: grantedOf(client.data.scope ?? (body['scope'] as string)),
      },
      (url) => context.outbound.objectionTo(url),
    );
  } catch (error) {
    if (error instanceof InvalidInput)
      throw new LaunchRefused('registration-url-refused', Object.keys(error.fields)[0]);
    throw error;
  }
}

/** Platforms state everything a service of theirs can do (Moodle: writing scores too); ours is only what we asked for. */
function grantedOf(stated: string): string[] {
  const scopes = stated.split(' ');
  return askedScopes.filter((scope) => scopes.includes(scope));
}

function checkSecret(given: string, { registration, now }: RegistrationContext): void {
  if (!registration) throw new LaunchRefused('registration-closed');
  // Hashes are of one length, so that comparing tells nothing about the secret's.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(given), digest(registration.secret)))
    throw new LaunchRefused('registration-secret-wrong');
  if (registration.until && registration.until <= now) throw new LaunchRefused('registration-expired');
}

async function fetchConfiguration(url: string, context: RegistrationContext): Promise<z.output<typeof openIdSchema>> {
  const reply = await send(context.outbound, url, {});
  const parsed = openIdSchema.safeParse(parseJson(reply.text));
  if (!parsed.success) throw new LaunchRefused('registration-unreadable', String(parsed.error.issues[0]?.path[0]));
  const configuration = parsed.data;
  if (!(configuration.id_token_signing_alg_values_supported ?? [signingAlgorithm]).includes(signingAlgorithm)) {
    throw new LaunchRefused('registration-alg-unsupported');
  }
  for (const address of [
    configuration.issuer,
    configuration.authorization_endpoint,
    configuration.token_endpoint,
    configuration.jwks_uri,
    configuration.registration_endpoint,
  ]) {
    const objection = context.outbound.objectionTo(address);
    if (objection) throw new LaunchRefused('registration-url-refused', `${hostOf(address)} ${objection}`);
  }
  const { hostname, host } = new URL(configuration.issuer);
  if (!speaksFor(new URL(url).hostname, hostname, context.allowedHosts)) {
    throw new LaunchRefused('registration-issuer-mismatch', `${hostOf(url)} named ${host}`);
  }
  return configuration;
}

/** Platforms whose configuration stands on another domain than their issuer, as their documentation says. */
const knownElsewhere: Readonly<Record<string, readonly string[]>> = {
  'canvas.instructure.com': ['canvaslms.com', 'instructure.com'],
  'canvas.beta.instructure.com': ['canvaslms.com', 'instructure.com'],
  'canvas.test.instructure.com': ['canvaslms.com', 'instructure.com'],
  'blackboard.com': ['blackboard.com'],
};

/** Whether a host may say who an issuer is: the same host, a known pair, or one that the operator allows by name. */
function speaksFor(host: string, issuerHost: string, allowedHosts: readonly string[]): boolean {
  if (host === issuerHost || allowedHosts.includes(issuerHost)) return true;
  return (knownElsewhere[issuerHost] ?? []).some((domain) => host === domain || host.endsWith(`.${domain}`));
}

async function send(
  outbound: Outbound,
  url: string,
  options: Parameters<Outbound['request']>[1],
): Promise<OutboundReply> {
  let reply: OutboundReply;
  try {
    reply = await outbound.request(url, { timeoutMs: 10_000, maxBytes: 500_000, ...options });
  } catch (error) {
    const detail = error instanceof Error ? `${hostOf(url)} ${error.message}` : undefined;
    if (error instanceof OutboundRefused) throw new LaunchRefused('registration-url-refused', detail);
    if (error instanceof OutboundFailed) throw new LaunchRefused('registration-unreachable', detail);
    throw error;
  }
  if (reply.status < 200 || reply.status > 299) {
    throw new LaunchRefused('registration-declined', `answered ${reply.status}`);
  }
  return reply;
}

/** What names an address to an administrator; its path and query may hold the platform's own secrets. */
function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host || new URL(address).protocol : 'an address that';
}

/** The page that ends a registration: what was agreed, what is left to do, and the button that closes the platform's dialogue. */
export function sendRegistered(response: Response, { platform, isNew }: Registered): void {
  const next = !isNew
    ? platform.isActive
      ? 'Its name, deployments and connected services stay as they were.'
      : 'It is switched off in Waymark, and stays so until an administrator switches it on.'
    : platform.productFamily === 'moodle'
      ? `Moodle keeps a new tool as “Pending”: after closing this page, choose Activate on the ${toolName} card, and set it to be shown where your courses need it.`
      : 'Some platforms ask you to enable a new tool before anybody can open it.';
  const deployments =
    platform.deploymentIds.length > 0
      ? `Deployment <code>${platform.deploymentIds.map(escapeHtml).join('</code>, <code>')}</code> may launch.`
      : 'The platform named no deployment yet: the first one that launches will be taken, and shown on the administration page.';
  sendPage(response, {
    title: isNew ? `${toolName} is registered` : `The registration of ${toolName} is up to date`,
    isFrameableByAnyone: true,
    data: { step: 'wait-to-close' },
    body:
      `<p><strong>${escapeHtml(platform.issuer)}</strong> and ${toolName} ${isNew ? 'now know' : 'know'} each other. Client id: <code>${escapeHtml(platform.clientId)}</code>.</p>` +
      `<p>${deployments}</p><p>${escapeHtml(next)}</p><p><button type="button" id="close">Finish</button></p>`,
  });
}
