import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import type { PracticeVle } from '../practice-vle/practice-vle.ts';

export const SCOPES = {
  roster: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
  lineItems: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  results: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
};

/** The least a tool needs to meet the platform's services: a key set at an address, and signed assertions. */
export async function startPracticeTool(vle: PracticeVle) {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'tool-key', alg: 'RS256', use: 'sig' };
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tool = vle.addTool({
    name: 'Waymark',
    loginUrl: `${url}/lti/login`,
    redirectUris: [`${url}/lti/launch`],
    targetLinkUri: `${url}/lti/launch`,
    jwksUrl: `${url}/lti/keys`,
    scopes: Object.values(SCOPES),
    customParameters: { begin: '$CourseSection.timeFrame.begin', odd: '$Nobody.knows' },
  });

  const sign = (claims: { aud?: string } = {}) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid: 'tool-key' })
      .setIssuer(tool.clientId)
      .setSubject(tool.clientId)
      .setAudience(claims.aud ?? vle.tokenUrl)
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey);

  async function askToken(assertion: string, scope: string) {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope,
    });
    const response = await fetch(vle.tokenUrl, { method: 'POST', body });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  return {
    tool,
    sign,
    /** Signs any claims with the tool's key, for a minute. */
    signClaims: (claims: JWTPayload) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: 'tool-key' })
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey),
    askToken,
    async accessToken(scope: string): Promise<string> {
      return String((await askToken(await sign(), scope)).body['access_token']);
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
