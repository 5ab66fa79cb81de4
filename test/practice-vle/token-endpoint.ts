import { randomUUID } from 'node:crypto';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { RegisteredTool, Site } from './site.ts';
import { verifyToolToken } from './tool-key-sets.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const TOKEN_LIFE_SECONDS = 3600;

/** POST /mod/lti/token.php: client credentials with a signed assertion, verified against the tool's own key set. */
export function tokenRouter(site: Site): Router {
  const router = express.Router();
  const usedAssertions = new Set<string>();

  async function verifyAssertion(assertion: string): Promise<RegisteredTool> {
    const { tool, payload } = await verifyToolToken(site, assertion, [`${site.url}/mod/lti/token.php`, site.url]);
    if (payload.sub !== tool.clientId || !payload.jti) throw new Error('not an assertion');
    if (usedAssertions.has(payload.jti)) throw new Error('used before');
    usedAssertions.add(payload.jti);
    return tool;
  }

  async function answer(request: Request, response: Response): Promise<void> {
    const given = (request.body ?? {}) as Record<string, unknown>;
    if (given['grant_type'] !== 'client_credentials' || given['client_assertion_type'] !== ASSERTION_TYPE) {
      response.status(400).json({ error: 'unsupported_grant_type' });
      return;
    }
    let tool: RegisteredTool;
    try {
      tool = await verifyAssertion(String(given['client_assertion']));
    } catch {
      response.status(400).json({ error: 'invalid_client' });
      return;
    }
    const asked = typeof given['scope'] === 'string' ? given['scope'].split(' ') : [];
    const scopes = tool.scopes.filter((scope) => asked.includes(scope));
    if (scopes.length === 0) {
      response.status(400).json({ error: 'invalid_scope' });
      return;
    }
    const accessToken = randomUUID().replaceAll('-', '');
    const expiresAt = Date.now() + TOKEN_LIFE_SECONDS * 1000;
    site.accessTokens.set(accessToken, { clientId: tool.clientId, scopes, expiresAt });
    response.json({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: TOKEN_LIFE_SECONDS,
      scope: scopes.join(' '),
    });
  }

  router.post('/mod/lti/token.php', express.urlencoded({ extended: false }), site.faults.at('token'), answer);
  return router;
}

/** Lets a service request through when it carries a live token with one of these scopes; else 401, with no body as Moodle. */
export function requireScope(site: Site, ...allowed: string[]): RequestHandler {
  return (request, response, next) => {
    const bearer = /^Bearer (\S+)$/.exec(request.get('authorization') ?? '')?.[1] ?? '';
    const token = site.accessTokens.get(bearer);
    if (token && token.expiresAt > Date.now() && token.scopes.some((scope) => allowed.includes(scope))) next();
    else response.status(401).end();
  };
}
