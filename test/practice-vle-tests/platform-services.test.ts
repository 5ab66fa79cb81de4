import { SignJWT, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPracticeVle, type PracticeVle } from '../practice-vle/practice-vle.ts';
import { SCOPES, startPracticeTool } from './practice-tool.ts';

let vle: PracticeVle;
let tool: Awaited<ReturnType<typeof startPracticeTool>>;

beforeAll(async () => {
  vle = await createPracticeVle({ hasControl: true });
  tool = await startPracticeTool(vle);
});
afterAll(async () => {
  await tool.close();
  await vle.close();
});

describe('the grade book', () => {
  const lineItems = () => `${vle.url}/mod/lti/services.php/${vle.course.id}/lineitems?type_id=1`;
  const read = async (url: string, scope: string) =>
    fetch(url, { headers: { authorization: `Bearer ${await tool.accessToken(scope)}` } });

  it('shows the tool its own column and the marks in it', async () => {
    const student = vle.students[0]!.person.id;
    vle.giveResult(student, 7);
    const [item] = (await (await read(lineItems(), SCOPES.lineItems)).json()) as { id: string; scoreMaximum: number }[];
    expect(item).toMatchObject({ scoreMaximum: 10, resourceLinkId: '1' });
    const results = await read(item!.id.replace('/lineitem?', '/lineitem/results?'), SCOPES.results);
    expect(await results.json()).toEqual([
      expect.objectContaining({ userId: String(student), resultScore: 7, resultMaximum: 10, scoreOf: item!.id }),
    ]);
  });

  it('wants the right scope, and takes no scores', async () => {
    expect((await read(lineItems(), SCOPES.roster)).status).toBe(401);
    const scores = lineItems().replace('lineitems?', 'lineitems/1/lineitem/scores?');
    expect((await fetch(scores, { method: 'POST', body: '{}' })).status).toBe(403);
  });
});

describe('dynamic registration', () => {
  const registration = (changes: Record<string, unknown> = {}) => ({
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    initiate_login_uri: 'http://127.0.0.1:3999/login',
    redirect_uris: ['http://127.0.0.1:3999/launch'],
    client_name: 'Another tool',
    jwks_uri: 'http://127.0.0.1:3999/keys',
    token_endpoint_auth_method: 'private_key_jwt',
    scope: `${SCOPES.roster} https://example.invalid/scope`,
    'https://purl.imsglobal.org/spec/lti-tool-configuration': {
      domain: '127.0.0.1:3999',
      target_link_uri: 'http://127.0.0.1:3999/launch',
      claims: ['iss', 'sub'],
      messages: [{ type: 'LtiResourceLinkRequest' }],
    },
    ...changes,
  });

  async function begin() {
    const opened = new URL(await vle.startRegistration('http://127.0.0.1:3999/register?secret=s'));
    const about = await fetch(opened.searchParams.get('openid_configuration')!);
    const { issuer, registration_endpoint: endpoint } = (await about.json()) as Record<string, string>;
    expect(issuer).toBe(vle.issuer);
    const token = opened.searchParams.get('registration_token');
    return (body: unknown) =>
      fetch(endpoint!, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
  }

  it('answers with client and deployment, leaves the tool pending, and works once', async () => {
    const register = await begin();
    const response = await register(registration());
    expect(await response.json()).toMatchObject({
      client_name: 'Another tool',
      scope: SCOPES.roster,
      'https://purl.imsglobal.org/spec/lti-tool-configuration': { deployment_id: '2' },
    });
    expect(vle.tools.at(-1)).toMatchObject({ name: 'Another tool', isPending: true });
    expect((await register(registration())).status).toBe(401);
  });

  it('refuses what Moodle refuses', async () => {
    const register = await begin();
    expect((await register(registration({ redirect_uris: [] }))).status).toBe(400);
    const elsewhere = { domain: '127.0.0.1', target_link_uri: 'http://127.0.0.1:3999/launch' };
    const mismatch = registration({ 'https://purl.imsglobal.org/spec/lti-tool-configuration': elsewhere });
    expect(await (await register(mismatch)).text()).toBe('domain_targetlinkuri_mismatch');
  });
});

describe('deep linking', () => {
  const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
  const answer = () => ({
    iss: tool.tool.clientId,
    aud: vle.issuer,
    nonce: 'n',
    [`${LTI}/message_type`]: 'LtiDeepLinkingResponse',
    [`${LTI}/version`]: '1.3.0',
    [`${LTI}/deployment_id`]: tool.tool.deploymentId,
    'https://purl.imsglobal.org/spec/lti-dl/claim/content_items': [
      { type: 'ltiResourceLink', title: 'My engagement', custom: { waymark_view: 'mine' } },
    ],
  });

  async function giveBack(token: string) {
    const claims = vle.launchClaims(
      { tool: tool.tool, personId: vle.tutor.person.id, messageType: 'LtiDeepLinkingRequest' },
      'n',
    );
    const settings = claims['https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings'] as {
      deep_link_return_url: string;
    };
    return fetch(settings.deep_link_return_url, {
      method: 'POST',
      body: new URLSearchParams({ JWT: token }),
      redirect: 'manual',
    });
  }

  it('places links that the tool has signed', async () => {
    expect((await giveBack(await tool.signClaims(answer()))).status).toBe(303);
    expect(vle.placedLinks).toEqual([expect.objectContaining({ courseId: vle.course.id, title: 'My engagement' })]);
  });

  it('launches a placed link as what was placed, from the course page too', async () => {
    const [link] = vle.placedLinks;
    const claims = vle.launchClaims({ tool: tool.tool, personId: vle.tutor.person.id, link: link! }, 'n');
    expect(claims[`${LTI}/resource_link`]).toMatchObject({ id: link!.id, title: 'My engagement' });
    expect(claims[`${LTI}/custom`]).toMatchObject({ waymark_view: 'mine' });
    expect(claims[`${LTI}/target_link_uri`]).toBe(tool.tool.targetLinkUri);
    const as = `id=${vle.course.id}&as=${vle.tutor.person.id}`;
    const course = await (await fetch(`${vle.url}/course/view.php?${as}`)).text();
    const [, address = ''] = /href="([^"]*link=[^"]*)" target="tool">My engagement/.exec(course) ?? [];
    const form = await (await fetch(vle.url + address.replaceAll('&amp;', '&'))).text();
    expect(form).toContain(tool.tool.loginUrl);
  });

  it('places nothing that somebody else has signed', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const forged = await new SignJWT(answer())
      .setProtectedHeader({ alg: 'RS256', kid: 'tool-key' })
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey);
    expect((await giveBack(forged)).status).toBe(400);
    expect(vle.placedLinks).toHaveLength(1);
  });
});

it('finds people by their name on the front page', async () => {
  const [student] = vle.students;
  const { givenName, familyName, id } = student!.person;
  const begin = await (await fetch(vle.url)).text();
  expect(begin).toMatch(/Students to begin with.*here a lot.*was here often.*seldom here/s);
  const found = await (await fetch(`${vle.url}/?find=${encodeURIComponent(familyName.toUpperCase())}`)).text();
  expect(found).toContain(`as=${id}">${givenName} ${familyName}`);
  expect(await (await fetch(`${vle.url}/?find=${encodeURIComponent('<nobody>')}`)).text()).toMatch(
    /value="&lt;nobody&gt;"[^]*Nobody here has that name/,
  );
});

it('lets another process make things go wrong, where that was allowed', async () => {
  const control = `${vle.url}/practice/faults`;
  const fault = { service: 'jwks', kind: 'down', times: 1 };
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(control, { method: 'POST', headers, body: JSON.stringify(fault) })).status).toBe(204);
  expect((await fetch(vle.jwksUrl)).status).toBe(503);
  expect((await fetch(vle.jwksUrl)).status).toBe(200);
  expect((await fetch(control, { method: 'POST', headers, body: '{"service":"weather"}' })).status).toBe(422);

  const closed = await createPracticeVle();
  expect((await fetch(`${closed.url}/practice/faults`)).status).toBe(404);
  await closed.close();
});
