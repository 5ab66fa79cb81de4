import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { Platform } from '../database/models/platform.ts';
import type { Vault } from '../database/vault.ts';
import { escapeHtml } from '../http/escape-html.ts';
import { claimNames, type LaunchClaims } from './claims.ts';
import { launchUrl } from './login.ts';
import { sendPage } from './pages.ts';
import { findPlatformById } from './platforms.ts';
import { LaunchRefused } from './refusals.ts';
import { mayPlaceLinks } from './roles.ts';
import { placements, viewParameter } from './tool-configuration.ts';
import type { ToolKeys } from './tool-keys.ts';

/** How long a tutor may think about titles. */
const choiceMinutes = 30;
const sealContext = 'deep-linking';

/** What the choice page carries along, sealed: any process can finish what another began, and nobody can change it. */
const requestSchema = z.object({
  platformId: z.string(),
  deploymentId: z.string(),
  returnUrl: z.string(),
  data: z.unknown().optional(),
  acceptsSeveral: z.boolean(),
  targets: z.array(z.string()),
  until: z.number(),
});

const placementIds = placements.map(({ id }) => id);
export const choiceSchema = z.object({
  request: z.string().min(1).max(20_000),
  /** One box ticked arrives as a text, several as a list. */
  place: z
    .union([z.enum(placementIds), z.array(z.enum(placementIds)).max(placementIds.length)])
    .default([])
    .transform((place) => [place].flat()),
  height: z.coerce.number().int().min(200).max(4_000).catch(800),
  ...Object.fromEntries(placementIds.map((id) => [`title-${id}`, z.string().trim().max(200).optional()])),
});
export type Choice = z.output<typeof choiceSchema>;

/** Shows somebody who teaches the course what can be placed in it. Stores nothing. Throws LaunchRefused. */
export function offerPlacements(
  response: Response,
  { platform, claims, vault, now }: { platform: Platform; claims: LaunchClaims; vault: Vault; now: Date },
): void {
  const settings = claims.deepLinking!;
  if (!mayPlaceLinks(claims.roles, claims.custom)) throw new LaunchRefused('deep-linking-not-for-role');
  const request: z.output<typeof requestSchema> = {
    platformId: platform._id.toHexString(),
    deploymentId: claims.deploymentId,
    returnUrl: settings.deep_link_return_url,
    data: settings.data,
    acceptsSeveral: settings.accept_multiple ?? false,
    targets: settings.accept_presentation_document_targets ?? [],
    until: now.getTime() + choiceMinutes * 60_000,
  };
  const type = request.acceptsSeveral ? 'checkbox' : 'radio';
  const choices = placements
    .map(
      ({ id, title, explains }, index) =>
        `<label><input type="${type}" name="place" value="${id}"${index === 0 ? ' checked' : ''}> <strong>${escapeHtml(title)}</strong></label>` +
        `<p class="hint">${escapeHtml(explains)}</p>` +
        `<label>Title of this link <input type="text" name="title-${id}" value="${escapeHtml(title)}" maxlength="200"></label>`,
    )
    .join('');
  sendPage(response, {
    title: 'Place Waymark in your course',
    body:
      `<form method="post" action="/lti/deep-link"><input type="hidden" name="request" value="${escapeHtml(vault.seal(JSON.stringify(request), sealContext))}">` +
      `<fieldset><legend>What to place</legend>${choices}</fieldset>` +
      (request.targets.includes('iframe')
        ? '<p><label>Height in the page, in pixels <input type="number" name="height" value="800" min="200" max="4000"></label></p>'
        : '') +
      `<p><button type="submit">Place in course</button></p></form>`,
  });
}

/** What sends the browser back to the platform. */
export interface DeepLinkingAnswer {
  readonly returnUrl: string;
  readonly token: string;
}

/** Takes the choice; returns the signed answer to it. Throws LaunchRefused. */
export async function signDeepLinkingAnswer(
  choice: Choice,
  { publicUrl, vault, toolKeys, now }: { publicUrl: string; vault: Vault; toolKeys: ToolKeys; now: Date },
): Promise<DeepLinkingAnswer> {
  const request = openRequest(choice.request, vault);
  if (!request || request.until < now.getTime()) throw new LaunchRefused('state-unknown');
  const platform = await findPlatformById(request.platformId as unknown as Platform['_id']);
  if (!platform?.isActive) throw new LaunchRefused('platform-disabled');
  const chosen = placements.filter(({ id }) => choice.place.includes(id));
  const items = (request.acceptsSeveral ? chosen : chosen.slice(0, 1)).map(({ id, title }) => ({
    type: 'ltiResourceLink',
    title: (choice as Record<string, unknown>)[`title-${id}`] || title,
    url: launchUrl(publicUrl),
    custom: { [viewParameter]: id },
    ...(request.targets.includes('iframe') && { iframe: { height: choice.height } }),
  }));
  const { kid, key } = await toolKeys.signing();
  const seconds = Math.floor(now.getTime() / 1000);
  const token = await new SignJWT({
    nonce: randomUUID(),
    [claimNames.messageType]: 'LtiDeepLinkingResponse',
    [claimNames.version]: '1.3.0',
    [claimNames.deploymentId]: request.deploymentId,
    'https://purl.imsglobal.org/spec/lti-dl/claim/content_items': items,
    ...(request.data !== undefined && { 'https://purl.imsglobal.org/spec/lti-dl/claim/data': request.data }),
  })
    .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
    .setIssuer(platform.clientId)
    .setAudience(platform.issuer)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 300)
    .sign(key);
  return { returnUrl: request.returnUrl, token };
}

export function sendDeepLinkingAnswer(response: Response, { returnUrl, token }: DeepLinkingAnswer): void {
  sendPage(response, {
    title: 'Going back to your course',
    formActions: [new URL(returnUrl).origin],
    data: { step: 'deep-link-response' },
    body:
      `<form method="post" action="${escapeHtml(returnUrl)}"><input type="hidden" name="JWT" value="${token}">` +
      `<p><button type="submit">Go back to the course</button></p></form>`,
  });
}

function openRequest(sealed: string, vault: Vault): z.output<typeof requestSchema> | undefined {
  try {
    return requestSchema.parse(JSON.parse(vault.open(sealed, sealContext)));
  } catch {
    return undefined;
  }
}
