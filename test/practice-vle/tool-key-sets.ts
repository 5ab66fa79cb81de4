import { createRemoteJWKSet, decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import type { RegisteredTool, Site } from './site.ts';

const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

/**
 * Verifies what a tool has signed (service assertions, deep-linking answers) with the key set at its registered address.
 * Throws when the tool is unknown, the signature wrong, or the token meant for somebody else.
 */
export async function verifyToolToken(
  site: Site,
  token: string,
  audience: string[],
): Promise<{ tool: RegisteredTool; payload: JWTPayload }> {
  const tool = site.tools.find(({ clientId }) => clientId === decodeJwt(token).iss);
  if (!tool) throw new Error('unknown client');
  let keySet = keySets.get(tool.jwksUrl);
  if (!keySet) {
    keySet = createRemoteJWKSet(new URL(tool.jwksUrl), { cooldownDuration: 0 });
    keySets.set(tool.jwksUrl, keySet);
  }
  const { payload } = await jwtVerify(token, keySet, {
    issuer: tool.clientId,
    audience,
    algorithms: ['RS256'],
    requiredClaims: ['exp', 'iat'],
  });
  return { tool, payload };
}
