import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { createLocalJWKSet, jwtVerify } from 'jose';
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { PlatformModel, type Platform } from '../../../server/database/models/platform.ts';
import { Unavailable } from '../../../server/errors.ts';
import { createOutbound } from '../../../server/outbound/outbound.ts';
import { readOwnResults } from '../../../server/lti/own-results.ts';
import { readRoster } from '../../../server/lti/roster.ts';
import { askedScopes, resultsScope } from '../../../server/lti/scopes.ts';
import { createServiceClient, type ServiceClient } from '../../../server/lti/service-client.ts';
import { createToolKeys } from '../../../server/lti/tool-keys.ts';
import { useDatabase } from '../../support/database.ts';
import { startLtiIssuer, type LtiIssuer } from '../../support/lti-issuer.ts';
import { registerIssuer, testVault } from '../../support/lti-tool.ts';

const database = useDatabase();
const toolKeys = createToolKeys({ vault: testVault, now: () => new Date() });
let connection: { close(): Promise<void> };
let issuer: LtiIssuer;
let platform: Platform;
let client: ServiceClient;
let tokenRequests: URLSearchParams[];
let course: Parameters<typeof readRoster>[0];

beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
beforeEach(async () => {
  issuer = await startLtiIssuer();
  platform = (await registerIssuer(issuer)).toObject();
  const outbound = createOutbound({ isProduction: false, allowedHosts: [] });
  client = createServiceClient({ outbound, toolKeys, now: () => new Date(), firstWaitMs: 5 });
  tokenRequests = [];
  issuer.routes.set('/token', (request, response) => void answerToken(request, response));
  course = {
    _id: new mongoose.Types.ObjectId(),
    platformId: platform._id,
    membershipsUrl: `${issuer.issuer}/memberships`,
  };
});
afterEach(async () => {
  await issuer.close();
  await PlatformModel.deleteMany({});
});
afterAll(() => connection.close());

async function answerToken(request: IncomingMessage, response: ServerResponse) {
  tokenRequests.push(new URLSearchParams(await text(request)));
  const scope = tokenRequests.at(-1)!.get('scope');
  json(response, { access_token: `token-${tokenRequests.length}`, token_type: 'bearer', expires_in: 3600, scope });
}

function json(response: ServerResponse, body: unknown, headers: Record<string, string> = {}, status = 200) {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

const learner = (number: number) => ({
  user_id: String(number),
  status: 'Active',
  roles: ['Learner'],
  name: `Student ${number}`,
});

/** Serves the members in pages, and drops the role filter between them, as Moodle does. */
function serveRoster(members: object[], pageSize: number) {
  const asked: IncomingMessage[] = [];
  issuer.routes.set('/memberships', (request, response) => {
    asked.push(request);
    const from = Number(new URL(request.url!, issuer.issuer).searchParams.get('from') ?? 0);
    const next = from + pageSize;
    const link = `<${issuer.issuer}/memberships?from=${next}>; rel="next"`;
    json(response, { id: 'x', members: members.slice(from, next) }, next < members.length ? { Link: link } : {});
  });
  return asked;
}

test('every member of every page is read, once, with one token', async () => {
  const people = Array.from({ length: 120 }, (_, index) => learner(index + 1));
  const asked = serveRoster([...people, people[3]!], 50);
  const members = await readRoster(course, client);
  expect(members).toHaveLength(120);
  expect(members[0]).toMatchObject({ sub: '1', name: 'Student 1', role: 'student', isActive: true });
  expect(asked).toHaveLength(3);
  expect(asked.map((request) => request.headers.accept)).toEqual(
    Array(3).fill('application/vnd.ims.lti-nrps.v2.membershipcontainer+json'),
  );
  expect(tokenRequests).toHaveLength(1);
  expect(asked.every((request) => request.headers['user-agent'])).toBe(true);
  expect(asked.map((request) => request.headers.authorization)).toEqual(Array(3).fill('Bearer token-1'));
});

test('the client assertion is signed by a published key, for this platform, and used once', async () => {
  serveRoster([learner(1)], 10);
  await readRoster(course, client);
  const [request] = tokenRequests;
  expect(request!.get('scope')).toBe('https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly');
  const { createPublicKey } = await import('node:crypto');
  const keys = (await toolKeys.published()).map(({ kid, publicPem }) => ({
    ...createPublicKey(publicPem).export({ format: 'jwk' }),
    kid,
    alg: 'RS256',
  }));
  const { payload } = await jwtVerify(request!.get('client_assertion')!, createLocalJWKSet({ keys: keys }), {
    issuer: 'client-1',
    subject: 'client-1',
    audience: platform.tokenEndpoint,
  });
  expect(payload.jti).toMatch(/^[\w-]{20,}$/);
});

test('staff, assistants and people who left are told apart; somebody without an id is left out', async () => {
  const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
  serveRoster(
    [
      { user_id: '1', roles: [`${membership}#Instructor`] },
      { user_id: '2', roles: [`${membership}/Instructor#TeachingAssistant`, `${membership}#Instructor`] },
      { user_id: '3', roles: ['Learner'], status: 'Inactive' },
      { user_id: '4', roles: ['Observer'] },
      { roles: ['Learner'] },
    ],
    10,
  );
  const members = await readRoster(course, client);
  expect(members.map(({ sub, role, isActive }) => [sub, role, isActive])).toEqual([
    ['1', 'tutor', true],
    ['2', 'assistant', true],
    ['3', 'student', false],
    ['4', undefined, true],
  ]);
  expect((await readRoster(course, client, { role: 'tutor' })).map(({ sub }) => sub)).toEqual(['1']);
});

test('ten callers at once make one token request', async () => {
  serveRoster([learner(1)], 10);
  await Promise.all(Array.from({ length: 10 }, () => readRoster(course, client)));
  expect(tokenRequests).toHaveLength(1);
});

test('a token is asked for again before it expires, and not earlier', async () => {
  let now = new Date('2026-11-23T10:00:00Z');
  const outbound = createOutbound({ isProduction: false, allowedHosts: [] });
  const clocked = createServiceClient({ outbound, toolKeys, now: () => now });
  const asked = serveRoster([learner(1)], 10);
  for (const seconds of [0, 3_530, 3_550]) {
    now = new Date(Date.parse('2026-11-23T10:00:00Z') + seconds * 1_000);
    await readRoster(course, clocked);
  }
  expect(asked.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer token-1',
    'Bearer token-1',
    'Bearer token-2',
  ]);
});

test('a token that the platform no longer takes is replaced once', async () => {
  const used: (string | undefined)[] = [];
  issuer.routes.set('/memberships', (request, response) => {
    used.push(request.headers.authorization);
    if (request.headers.authorization === 'Bearer token-1') json(response, {}, {}, 401);
    else json(response, { members: [learner(1)] });
  });
  expect(await readRoster(course, client)).toHaveLength(1);
  expect(used).toEqual(['Bearer token-1', 'Bearer token-2']);
});

test('a busy platform is waited for, as long as it asks', async () => {
  let tries = 0;
  const at: number[] = [];
  issuer.routes.set('/memberships', (_request, response) => {
    at.push(Date.now());
    tries += 1;
    if (tries === 1) json(response, {}, { 'Retry-After': '1' }, 429);
    else if (tries === 2) json(response, {}, {}, 503);
    else json(response, { members: [learner(1)] });
  });
  expect(await readRoster(course, client)).toHaveLength(1);
  expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(950);
});

test('a connection that breaks is tried again', async () => {
  let tries = 0;
  issuer.routes.set('/memberships', (request, response) => {
    tries += 1;
    if (tries < 3) request.socket.destroy();
    else json(response, { members: [learner(1)] });
  });
  expect(await readRoster(course, client)).toHaveLength(1);
});

test.each([
  ['403 is not tried again', 403, 1],
  ['404 is not tried again', 404, 1],
  ['500 is not tried again', 500, 1],
  ['429 for ever is given up', 429, 4],
  ['502 for ever is given up', 502, 4],
  ['503 for ever is given up', 503, 4],
  ['504 for ever is given up', 504, 4],
])('%s', async (_name, status, expected) => {
  let tries = 0;
  issuer.routes.set('/memberships', (_request, response) => {
    tries += 1;
    json(response, {}, {}, status);
  });
  await expect(readRoster(course, client)).rejects.toThrow(new RegExp(`answered a service call with ${status}`));
  expect(tries).toBe(expected);
});

test('a platform that never answers is given up', async () => {
  let tries = 0;
  issuer.routes.set('/memberships', () => {
    tries += 1;
  });
  const outbound = createOutbound({ isProduction: false, allowedHosts: [] });
  const hurried = createServiceClient({ outbound, toolKeys, now: () => new Date(), firstWaitMs: 5, timeoutMs: 300 });
  await expect(readRoster(course, hurried)).rejects.toThrow(/did not answer \(no answer within/);
  expect(tries).toBe(4);
});

test('a token that could not be had at once is asked for again', async () => {
  serveRoster([learner(1)], 10);
  let tries = 0;
  issuer.routes.set('/token', (request, response) => {
    tries += 1;
    if (tries === 1) json(response, {}, {}, 503);
    else void answerToken(request, response);
  });
  expect(await readRoster(course, client)).toHaveLength(1);
  expect(tries).toBe(2);
});

test('every platform, and every set of scopes, has a token of its own', async () => {
  const used: (string | undefined)[] = [];
  for (const path of ['/memberships', '/lineitems']) {
    issuer.routes.set(path, (request, response) => {
      used.push(request.headers.authorization);
      json(response, path === '/lineitems' ? [] : { members: [] });
    });
  }
  const second = (await registerIssuer(issuer, { clientId: 'client-2' })).toObject();
  await readRoster(course, client);
  await readRoster({ ...course, platformId: second._id }, client);
  await readOwnResults({ platformId: platform._id, lineItemsUrl: `${issuer.issuer}/lineitems` }, client);
  expect(used).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-3']);
});

test('a token request that is refused names its reason and nothing else', async () => {
  issuer.routes.set('/token', (_request, response) =>
    json(response, { error: 'invalid_client', error_description: 'Amina Ahmed' }, {}, 400),
  );
  await expect(readRoster(course, client)).rejects.toThrow('The platform gave no service token (400 invalid_client).');
});

test('a web page instead of a token names the likely cause: the platform may not fetch our keys', async () => {
  issuer.routes.set('/token', (_request, response) => {
    response.writeHead(404, { 'Content-Type': 'text/html' });
    response.end('<!DOCTYPE html>\n<html><title>Error</title></html>');
  });
  await expect(readRoster(course, client)).rejects.toThrow(/\(404\)\. .*blocked hosts and allowed ports/);
});

test.each([
  ['round in a circle', () => `${issuer.issuer}/memberships`, /circle/],
  ['on another site', () => 'http://localhost:9/memberships?from=2', /another site/],
  ['nowhere', () => 'http://[', /no address/],
])('pages that lead %s are not half a roster', async (_name, next, message) => {
  issuer.routes.set('/memberships', (_request, response) =>
    json(response, { members: [learner(1)] }, { Link: `<${next()}>; rel=next` }),
  );
  await expect(readRoster(course, client)).rejects.toThrow(message);
});

test('a roster of more pages, people or bytes than a course can have is given up, and not cut off', async () => {
  issuer.routes.set('/memberships', (request, response) => {
    const page = Number(new URL(request.url!, issuer.issuer).searchParams.get('page') ?? 0);
    json(response, { members: [learner(page)] }, { Link: `<?page=${page + 1}>; rel="next"` });
  });
  await expect(readRoster(course, client)).rejects.toThrow(/more than 200 pages/);
  serveRoster(
    Array.from({ length: 20_001 }, (_, index) => learner(index)),
    30_000,
  );
  await expect(readRoster(course, client)).rejects.toThrow(/more than 20000 people/);
  issuer.routes.set('/memberships', (_request, response) => response.end(`{"members":["${'x'.repeat(10_000_001)}"]}`));
  await expect(readRoster(course, client)).rejects.toThrow(/more than 10000000 bytes/);
});

test('a roster that is no roster is said to be one', async () => {
  issuer.routes.set('/memberships', (_request, response) => json(response, '<html>'));
  await expect(readRoster(course, client)).rejects.toThrow(Unavailable);
});

test('a service on a host that neither registration nor launch has named gets no token', async () => {
  const other = await startLtiIssuer();
  let wasAsked = false;
  other.routes.set('/memberships', (_request, response) => {
    wasAsked = true;
    json(response, { members: [] });
  });
  const elsewhere = { ...course, membershipsUrl: `${other.issuer}/memberships` };
  await expect(readRoster(elsewhere, client)).rejects.toThrow(/does not belong/);
  expect([wasAsked, tokenRequests.length]).toEqual([false, 0]);
  await other.close();
});

test("own columns' results are read with read-only scopes, under the line item's own address", async () => {
  const lineItem = `${issuer.issuer}/2/lineitems/5/lineitem?type_id=1`;
  const asked: (string | undefined)[][] = [];
  issuer.routes.set('/2/lineitems', ({ headers }, response) => {
    asked.push([headers.accept, headers.authorization]);
    json(response, [{ id: lineItem, label: 'My engagement', scoreMaximum: 10 }]);
  });
  issuer.routes.set('/2/lineitems/5/lineitem/results', (request, response) => {
    expect(request.url).toContain('type_id=1');
    asked.push([request.headers.accept, request.headers.authorization]);
    json(response, [{ userId: '3', resultScore: 7, timestamp: '2026-11-23T11:55:12+00:00' }, { userId: '4' }]);
  });
  const lineItemsUrl = `${issuer.issuer}/2/lineitems?type_id=1`;
  expect(await readOwnResults({ platformId: platform._id, lineItemsUrl }, client)).toEqual([
    { label: 'My engagement', maximum: 10, results: [{ sub: '3', score: 7, at: '2026-11-23T11:55:12+00:00' }] },
  ]);
  expect(asked).toEqual([
    ['application/vnd.ims.lis.v2.lineitemcontainer+json', 'Bearer token-1'],
    ['application/vnd.ims.lis.v2.resultcontainer+json', 'Bearer token-2'],
  ]);
  expect(tokenRequests.map((request) => request.get('scope')!.split('/').at(-1))).toEqual([
    'lineitem.readonly',
    'result.readonly',
  ]);
});

test('with the registration switched off nothing is asked', async () => {
  await PlatformModel.updateOne({ _id: platform._id }, { isActive: false });
  await expect(readRoster(course, client)).rejects.toThrow(/switched off/);
  expect(tokenRequests).toHaveLength(0);
});

test('a service that the platform has not granted is not asked for; one that nobody has spoken of is', async () => {
  const asked = serveRoster([learner(1)], 10);
  await PlatformModel.updateOne({ _id: platform._id }, { scopes: [resultsScope] });
  await expect(readRoster(course, client)).rejects.toThrow(/has not granted this service/);
  expect([asked.length, tokenRequests.length]).toEqual([0, 0]);
  await PlatformModel.updateOne({ _id: platform._id }, { scopes: [] });
  expect(await readRoster(course, client)).toHaveLength(1);
});

test('nothing that Waymark may ask a platform for writes', () => {
  expect(askedScopes.filter((scope) => !scope.endsWith('.readonly'))).toEqual([]);
});
