import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { useDatabase } from '../../support/database.ts';
import { startLtiIssuer, type LtiIssuer } from '../../support/lti-issuer.ts';
import { beginLogin, goodClaims, refusalOf, sendLaunch, startLtiTool, type LtiTool } from '../../support/lti-tool.ts';

const database = useDatabase();
const secret = 'a secret of some length';
const platformClaim = 'https://purl.imsglobal.org/spec/lti-platform-configuration';
const toolClaim = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
let connection: { close(): Promise<void> };
let issuer: LtiIssuer;
let tool: LtiTool;
let received: { headers: IncomingHttpHeaders; body: Record<string, unknown> }[];
let configuration: Record<string, unknown>;

beforeAll(async () => {
  connection = await connectDatabase(database.uri);
  tool = await startLtiTool({ registration: { secret, until: new Date(Date.now() + 3_600_000) } });
});
beforeEach(async () => {
  issuer = await startLtiIssuer();
  received = [];
  // As a real Moodle 4.5 answers.
  configuration = {
    issuer: issuer.issuer,
    token_endpoint: `${issuer.issuer}/token`,
    jwks_uri: issuer.jwksUri,
    authorization_endpoint: `${issuer.issuer}/auth`,
    registration_endpoint: `${issuer.issuer}/openid-registration`,
    scopes_supported: [
      'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
      'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
      'https://purl.imsglobal.org/spec/lti-ags/scope/score',
      'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
      'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
      'openid',
    ],
    [platformClaim]: {
      product_family_code: 'moodle',
      messages_supported: [
        { type: 'LtiResourceLinkRequest' },
        { type: 'LtiDeepLinkingRequest', placements: ['ContentArea'] },
      ],
    },
  };
  issuer.routes.set('/openid-configuration', (_request, response) => response.end(JSON.stringify(configuration)));
  issuer.routes.set('/openid-registration', (request, response) => {
    void text(request).then((body) => {
      const parsed = JSON.parse(body) as Record<string, unknown>;
      received.push({ headers: request.headers, body: parsed });
      response.end(
        JSON.stringify({
          client_id: 'a1I94nuhcxWQYgQ',
          scope: parsed['scope'],
          [toolClaim]: { version: '1.3.0', deployment_id: '1' },
        }),
      );
    });
  });
});
afterEach(async () => {
  await issuer.close();
  await PlatformModel.deleteMany({});
});
afterAll(async () => {
  await tool.close();
  await connection.close();
});

function register(params: Record<string, string> = {}, at = tool) {
  const query = new URLSearchParams({
    openid_configuration: `${issuer.issuer}/openid-configuration`,
    registration_token: 'reg-token',
    secret,
    ...params,
  });
  return fetch(`${at.url}/lti/register?${query.toString()}`);
}

test('one pasted address registers the tool, with the deployment that the platform names, and a launch works', async () => {
  const response = await register();
  expect(refusalOf(response)).toBeNull();
  const page = await response.text();
  expect(page).toContain('a1I94nuhcxWQYgQ');
  expect(page).toContain('Activate');
  expect(page).toContain('id="close"');
  expect(response.headers.get('content-security-policy')).toContain('frame-ancestors *');
  expect(await PlatformModel.findOne({ clientId: 'a1I94nuhcxWQYgQ' }).lean()).toMatchObject({
    issuer: issuer.issuer,
    deploymentIds: ['1'],
    isActive: true,
    productFamily: 'moodle',
  });
  const begun = await beginLogin(tool, issuer, { client_id: 'a1I94nuhcxWQYgQ' });
  const claims = { ...goodClaims(tool, issuer, begun.nonce), aud: 'a1I94nuhcxWQYgQ' };
  expect((await sendLaunch(tool, begun, await issuer.sign(claims))).status).toBe(303);
});

test('it asks for what it needs, by name, and for nothing that writes', async () => {
  await register();
  const [{ headers, body }] = received as [(typeof received)[0]];
  expect(headers.authorization).toBe('Bearer reg-token');
  expect(body).toMatchObject({
    response_types: ['id_token'],
    initiate_login_uri: `${tool.url}/lti/login`,
    redirect_uris: [`${tool.url}/lti/launch`],
    jwks_uri: `${tool.url}/lti/keys`,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: [
      'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
      'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
      'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
    ].join(' '),
    [toolClaim]: {
      domain: new URL(tool.url).host,
      target_link_uri: `${tool.url}/lti/launch`,
      custom_parameters: { course_begin: '$CourseSection.timeFrame.begin' },
    },
  });
  const messages = (body[toolClaim] as { messages: { type: string; placements?: string[] }[] }).messages;
  expect(messages.map(({ type, placements }) => [type, placements])).toEqual([
    ['LtiResourceLinkRequest', undefined],
    ['LtiDeepLinkingRequest', ['ContentArea']],
  ]);
});

test('another client id makes a second registration, side by side; the same one is brought up to date', async () => {
  await register();
  await PlatformModel.updateOne({}, { $set: { jwksUri: `${issuer.issuer}/old-keys`, deploymentIds: ['9'] } });
  expect(refusalOf(await register())).toBeNull();
  expect(await PlatformModel.find({}).lean()).toMatchObject([{ jwksUri: issuer.jwksUri, deploymentIds: ['9', '1'] }]);
  issuer.routes.set('/openid-registration', (_request, response) => response.end('{"client_id":"second"}'));
  expect(refusalOf(await register())).toBeNull();
  expect(await PlatformModel.countDocuments({ issuer: issuer.issuer })).toBe(2);
});

test('of the scopes that a platform states, those are kept that were asked for; none of them writes', async () => {
  const stated = [...(configuration['scopes_supported'] as string[]), 'https://example.org/scope/everything'].join(' ');
  issuer.routes.set('/openid-registration', (_request, response) =>
    response.end(JSON.stringify({ client_id: 'generous', scope: stated })),
  );
  await register();
  const { scopes } = await PlatformModel.findOne({ clientId: 'generous' }).lean().orFail();
  expect(scopes.map((scope) => scope.split('/').at(-1))).toEqual([
    'contextmembership.readonly',
    'lineitem.readonly',
    'result.readonly',
  ]);
});

test('RS256 is asked for by name; a platform that signs otherwise, or says so in its answer, is refused', async () => {
  await register();
  expect(received[0]!.body['id_token_signed_response_alg']).toBe('RS256');
  await PlatformModel.deleteMany({});
  issuer.routes.set('/openid-registration', (_request, response) =>
    response.end('{"client_id":"a","id_token_signed_response_alg":"ES256"}'),
  );
  expect(refusalOf(await register())).toBe('registration-alg-unsupported');
  configuration['id_token_signing_alg_values_supported'] = ['ES256', 'PS256'];
  expect(refusalOf(await register())).toBe('registration-alg-unsupported');
  expect(await PlatformModel.countDocuments({})).toBe(0);
  configuration['id_token_signing_alg_values_supported'] = ['ES256', 'RS256'];
  issuer.routes.set('/openid-registration', (_request, response) =>
    response.end('{"client_id":"a","id_token_signed_response_alg":"RS256"}'),
  );
  expect(refusalOf(await register())).toBeNull();
});

test('the platform is given an icon, which its pages may show', async () => {
  await register();
  const icon = await fetch(String(received[0]!.body['logo_uri']));
  expect(icon.headers.get('content-type')).toContain('image/svg+xml');
  expect(icon.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(await icon.text()).toMatch(/^<svg /);
});

test.each([
  ['a wrong secret', { secret: 'guess' }, 'registration-secret-wrong'],
  ['no secret', { secret: '' }, 'registration-secret-wrong'],
  ['no address', { openid_configuration: '' }, 'request-malformed'],
  ['an address that is none', { openid_configuration: 'file:///etc/passwd' }, 'registration-url-refused'],
  ['plain http to another host', { openid_configuration: 'http://example.org/' }, 'registration-url-refused'],
  ['an address with a password', { openid_configuration: 'https://a:b@localhost/' }, 'registration-url-refused'],
])('%s is refused, and nobody is asked', async (_name, params, code) => {
  expect(refusalOf(await register(params))).toBe(code);
  expect(received).toEqual([]);
});

test('without a secret, and after its time, registration is closed', async () => {
  const closed = await startLtiTool();
  expect(refusalOf(await register({}, closed))).toBe('registration-closed');
  const late = await startLtiTool({ registration: { secret, until: new Date(Date.now() - 1000) } });
  expect(refusalOf(await register({}, late))).toBe('registration-expired');
  expect(received).toEqual([]);
  await closed.close();
  await late.close();
});

test('in production, private addresses are refused, by number and by name, unless allowed by name', async () => {
  const production = { isProduction: true, registration: { secret, until: undefined } };
  const strict = await startLtiTool(production);
  for (const address of [
    `${issuer.issuer}/openid-configuration`,
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://10.0.0.1/x',
    'https://169.254.169.254/latest/meta-data',
    'https://[::ffff:10.0.0.1]/x',
    'https://0x7f000001/x',
    'https://localhost/x',
  ]) {
    expect(refusalOf(await register({ openid_configuration: address }, strict))).toBe('registration-url-refused');
  }
  const refused = await register({ openid_configuration: 'https://10.0.0.1/x?token=t' }, strict);
  const page = await refused.text();
  expect(page).toContain('Waymark could not be registered');
  expect(page).toContain('10.0.0.1 must not be a private address');
  expect(page).toContain('WAYMARK_ALLOWED_HOSTS');
  expect(page).not.toContain('token=t');
  const allowing = await startLtiTool({ ...production, allowedHosts: ['127.0.0.1'] });
  expect(refusalOf(await register({}, allowing))).toBeNull();
  await strict.close();
  await allowing.close();
});

test.each([
  ['an issuer on another host', { issuer: 'https://elsewhere.example' }, 'registration-issuer-mismatch'],
  ['a key set that is no address', { jwks_uri: 'javascript:1' }, 'registration-url-refused'],
  ['no token endpoint', { token_endpoint: undefined }, 'registration-unreadable'],
])('%s in the configuration is refused', async (_name, changes, code) => {
  Object.assign(configuration, changes);
  expect(refusalOf(await register())).toBe(code);
  expect([received.length, await PlatformModel.countDocuments({})]).toEqual([0, 0]);
});

test('a platform that declines, answers nonsense, redirects or never ends is told apart', async () => {
  const fresh = await startLtiTool({ registration: { secret, until: undefined } });
  const answers: [string, Parameters<LtiIssuer['routes']['set']>[1]][] = [
    ['registration-declined', (_request, response) => response.writeHead(403).end('{}')],
    ['registration-declined', (_request, response) => response.end('<html>')],
    ['registration-declined', (_request, response) => response.writeHead(302, { Location: 'http://10.0.0.1/' }).end()],
    ['registration-unreachable', (request) => request.socket.destroy()],
    ['registration-unreachable', (_request, response) => response.end('x'.repeat(600_000))],
  ];
  for (const [code, answer] of answers) {
    issuer.routes.set('/openid-registration', answer);
    expect(refusalOf(await register({}, fresh))).toBe(code);
  }
  await fresh.close();
  expect(await PlatformModel.countDocuments({})).toBe(0);
});
