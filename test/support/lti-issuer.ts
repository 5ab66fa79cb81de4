import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportPKCS8, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/**
 * The smallest LTI platform: a key set over HTTP, and tokens signed as a test wishes, good or bad. Journeys use the practice
 * VLE; this one exists to be wrong on purpose.
 */
export interface LtiIssuer {
  readonly issuer: string;
  readonly jwksUri: string;
  /** How often the key set was fetched. */
  readonly fetches: { count: number };
  /** What the key set answers; tests change it. */
  respond: { keys: JWK[]; delayMs: number; status: number };
  /** Services of the platform, by path; the key set is at /jwks. */
  readonly routes: Map<string, RequestListener>;
  readonly keys: { kid: string; privateKey: CryptoKey; pem: string; jwk: JWK };
  sign(claims: Record<string, unknown>, header?: Record<string, unknown>, key?: CryptoKey): Promise<string>;
  close(): Promise<void>;
}

export async function newSigningKey(kid: string, modulusLength = 2048) {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true, modulusLength });
  return {
    kid,
    privateKey,
    pem: await exportPKCS8(privateKey),
    jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } satisfies JWK,
  };
}

export async function startLtiIssuer(): Promise<LtiIssuer> {
  const keys = await newSigningKey('key-1');
  const fetches = { count: 0 };
  const respond: LtiIssuer['respond'] = { keys: [keys.jwk], delayMs: 0, status: 200 };
  const routes: LtiIssuer['routes'] = new Map();
  const server = createServer((request, response) => {
    const route = routes.get(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (route) return route(request, response);
    fetches.count += 1;
    return setTimeout(() => {
      response.writeHead(respond.status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ keys: respond.keys }));
    }, respond.delayMs);
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    fetches,
    respond,
    routes,
    keys,
    sign: (claims, header = {}, key = keys.privateKey) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: keys.kid, typ: 'JWT', ...header }).sign(key),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
