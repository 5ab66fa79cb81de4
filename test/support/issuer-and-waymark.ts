import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { composeWaymark } from '../../server/compose.ts';
import { parseConfig } from '../../server/config.ts';
import type { SessionReply } from '../../server/contracts/session.ts';
import { startLtiIssuer } from './lti-issuer.ts';
import { beginLogin, goodClaims, registerIssuer, sendLaunch } from './lti-tool.ts';

export const ltiClaim = 'https://purl.imsglobal.org/spec/lti/claim/';
export const membershipRole = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
export const institutionRole = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person';

export type Send = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;

/** The whole of Waymark, and the smallest platform registered with it: for tests in which it matters how somebody launches. */
export async function startIssuerAndWaymark(
  databaseUri: string,
  { env = {}, clientDir }: { env?: Record<string, string>; clientDir?: string } = {},
) {
  const issuer = await startLtiIssuer();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const waymark = await composeWaymark({
    config: parseConfig({ WAYMARK_SECRET: 's'.repeat(40), PUBLIC_URL: url, ...env }),
    databaseUri,
    log: pino({ level: 'silent' }),
    now: () => new Date(),
    clientDir,
  });
  server.on('request', (request, response) => void waymark.app(request, response));
  const platformId = (await registerIssuer(issuer)).id;

  /** Launches as somebody with these roles; `more` are claims beside the usual ones. Returns the one-time code. */
  async function launchAs(sub: string, roles: readonly string[], more: Record<string, unknown> = {}): Promise<string> {
    const begun = await beginLogin({ url }, issuer);
    const claims = { ...goodClaims({ url }, issuer, begun.nonce), sub, [`${ltiClaim}roles`]: roles, ...more };
    const launched = await sendLaunch({ url }, begun, await issuer.sign(claims));
    const code = /#code=([\w-]+)/.exec(launched.headers.get('location') ?? '')?.[1];
    if (!code) throw new Error(`The launch answered ${launched.status}.`);
    return code;
  }

  return {
    url,
    issuer,
    platformId,
    launchAs,
    /** The same, and opens the session: its reply, and a way to call the API with its token. */
    async signInAs(...launch: Parameters<typeof launchAs>): Promise<{ session: SessionReply; send: Send }> {
      const opened = await fetch(`${url}/api/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ code: await launchAs(...launch) }),
      });
      const session = (await opened.json()) as SessionReply;
      const send: Send = async (method, path, body) => {
        const response = await fetch(`${url}/api${path}`, {
          method,
          headers: { Authorization: `Bearer ${session.token}`, 'Content-Type': 'application/json' },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        return {
          status: response.status,
          body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
        };
      };
      return { session, send };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await issuer.close();
      await waymark.close();
    },
  };
}
