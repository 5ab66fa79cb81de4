import { randomUUID } from 'node:crypto';
import type { Router } from 'express';
import express from 'express';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import type { PlatformKeys, Site } from './site.ts';

/** Makes an RSA key pair of its own for a platform. */
export async function createPlatformKeys(): Promise<PlatformKeys> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const kid = randomUUID().replaceAll('-', '').slice(0, 20);
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

/** Overrides for a token that is wrong on purpose. */
export interface SigningOverrides {
  /** Merged into the header; a key set to undefined is left out (`{ kid: undefined }`). */
  header?: Record<string, unknown>;
  /** Signs with this key instead of the platform's. */
  key?: CryptoKey;
}

/** Signs any claims as the platform would, or wrongly where asked. Nothing is added to the claims. */
export async function signToken(
  keys: PlatformKeys,
  claims: JWTPayload,
  { header = {}, key = keys.privateKey }: SigningOverrides = {},
): Promise<string> {
  const merged = Object.entries({ typ: 'JWT', alg: 'RS256', kid: keys.kid, ...header }).filter(
    ([, value]) => value !== undefined,
  );
  return new SignJWT(claims).setProtectedHeader(Object.fromEntries(merged) as { alg: string }).sign(key);
}

/** GET /mod/lti/certs.php: the platform's public keys. */
export function keysRouter(site: Site): Router {
  const router = express.Router();
  router.get('/mod/lti/certs.php', site.faults.at('jwks'), (_request, response) => {
    response.json({ keys: [site.keys.publicJwk] });
  });
  return router;
}
