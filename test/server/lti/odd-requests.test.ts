import { connect } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { useIssuerAndTool } from '../../support/use-issuer-and-tool.ts';
import { type LtiIssuer } from '../../support/lti-issuer.ts';
import {
  beginLogin,
  goodClaims,
  postForm,
  refusalOf,
  sendLaunch,
  startLtiTool,
  type LtiTool,
} from '../../support/lti-tool.ts';

/** Nothing unauthenticated may end the process or leave a request hanging; vitest fails on any unhandled rejection. */

const started = useIssuerAndTool();
let issuer: LtiIssuer;
let tool: LtiTool;

beforeAll(() => {
  ({ issuer, tool } = started());
});

const form = 'application/x-www-form-urlencoded';
const odd: [string, string, RequestInit][] = [
  ['a state with a blank and a token', '/lti/launch', post('state=a%20b&id_token=x')],
  ['a state with a line break', '/lti/launch', post('state=a%0d%0aSet-Cookie:x&id_token=x')],
  ['two states', '/lti/launch', post('state=a&state=b&id_token=x')],
  ['two tokens', '/lti/launch', post('state=a&id_token=x&id_token=y')],
  ['nothing', '/lti/launch', post('')],
  ['a JSON body', '/lti/launch', post('{"state":{"$ne":1},"id_token":[]}', 'application/json')],
  ['a broken JSON body', '/lti/launch', post('{', 'application/json')],
  ['a plain text', '/lti/launch', post('hello', 'text/plain')],
  ['no content type', '/lti/launch', { method: 'POST', body: Buffer.from('x') }],
  ['an unknown charset', '/lti/launch', post('state=a', `${form}; charset=klingon`)],
  ['a broken gzip', '/lti/launch', post('state=a', form, { 'Content-Encoding': 'gzip' })],
  ['an unknown encoding', '/lti/launch', post('state=a', form, { 'Content-Encoding': 'x' })],
  ['two thousand parameters', '/lti/launch', post('a=1&'.repeat(2_000))],
  ['a body of a megabyte', '/lti/launch', post(`id_token=${'x'.repeat(1_000_000)}`)],
  ['a ltik in the query', '/lti/launch?ltik=x', post('state=a&id_token=x')],
  ['a ltik in the body', '/lti/launch', post('ltik=x')],
  ['a bearer token', '/lti/launch', post('state=a', form, { Authorization: 'Bearer x' })],
  ['a ltik header', '/lti/launch', post('', form, { Authorization: 'LTIK-AUTH-V1 Token=x, Additional=y' })],
  ['GET of the launch', '/lti/launch', {}],
  ['GET of the launch with a ltik', '/lti/launch?ltik=x', {}],
  ['PUT', '/lti/login', { method: 'PUT', body: 'x' }],
  ['OPTIONS', '/lti/login', { method: 'OPTIONS' }],
  ['an unknown path', '/lti/nothing', {}],
  ['a path that is no UTF-8', '/lti/%E0%A4%A', {}],
  ['a path out of the folder', '/lti/..%2f..%2fetc/passwd', {}],
  ['a prototype in the query', '/lti/login?__proto__[a]=1&constructor=2', {}],
  ['a cookie that is no cookie', '/lti/launch', post('state=a&id_token=x', form, { Cookie: ';;=;%%%=%E0%A4' })],
  ['a choice nobody offered', '/lti/deep-link', post('request=x&place=mine')],
  ['a choice of objects', '/lti/deep-link', post('request[a]=x')],
  ['a probe without a state', '/lti/login/cookie?state[]=a', {}],
  ['no form but several parts', '/lti/launch', post('--x--', 'multipart/form-data; boundary=x')],
  ['a content type that is none', '/lti/launch', post('state=a', ';;;')],
  ['halves of letters', '/lti/login', post('iss=%ED%A0%80&login_hint=%E0%A4%A&client_id=%00')],
  ['the names of what every object has', '/lti/login', post('hasOwnProperty=1&toString=2&__proto__=3')],
  ['a choice of what every object has', '/lti/deep-link', post('request=x&place=__proto__')],
  ['HEAD of the login', '/lti/login?iss=a', { method: 'HEAD' }],
  ['another method by a header', '/lti/launch', post('state=a', form, { 'X-HTTP-Method-Override': 'DELETE' })],
  ['nonsense of a proxy', '/lti/login', { headers: { 'X-Forwarded-For': ', ,x', 'X-Forwarded-Host': 'evil.example' } }],
];

function post(body: string, type = form, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', body, headers: { 'Content-Type': type, ...headers } };
}

test.each(odd)('%s is answered, and the next launch works', async (_name, path, request) => {
  const response = await fetch(tool.url + path, { ...request, redirect: 'manual', signal: AbortSignal.timeout(5_000) });
  await response.text();
  expect(response.status).toBeLessThan(500);
  expect(response.status === 200 ? path : 'refused').toMatch(/refused|cookie/);
  expect((await beginLogin(tool, issuer)).state).toHaveLength(43);
});

const host = 'Host: localhost\r\n';
const formLine = `Content-Type: ${form}\r\n`;
/** What no client sends: the bytes, and whether it is answered, or cut off without a word. */
const raw: [string, string, RegExp][] = [
  ['TRACE', `TRACE /lti/login HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1.1 400 .*request-malformed/s],
  ['CONNECT', `CONNECT localhost:80 HTTP/1.1\r\n${host}\r\n`, /^$/],
  ['a method that is none', `BOGUS /lti/login HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1.1 400 /],
  ['OPTIONS of everything', `OPTIONS * HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1.1 404 /],
  ['no host', 'GET /lti/login HTTP/1.1\r\n\r\n', /^HTTP\/1.1 400 /],
  ['a host that is none', `GET /lti/login HTTP/1.1\r\nHost: [::1\r\n\r\n`, /^HTTP\/1.1 400 .*login-incomplete/s],
  ['an address of another site', `GET http://evil.example/lti/login HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1.1 400 /],
  ['an address that is none', `GET http://[bad/lti/login HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1.1 404 /],
  ['a path out of the folder', `GET /lti/../../etc/passwd HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1.1 400 /],
  ['a null byte in the path', `GET /lti/lo\0gin HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1.1 400 /],
  [
    'a header of 20,000 letters',
    `GET /lti/login HTTP/1.1\r\n${host}X: ${'a'.repeat(20_000)}\r\n\r\n`,
    /^HTTP\/1.1 431 /,
  ],
  [
    'three thousand headers',
    `GET /lti/login HTTP/1.1\r\n${host}${Array.from({ length: 3_000 }, (_, index) => `x${index}: 1\r\n`).join('')}\r\n`,
    /^HTTP\/1.1 431 /,
  ],
  [
    'two lengths',
    `POST /lti/launch HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    /^HTTP\/1.1 400 /,
  ],
  [
    'a length beside chunks',
    `POST /lti/launch HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    /^HTTP\/1.1 400 /,
  ],
  [
    'a chunk of no length',
    `POST /lti/launch HTTP/1.1\r\n${host}${formLine}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    /^HTTP\/1.1 400 /,
  ],
  [
    'a body longer than is taken, and one more request behind it',
    `POST /lti/launch HTTP/1.1\r\n${host}${formLine}Content-Length: 200000\r\n\r\n${'a'.repeat(200_000)}GET /healthz HTTP/1.1\r\n${host}\r\n`,
    /^HTTP\/1.1 400 .*request-malformed.*HTTP\/1.1 200 /s,
  ],
  [
    'three requests at once',
    `POST /lti/launch HTTP/1.1\r\n${host}${formLine}Content-Length: 7\r\n\r\nstate=a`.repeat(2) +
      `GET /healthz HTTP/1.1\r\n${host}\r\n`,
    /^HTTP\/1.1 400 .*state-unknown.*HTTP\/1.1 400 .*state-unknown.*HTTP\/1.1 200 /s,
  ],
  ['what is no HTTP', '\x16\x03\x01\x02\0\x01', /^HTTP\/1.1 400 /],
];

test.each(raw)('%s is answered or cut off, and the next launch works', async (_name, bytes, expected) => {
  const socket = connect(Number(new URL(tool.url).port), '127.0.0.1');
  const answered = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
      if (expected.test(text)) resolve(text);
    });
    // Whoever is cut off while still sending may read nothing of an answer.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
  socket.write(Buffer.from(bytes, 'latin1'));
  expect(await answered).toMatch(expected);
  socket.destroy();
  expect((await beginLogin(tool, issuer)).state).toHaveLength(43);
});

test('login and launch are at their own address alone; elsewhere a launch is not used up', async () => {
  const begun = await beginLogin(tool, issuer);
  const token = await issuer.sign(goodClaims(tool, issuer, begun.nonce));
  for (const path of ['/lti/launch/', '/lti/LAUNCH', '/lti/login/', '/lti/Login', '/lti/%6Caunch', '/lti//launch']) {
    const fields = { id_token: token, state: begun.state };
    const response = await postForm(tool.url + path, fields, { Cookie: begun.cookie });
    expect([path, refusalOf(response)]).toEqual([path, 'request-malformed']);
  }
  expect((await sendLaunch(tool, begun, token)).status).toBe(303);
});

test('a request that stops half way harms nobody', async () => {
  const port = Number(new URL(tool.url).port);
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `POST /lti/launch HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${form}\r\nContent-Length: 500\r\n\r\nstate=a`,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.destroy();
  expect((await beginLogin(tool, issuer)).state).toHaveLength(43);
});

test('who hangs up before anything was read is no error of ours in the log', async () => {
  const deserted = await startLtiTool({
    onRequest: (request) => void (request.url === '/lti/launch' && request.destroy()),
  });
  await postForm(`${deserted.url}/lti/launch`, { state: 'a' }).catch(() => undefined);
  await expect.poll(() => deserted.logged).toHaveLength(1);
  expect(JSON.parse(deserted.logged[0]!)).toMatchObject({ level: 40, code: 'request-malformed' });
  await deserted.close();
});

test('a header of another kind is no way in, and nothing allows another origin', async () => {
  const response = await fetch(`${tool.url}/lti/keys`, { headers: { Origin: 'https://elsewhere.example' } });
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  expect(response.headers.get('cache-control')).toContain('max-age');
  const { keys } = (await response.json()) as { keys: Record<string, string>[] };
  expect(keys).toHaveLength(1);
  expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
});
