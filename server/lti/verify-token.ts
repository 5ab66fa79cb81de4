import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import type { KeySets } from './key-sets.ts';
import { LaunchRefused } from './refusals.ts';
import { signingAlgorithm } from './tool-configuration.ts';

/** Clocks of platforms differ; nobody's may differ by more than this. */
const leewaySeconds = 60;
/** Platforms sign for a minute to an hour; more is a mistake or a trick. */
const longestLifeSeconds = 2 * 3600;
/** A token is made for the login that was just begun, so an old one was kept for something. */
const oldestSeconds = 10 * 60;

export interface ExpectedToken {
  readonly issuer: string;
  readonly clientId: string;
  readonly jwksUri: string;
  readonly nonce: string;
}

/**
 * Verifies an id_token: RS256 by a key of the platform's set, from the registered issuer, for this client, in date, and with the
 * nonce of the login. Returns the claims, not yet read as LTI. Throws LaunchRefused with the first thing that is wrong.
 */
export async function verifyIdToken(
  token: string,
  expected: ExpectedToken,
  { keySets, now }: { keySets: KeySets; now: Date },
): Promise<Record<string, unknown>> {
  const kid = readHeader(token);
  const key = await keySets.find(expected.jwksUri, kid);
  let bytes: Uint8Array;
  try {
    bytes = (await compactVerify(token, key, { algorithms: [signingAlgorithm] })).payload;
  } catch (error) {
    const code = error instanceof errors.JWSSignatureVerificationFailed ? 'signature-wrong' : 'token-malformed';
    throw new LaunchRefused(code, undefined, { cause: error });
  }
  const claims = readPayload(bytes);
  checkAudience(claims, expected);
  checkTimes(claims, Math.floor(now.getTime() / 1000));
  if (typeof claims['nonce'] !== 'string' || claims['nonce'] === '') throw new LaunchRefused('nonce-missing');
  if (claims['nonce'] !== expected.nonce) throw new LaunchRefused('nonce-wrong');
  return claims;
}

function readHeader(token: string): string {
  let header;
  try {
    header = decodeProtectedHeader(token);
  } catch (error) {
    throw new LaunchRefused('token-malformed', undefined, { cause: error });
  }
  if (header.alg !== signingAlgorithm) throw new LaunchRefused('alg-not-allowed');
  if (typeof header.kid !== 'string' || header.kid === '') throw new LaunchRefused('kid-missing');
  return header.kid;
}

function readPayload(bytes: Uint8Array): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) throw new TypeError('not an object');
    return claims as Record<string, unknown>;
  } catch (error) {
    throw new LaunchRefused('token-malformed', undefined, { cause: error });
  }
}

function checkAudience(claims: Record<string, unknown>, { issuer, clientId }: ExpectedToken): void {
  if (claims['iss'] !== issuer) throw new LaunchRefused('issuer-wrong');
  const audience = Array.isArray(claims['aud']) ? (claims['aud'] as unknown[]) : [claims['aud']];
  if (!audience.includes(clientId)) throw new LaunchRefused('audience-wrong');
  if (audience.length > 1 && claims['azp'] === undefined) throw new LaunchRefused('azp-missing');
  if (claims['azp'] !== undefined && claims['azp'] !== clientId) throw new LaunchRefused('azp-wrong');
}

function checkTimes(claims: Record<string, unknown>, nowSeconds: number): void {
  const { exp, iat, nbf } = claims;
  if (typeof exp !== 'number' || !Number.isFinite(exp)) throw new LaunchRefused('exp-missing');
  if (typeof iat !== 'number' || !Number.isFinite(iat)) throw new LaunchRefused('iat-missing');
  if (exp <= nowSeconds - leewaySeconds) throw new LaunchRefused('expired');
  if (iat > nowSeconds + leewaySeconds) throw new LaunchRefused('iat-in-future');
  if (iat < nowSeconds - oldestSeconds) throw new LaunchRefused('iat-too-old');
  if (exp > nowSeconds + longestLifeSeconds) throw new LaunchRefused('exp-too-far');
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf > nowSeconds + leewaySeconds)) {
    throw new LaunchRefused('not-yet-valid');
  }
}
