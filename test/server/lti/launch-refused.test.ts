import { createPrivateKey, createSign, generateKeyPairSync } from 'node:crypto';
import { SignJWT, type JWK } from 'jose';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { CourseModel } from '../../../server/database/models/course.ts';
import { EnrolmentModel } from '../../../server/database/models/enrolment.ts';
import { PersonModel } from '../../../server/database/models/person.ts';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { SessionModel } from '../../../server/database/models/session.ts';
import { useIssuerAndTool } from '../../support/use-issuer-and-tool.ts';
import { newSigningKey, startLtiIssuer, type LtiIssuer } from '../../support/lti-issuer.ts';
import {
  beginLogin,
  goodClaims,
  postForm,
  refusalOf,
  registerIssuer,
  sendLaunch,
  startLtiTool,
  type Begun,
  type LtiTool,
} from '../../support/lti-tool.ts';

/** Every launch here is really signed and sent over HTTP; each is refused with its own code, and leaves nothing behind. */

const lti = 'https://purl.imsglobal.org/spec/lti/claim/';
const deepLinkingSettings = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';
const started = useIssuerAndTool({ registrations: [{}, { clientId: 'client-2', deploymentIds: ['1', '2'] }] });
let issuer: LtiIssuer;
let tool: LtiTool;

beforeAll(() => {
  ({ issuer, tool } = started());
});
afterEach(async () => {
  const stored = [
    await CourseModel.countDocuments({}),
    await PersonModel.countDocuments({}),
    await EnrolmentModel.countDocuments({}),
    await SessionModel.countDocuments({}),
  ];
  expect(stored).toEqual([0, 0, 0, 0]);
});

type Claims = Record<string, unknown>;
const seconds = () => Math.floor(Date.now() / 1000);
const without = (name: string) => (claims: Claims) => {
  delete claims[name];
};
const having =
  (changes: Claims): ((claims: Claims) => void) =>
  (claims) => {
    Object.assign(claims, changes);
  };
const deepLinking = (settings: unknown) => (claims: Claims) => {
  claims[`${lti}message_type`] = 'LtiDeepLinkingRequest';
  claims[`${lti}roles`] = ['http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor'];
  delete claims[`${lti}resource_link`];
  if (settings !== undefined) claims[deepLinkingSettings] = settings;
};

const wrongClaims: [string, string, (claims: Claims) => void][] = [
  ['an audience of another client', 'audience-wrong', having({ aud: 'client-2' })],
  ['an audience nobody registered', 'audience-wrong', having({ aud: 'nobody' })],
  ['no audience', 'audience-wrong', without('aud')],
  ['several audiences without azp', 'azp-missing', having({ aud: ['client-1', 'other'] })],
  ['several audiences and a foreign azp', 'azp-wrong', having({ aud: ['client-1', 'other'], azp: 'other' })],
  ['one audience and a foreign azp', 'azp-wrong', having({ azp: 'other' })],
  ['another issuer', 'issuer-wrong', having({ iss: 'https://elsewhere.example' })],
  ['no issuer', 'issuer-wrong', without('iss')],
  ['no exp', 'exp-missing', without('exp')],
  ['exp as a text', 'exp-missing', having({ exp: '9999999999' })],
  ['exp in the past', 'expired', having({ exp: seconds() - 120, iat: seconds() - 180 })],
  ['exp in ten years', 'exp-too-far', having({ exp: seconds() + 315_360_000 })],
  ['no iat', 'iat-missing', without('iat')],
  ['iat an hour ahead', 'iat-in-future', having({ iat: seconds() + 3600, exp: seconds() + 3660 })],
  ['timestamps of another age', 'expired', having({ iat: 11_111, exp: 22_222 })],
  [
    'none of the claims of LTI',
    'message-type-missing',
    (claims) => {
      for (const name of Object.keys(claims)) if (name.startsWith('https:')) delete claims[name];
    },
  ],
  ['iat an hour ago', 'iat-too-old', having({ iat: seconds() - 3600 })],
  ['nbf an hour ahead', 'not-yet-valid', having({ nbf: seconds() + 3600 })],
  ['nbf as a text', 'not-yet-valid', having({ nbf: 'yesterday' })],
  ['no nonce', 'nonce-missing', without('nonce')],
  ['an empty nonce', 'nonce-missing', having({ nonce: '' })],
  ['another nonce', 'nonce-wrong', having({ nonce: 'n-0' })],
  ['no message type', 'message-type-missing', without(`${lti}message_type`)],
  ['an unknown message type', 'message-type-unknown', having({ [`${lti}message_type`]: 'LtiBogusRequest' })],
  ['no version', 'version-missing', without(`${lti}version`)],
  ['a wrong version', 'version-wrong', having({ [`${lti}version`]: '11.3' })],
  ['no deployment', 'deployment-missing', without(`${lti}deployment_id`)],
  ['an empty deployment', 'deployment-missing', having({ [`${lti}deployment_id`]: '' })],
  ['another deployment than at login', 'deployment-mismatch', having({ [`${lti}deployment_id`]: '77' })],
  ['no user', 'user-missing', without('sub')],
  ['a number for a user', 'user-malformed', having({ sub: 3 })],
  ['an object for a user', 'user-malformed', having({ sub: { $ne: '' } })],
  ['no roles', 'roles-missing', without(`${lti}roles`)],
  ['a text for roles', 'roles-malformed', having({ [`${lti}roles`]: 'Instructor' })],
  ['numbers among the roles', 'roles-malformed', having({ [`${lti}roles`]: [1] })],
  ['no resource link', 'resource-link-missing', without(`${lti}resource_link`)],
  ['a resource link without id', 'resource-link-missing', having({ [`${lti}resource_link`]: { title: 'x' } })],
  ['no target link', 'target-link-missing', without(`${lti}target_link_uri`)],
  ['a context without id', 'context-malformed', having({ [`${lti}context`]: { title: 'x' } })],
  [
    'a target link on another host',
    'target-link-foreign',
    having({ [`${lti}target_link_uri`]: 'https://elsewhere.example/lti/launch' }),
  ],
  ['deep linking without settings', 'deep-linking-incomplete', deepLinking(undefined)],
  ['deep linking without a return address', 'deep-linking-incomplete', deepLinking({ accept_types: [] })],
  [
    'deep linking to a script',
    'deep-linking-return-unsafe',
    deepLinking({
      deep_link_return_url: 'javascript:alert(1)',
      accept_types: ['ltiResourceLink'],
      accept_presentation_document_targets: ['iframe'],
    }),
  ],
  [
    'submission review of nobody',
    'submission-review-incomplete',
    having({ [`${lti}message_type`]: 'LtiSubmissionReviewRequest' }),
  ],
];

test.each(wrongClaims)('%s is refused as %s', async (_name, code, change) => {
  const begun = await beginLogin(tool, issuer);
  const claims = goodClaims(tool, issuer, begun.nonce);
  change(claims);
  await expectRefused(code, begun, await issuer.sign(claims));
});

test('a target link that differs from the one at login is refused', async () => {
  const begun = await beginLogin(tool, issuer, { target_link_uri: `${tool.url}/lti/launch?view=list` });
  await expectRefused('target-link-mismatch', begun, await issuer.sign(goodClaims(tool, issuer, begun.nonce)));
});

test('a deployment that no administrator switched on is refused, at login or at launch', async () => {
  const named = await loginFails({ lti_deployment_id: '77' });
  expect(named).toBe('deployment-unknown');
  const begun = await beginLogin(tool, issuer, { lti_deployment_id: '' });
  const claims = { ...goodClaims(tool, issuer, begun.nonce), [`${lti}deployment_id`]: '77' };
  await expectRefused('deployment-unknown', begun, await issuer.sign(claims));
});

test('the issuer of another registration of ours is refused', async () => {
  const other = await startLtiIssuer();
  await registerIssuer(other);
  const begun = await beginLogin(tool, issuer);
  const claims = { ...goodClaims(tool, issuer, begun.nonce), iss: other.issuer };
  await expectRefused('issuer-wrong', begun, await issuer.sign(claims));
  await PlatformModel.deleteOne({ issuer: other.issuer });
  await other.close();
});

const forgeries: [string, string, (claims: Claims) => Promise<string>][] = [
  ['no kid', 'kid-missing', (claims) => issuer.sign(claims, { kid: undefined })],
  ['an unknown kid', 'kid-unknown', (claims) => issuer.sign(claims, { kid: 'imstester_66067' })],
  [
    'a foreign key under a known kid',
    'signature-wrong',
    async (claims) => {
      const foreign = await newSigningKey('key-1');
      return issuer.sign(claims, {}, foreign.privateKey);
    },
  ],
  [
    'alg none',
    'alg-not-allowed',
    (claims) => Promise.resolve(`${encode({ alg: 'none', kid: 'key-1', typ: 'JWT' })}.${encode(claims)}.`),
  ],
  [
    'HS256 with the public key as secret',
    'alg-not-allowed',
    (claims) => {
      const secret = new TextEncoder().encode(JSON.stringify(issuer.keys.jwk));
      return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'key-1' }).sign(secret);
    },
  ],
  ['RS512', 'alg-not-allowed', (claims) => issuer.sign(claims, { alg: 'RS512' }).catch(() => signAs('RS512', claims))],
  [
    'a changed payload',
    'signature-wrong',
    async (claims) => {
      const [header, , signature] = (await issuer.sign(claims)).split('.');
      return [header, encode({ ...claims, sub: '43' }), signature].join('.');
    },
  ],
  [
    'a key of 1024 bits',
    'key-unsuitable',
    (claims) => {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
      issuer.respond.keys.push({
        ...publicKey.export({ format: 'jwk' }),
        kid: 'short',
        alg: 'RS256',
        use: 'sig',
      });
      return Promise.resolve(signWith(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, 'short', claims));
    },
  ],
  ['a key for encryption', 'key-unsuitable', (claims) => signWithKeyOf(claims, { use: 'enc' })],
  ['a key for another algorithm', 'key-unsuitable', (claims) => signWithKeyOf(claims, { alg: 'PS256' })],
  ['a key for wrapping keys', 'key-unsuitable', (claims) => signWithKeyOf(claims, { key_ops: ['wrapKey'] })],
  [
    'a key that its platform publishes without kid',
    'kid-unknown',
    async (claims) => {
      const key = await newSigningKey('nameless');
      const { kid, ...nameless } = key.jwk;
      issuer.respond.keys.push(nameless);
      return issuer.sign(claims, { kid }, key.privateKey);
    },
  ],
  ['no token at all', 'token-malformed', () => Promise.resolve('x')],
  ['a token of one part', 'token-malformed', () => Promise.resolve('e30')],
  ['a payload that is a list', 'token-malformed', () => Promise.resolve(signRaw('[]'))],
  ['a payload that is no JSON', 'token-malformed', () => Promise.resolve(signRaw('hello'))],
];

test.each(forgeries)('%s is refused as %s', async (_name, code, forge) => {
  // Each with a tool of its own: unknown keys are asked for only so often.
  const fresh = await startLtiTool();
  const begun = await beginLogin(fresh, issuer);
  const token = await forge(goodClaims(fresh, issuer, begun.nonce));
  const response = await sendLaunch(fresh, begun, token);
  expect(refusalOf(response)).toBe(code);
  await fresh.close();
});

test('a key set that never answers is given up', async () => {
  const slow = await startLtiIssuer();
  slow.respond.delayMs = 60_000;
  await registerIssuer(slow);
  const begun = await beginLogin(tool, slow);
  await expectRefused('keys-unavailable', begun, await slow.sign(goodClaims(tool, slow, begun.nonce)));
  await PlatformModel.deleteOne({ issuer: slow.issuer });
  await slow.close();
});

test.each([
  ['without the cookie', '', 'browser-mismatch'],
  ["with another login's cookie", undefined, 'browser-mismatch'],
])('a launch %s is refused, and the login stays usable by its own browser only', async (_name, cookie, code) => {
  const begun = await beginLogin(tool, issuer);
  const other = await beginLogin(tool, issuer);
  const name = begun.cookie.split('=')[0]!;
  const token = await issuer.sign({ ...goodClaims(tool, issuer, begun.nonce), nonce: 'n' });
  const foreign = cookie ?? `${name}=${other.cookie.split('=')[1]}`;
  await expectRefused(code, { ...begun, cookie: foreign }, token);
  await expectRefused('nonce-wrong', begun, token);
});

test('a state is used once, with whatever token', async () => {
  const begun = await beginLogin(tool, issuer);
  const token = await issuer.sign({ ...goodClaims(tool, issuer, begun.nonce), sub: 3 });
  await expectRefused('user-malformed', begun, token);
  await expectRefused('state-used', begun, await issuer.sign(goodClaims(tool, issuer, begun.nonce)));
});

test('a launch of another shape is refused before anything of it is used', async () => {
  const begun = await beginLogin(tool, issuer);
  const token = await issuer.sign({ ...goodClaims(tool, issuer, begun.nonce), sub: 3 });
  const fields = { id_token: token, state: begun.state };
  const form = new URLSearchParams(fields).toString();
  const type = 'application/x-www-form-urlencoded';
  for (const [contentType, body] of [
    [type, `${form}&state=${begun.state}`],
    [type, `${form}&id_token=${token}`],
    [type, `${form}&anything=a&anything=b`],
    ['application/json', JSON.stringify(fields)],
    ['text/plain', form],
  ] as const) {
    const headers = { 'Content-Type': contentType, Cookie: begun.cookie };
    const response = await fetch(`${tool.url}/lti/launch`, { method: 'POST', redirect: 'manual', headers, body });
    expect(refusalOf(response)).toBe('request-malformed');
  }
  await expectRefused('user-malformed', begun, token);
});

test('the nonce of another login of the same browser does not count', async () => {
  const [first, second] = [await beginLogin(tool, issuer), await beginLogin(tool, issuer)];
  const cookie = `${first.cookie}; ${second.cookie}`;
  const token = await issuer.sign(goodClaims(tool, issuer, first.nonce));
  await expectRefused('nonce-wrong', { ...second, cookie }, token);
});

test('a page of another site can read nothing of login, launch, registration or keys', async () => {
  const Origin = 'https://elsewhere.example';
  const responses = await Promise.all([
    postForm(`${tool.url}/lti/login`, { iss: issuer.issuer }, { Origin, Cookie: 'a=b' }),
    postForm(`${tool.url}/lti/launch`, { state: 'x', id_token: 'x' }, { Origin, Cookie: 'a=b' }),
    fetch(`${tool.url}/lti/register`, { headers: { Origin } }),
    fetch(`${tool.url}/lti/keys`, { headers: { Origin } }),
    fetch(`${tool.url}/lti/launch`, {
      method: 'OPTIONS',
      headers: { Origin, 'Access-Control-Request-Method': 'POST' },
    }),
  ]);
  for (const { headers } of responses) {
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

test.each([
  ['no state', { state: '' }, 'state-missing'],
  ['a state with a blank', { state: 'a b' }, 'state-unknown'],
  ['a state nobody gave out', { state: 'x'.repeat(43) }, 'state-unknown'],
])('%s is refused', async (_name, changes, code) => {
  const begun = await beginLogin(tool, issuer);
  await expectRefused(code, { ...begun, ...changes }, await issuer.sign(goodClaims(tool, issuer, begun.nonce)));
});

test('a login that took too long is refused', async () => {
  let now = new Date();
  const slow = await startLtiTool({ now: () => now });
  const begun = await beginLogin(slow, issuer);
  now = new Date(now.getTime() + 11 * 60_000);
  const response = await sendLaunch(slow, begun, await issuer.sign(goodClaims(slow, issuer, begun.nonce)));
  expect(refusalOf(response)).toBe('state-unknown');
  await slow.close();
});

test('a registration that was switched off is refused at login and in the middle of a launch', async () => {
  const begun = await beginLogin(tool, issuer);
  await PlatformModel.updateOne({ clientId: 'client-1' }, { isActive: false });
  expect(await loginFails({})).toBe('platform-disabled');
  await expectRefused('platform-disabled', begun, await issuer.sign(goodClaims(tool, issuer, begun.nonce)));
  await PlatformModel.updateOne({ clientId: 'client-1' }, { isActive: true });
});

test('what the platform declines is told as such', async () => {
  const begun = await beginLogin(tool, issuer);
  const response = await postForm(
    `${tool.url}/lti/launch`,
    { error: 'login_required', state: begun.state },
    { Cookie: begun.cookie },
  );
  expect(refusalOf(response)).toBe('platform-declined');
});

test.each([
  ['an unknown issuer', { iss: 'https://elsewhere.example' }, 'platform-unknown'],
  ['an unknown client', { client_id: 'nobody' }, 'platform-unknown'],
  ['a target on another host', { target_link_uri: 'https://elsewhere.example/' }, 'target-link-foreign'],
  ['a foreign redirect address', { redirect_uri: 'https://elsewhere.example/' }, 'redirect-foreign'],
  ['no login hint', { login_hint: '' }, 'login-incomplete'],
  ['no issuer', { iss: '' }, 'login-incomplete'],
  ['no client id where two could be meant', { client_id: '' }, 'client-id-needed'],
])('a login with %s is refused', async (_name, params, code) => {
  expect(await loginFails(params)).toBe(code);
});

test.each(['iss[$ne]=x', 'iss=a&iss=b', 'iss[]=a', '__proto__[x]=1', 'login_hint=a&login_hint=b'])(
  'a login with %s is refused',
  async (query) => {
    for (const response of [
      await fetch(`${tool.url}/lti/login?${query}&target_link_uri=${tool.url}/lti/launch`, { redirect: 'manual' }),
      await fetch(`${tool.url}/lti/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: query,
        redirect: 'manual',
      }),
    ]) {
      expect([400, response.status]).toContain(response.status);
      expect(refusalOf(response)).toMatch(/request-malformed|login-incomplete/);
    }
  },
);

test('a refusal is a page that a person understands, without script, and nothing personal in the log', async () => {
  const begun = await beginLogin(tool, issuer);
  const token = await issuer.sign({ ...goodClaims(tool, issuer, begun.nonce), [`${lti}version`]: '9' });
  const response = await sendLaunch(tool, begun, token);
  const page = await response.text();
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(page).toContain('<html lang="en-GB">');
  expect(page).toContain('version-wrong');
  expect(page).toMatch(/IT service desk/);
  expect(page).not.toMatch(/<script|<style|Amina/);
  expect(tool.logged.join('')).not.toMatch(/Amina|student01|260001007|eyJ/);
});

async function expectRefused(code: string, begun: Pick<Begun, 'state' | 'cookie'>, token: string) {
  const response = await sendLaunch(tool, begun, token);
  expect([refusalOf(response), response.status >= 400, response.headers.get('location')]).toEqual([code, true, null]);
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
}

async function loginFails(params: Record<string, string>) {
  const given = {
    iss: issuer.issuer,
    target_link_uri: `${tool.url}/lti/launch`,
    login_hint: '3',
    client_id: 'client-1',
    ...params,
  };
  const kept = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const response = await postForm(`${tool.url}/lti/login`, kept);
  expect(response.headers.getSetCookie()).toEqual([]);
  return refusalOf(response);
}

/** By a key that its platform publishes, and describes as given. */
async function signWithKeyOf(claims: Claims, described: JWK): Promise<string> {
  const key = await newSigningKey(JSON.stringify(described));
  issuer.respond.keys.push({ ...key.jwk, ...described });
  return issuer.sign(claims, { kid: key.kid }, key.privateKey);
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Signs what no library would sign: another alg in the header, or a payload that is no claims. */
function signWith(pem: string, kid: string, payload: unknown, alg = 'RS256'): string {
  const text = typeof payload === 'string' ? Buffer.from(payload).toString('base64url') : encode(payload);
  const input = `${encode({ alg, kid, typ: 'JWT' })}.${text}`;
  const hash = `RSA-SHA${alg.slice(2)}`;
  return `${input}.${createSign(hash).update(input).sign(createPrivateKey(pem)).toString('base64url')}`;
}

function signAs(alg: string, payload: unknown): string {
  return signWith(issuer.keys.pem, 'key-1', payload, alg);
}

function signRaw(payload: string): string {
  return signWith(issuer.keys.pem, 'key-1', payload);
}
