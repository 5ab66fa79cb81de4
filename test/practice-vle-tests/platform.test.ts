import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPracticeVle, type PracticeVle } from '../practice-vle/practice-vle.ts';
import { SCOPES, startPracticeTool } from './practice-tool.ts';

const MEMBERSHIPS = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
let vle: PracticeVle;
let tool: Awaited<ReturnType<typeof startPracticeTool>>;

beforeAll(async () => {
  vle = await createPracticeVle();
  tool = await startPracticeTool(vle);
});
afterAll(async () => {
  await tool.close();
  await vle.close();
});

/** What a tool sends to the authorisation endpoint after a login request. */
function authorisationRequest(login: Record<string, string>, changes: Record<string, string> = {}) {
  const [redirectUri = ''] = tool.tool.redirectUris;
  return new URLSearchParams({
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: login['client_id'] ?? '',
    redirect_uri: redirectUri,
    login_hint: login['login_hint'] ?? '',
    lti_message_hint: login['lti_message_hint'] ?? '',
    nonce: 'a-nonce',
    state: 'a-state',
    ...changes,
  });
}

async function authorise(parameters: URLSearchParams) {
  const response = await fetch(`${vle.authorisationUrl}?${parameters.toString()}`);
  const html = await response.text();
  const fields = [...html.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  return { status: response.status, fields: Object.fromEntries(fields) as Record<string, string> };
}

describe('a launch', () => {
  it('gives a token that the key set proves, once', async () => {
    const login = vle.startLaunch({ tool: tool.tool, personId: vle.students[0]!.person.id });
    expect(login).toMatchObject({ iss: vle.url, lti_deployment_id: '1', client_id: tool.tool.clientId });
    const { fields } = await authorise(authorisationRequest(login));
    expect(fields['state']).toBe('a-state');

    const keySet = createRemoteJWKSet(new URL(vle.jwksUrl));
    const { payload } = await jwtVerify(fields['id_token']!, keySet, {
      issuer: vle.issuer,
      audience: tool.tool.clientId,
    });
    expect(payload).toMatchObject({
      nonce: 'a-nonce',
      sub: String(vle.students[0]!.person.id),
      'https://purl.imsglobal.org/spec/lti/claim/roles': ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
      'https://purl.imsglobal.org/spec/lti/claim/custom': { odd: '$Nobody.knows' },
    });
    expect((await authorise(authorisationRequest(login))).fields['error']).toBeDefined();
  });

  it.each([
    ['scope', { scope: 'openid profile' }, 'invalid_scope'],
    ['response mode', { response_mode: 'query' }, 'invalid_request'],
    ['response type', { response_type: 'code' }, 'unsupported_response_type'],
    ['nonce', { nonce: '' }, 'invalid_request'],
    ['person', { login_hint: '999999' }, 'access_denied'],
    ['client', { client_id: 'somebody-else' }, 'unauthorized_client'],
  ])('is refused for a wrong %s', async (_what, changes, error) => {
    const login = vle.startLaunch({ tool: tool.tool, personId: vle.tutor.person.id });
    const { fields } = await authorise(authorisationRequest(login, changes));
    expect(fields['error']).toBe(error);
    expect(fields['id_token']).toBeUndefined();
  });

  it('never answers at an address that is not registered', async () => {
    const login = vle.startLaunch({ tool: tool.tool, personId: vle.tutor.person.id });
    const answer = await authorise(authorisationRequest(login, { redirect_uri: 'http://127.0.0.1:1/elsewhere' }));
    expect(answer).toEqual({ status: 400, fields: {} });
  });

  it('can be spoiled at will for tests of refusal', async () => {
    const claims = vle.launchClaims({ tool: tool.tool, personId: vle.tutor.person.id }, 'n');
    const token = await vle.signLaunch({ ...claims, exp: 1 }, { header: { kid: undefined } });
    expect(decodeJwt(token).exp).toBe(1);
    await expect(jwtVerify(token, createRemoteJWKSet(new URL(vle.jwksUrl)))).rejects.toThrow();
  });
});

describe('the token endpoint', () => {
  it('grants the scopes that were both registered and asked for', async () => {
    const answer = await tool.askToken(await tool.sign(), `${SCOPES.roster} https://example.invalid/other`);
    expect(answer).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3600, scope: SCOPES.roster },
    });
  });

  it('refuses an assertion for somebody else, one used before, and an unknown scope', async () => {
    const used = await tool.sign();
    await tool.askToken(used, SCOPES.roster);
    expect((await tool.askToken(used, SCOPES.roster)).body).toEqual({ error: 'invalid_client' });
    const elsewhere = await tool.sign({ aud: 'https://elsewhere.invalid' });
    expect((await tool.askToken(elsewhere, SCOPES.roster)).body).toEqual({ error: 'invalid_client' });
    expect((await tool.askToken(await tool.sign(), 'nothing')).body).toEqual({ error: 'invalid_scope' });
  });
});

describe('the roster', () => {
  const rosterUrl = () => `${vle.url}/mod/lti/services.php/CourseSection/${vle.course.id}/bindings/1/memberships`;
  const read = async (url: string, token: string, accept = MEMBERSHIPS) =>
    fetch(url, { headers: { authorization: `Bearer ${token}`, accept } });

  it('holds everybody, in pages when a limit is given, and drops the role from page two on', async () => {
    const token = await tool.accessToken(SCOPES.roster);
    let url = `${rosterUrl()}?limit=50&role=Learner`;
    const roles: string[] = [];
    for (;;) {
      const response = await read(url, token);
      const { members } = (await response.json()) as { members: { status: string; roles: string[] }[] };
      roles.push(...members.flatMap((member) => member.roles));
      const next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
      if (!next) break;
      expect(next).not.toContain('role=');
      url = next;
    }
    expect(roles.length).toBeGreaterThan(160);
    expect(roles.slice(0, 50)).not.toContain('Instructor');
  });

  it('asks for its media type, a token and the scope', async () => {
    const token = await tool.accessToken(SCOPES.roster);
    expect((await read(rosterUrl(), token, 'application/json')).status).toBe(406);
    expect((await read(rosterUrl(), 'none')).status).toBe(401);
    expect((await read(rosterUrl(), await tool.accessToken(SCOPES.results))).status).toBe(401);
  });
});
