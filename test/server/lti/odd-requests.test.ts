import { connect } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { useIssuerAndTool } from '../../support/use-issuer-and-tool.ts';
import { type LtiIssuer } from '../../support/lti-issuer.ts';
import { beginLogin, type LtiTool } from '../../support/lti-tool.ts';

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

test('a header of another kind is no way in, and nothing allows another origin', async () => {
  const response = await fetch(`${tool.url}/lti/keys`, { headers: { Origin: 'https://elsewhere.example' } });
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  expect(response.headers.get('cache-control')).toContain('max-age');
  const { keys } = (await response.json()) as { keys: Record<string, string>[] };
  expect(keys).toHaveLength(1);
  expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
});
