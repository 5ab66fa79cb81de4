import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  AdminOverview,
  MoodleTestReply,
  NewFeedReply,
  PlatformReply,
} from '../../../../server/contracts/admin.ts';
import { composeWaymark, type Waymark } from '../../../../server/compose.ts';
import { parseConfig } from '../../../../server/config.ts';
import { AuditModel } from '../../../../server/database/models/audit.ts';
import { PlatformModel } from '../../../../server/database/models/platform.ts';
import { useDatabase } from '../../../support/database.ts';
import { startLtiIssuer, type LtiIssuer } from '../../../support/lti-issuer.ts';
import { beginLogin, goodClaims, registerIssuer, sendLaunch } from '../../../support/lti-tool.ts';

const database = useDatabase();
const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const roles = 'https://purl.imsglobal.org/spec/lti/claim/roles';
let issuer: LtiIssuer;
let other: LtiIssuer;
let waymark: Waymark;
let server: Server;
let tool: { url: string };
let admin: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;
let tutor: typeof admin;
let ownId: string;
let otherId: string;

beforeAll(async () => {
  issuer = await startLtiIssuer();
  other = await startLtiIssuer();
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  tool = { url: `http://localhost:${(server.address() as AddressInfo).port}` };
  const config = parseConfig({
    WAYMARK_SECRET: 's'.repeat(40),
    PUBLIC_URL: tool.url,
    WAYMARK_REGISTRATION_SECRET: 'open sesame and more',
  });
  waymark = await composeWaymark({
    config,
    databaseUri: database.uri,
    log: pino({ level: 'silent' }),
    now: () => new Date(),
  });
  server.on('request', (request, response) => void waymark.app(request, response));
  ownId = (await registerIssuer(issuer)).id;
  otherId = (await registerIssuer(other, { name: 'Another university' })).id;
  admin = await signIn('Administrator', '900');
  tutor = await signIn('Instructor', '901');
  await signIn('Learner', '3');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await issuer.close();
  await other.close();
  await waymark.close();
});

async function signIn(role: string, sub: string): Promise<typeof admin> {
  const begun = await beginLogin(tool, issuer);
  const claims = { ...goodClaims(tool, issuer, begun.nonce), sub, [roles]: [`${membership}#${role}`] };
  const launched = await sendLaunch(tool, begun, await issuer.sign(claims));
  const code = launched.headers.get('location')!.split('=')[1];
  const opened = await fetch(`${tool.url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  const { token } = (await opened.json()) as { token: string };
  return async (method, path, body) => {
    const response = await fetch(`${tool.url}/api${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: response.status === 204 ? undefined : await response.json() };
  };
}

test('an administrator sees the system and no person in it', async () => {
  const { status, body } = await admin('GET', '/admin/overview');
  expect(status).toBe(200);
  const overview = body as AdminOverview;
  expect(overview.database.isUp).toBe(true);
  expect(overview.registration).toEqual({ isOpen: true });
  expect(overview.tool.login).toBe(`${tool.url}/lti/login`);
  expect(overview.platforms.map(({ id }) => id)).toEqual([ownId]);
  expect(overview.courses).toMatchObject([{ title: 'EDU101 Learning and Teaching', students: 1 }]);
  expect(JSON.stringify(body)).not.toMatch(/Amina|Ahmed|student01|260001007|open sesame/);
});

test.each([
  ['GET', '/admin/overview'],
  ['POST', '/admin/platforms/PLATFORM/active'],
  ['POST', '/admin/platforms/PLATFORM/feeds'],
  ['PUT', '/admin/platforms/PLATFORM/moodle'],
])('a tutor may not %s %s', async (method, path) => {
  const bodies: Record<string, unknown> = {
    active: { isActive: false },
    feeds: { kind: 'xapi', name: 'x' },
    moodle: { baseUrl: issuer.issuer, token: 'x'.repeat(20) },
  };
  const body = bodies[path.split('/').at(-1)!];
  expect((await tutor(method, path.replace('PLATFORM', ownId), body)).status).toBe(403);
});

test("another institution's registration is not there", async () => {
  const answers = await Promise.all(
    [otherId, 'f'.repeat(24), 'nonsense'].map((id) =>
      admin('POST', `/admin/platforms/${id}/active`, { isActive: false }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(await PlatformModel.findById(otherId).lean()).toMatchObject({ isActive: true });
});

test('a registration by hand is checked, kept, given deployments, switched off and on', async () => {
  const given = {
    name: 'Second registration',
    issuer: issuer.issuer,
    clientId: 'client-9',
    authenticationEndpoint: `${issuer.issuer}/auth`,
    tokenEndpoint: `${issuer.issuer}/token`,
    jwksUri: issuer.jwksUri,
    deploymentId: '7',
  };
  const wrong = await admin('POST', '/admin/platforms', { ...given, jwksUri: 'http://example.org/keys' });
  expect(wrong).toMatchObject({
    status: 422,
    body: { error: { fields: { jwksUri: expect.stringContaining('https') } } },
  });
  const added = await admin('POST', '/admin/platforms', given);
  expect(added.status).toBe(201);
  const { id } = added.body as PlatformReply;
  expect((await admin('POST', '/admin/platforms', given)).status).toBe(409);
  await admin('POST', `/admin/platforms/${id}/deployments`, { deploymentId: '8' });
  await admin('DELETE', `/admin/platforms/${id}/deployments`, { deploymentId: '7' });
  const last = await admin('DELETE', `/admin/platforms/${id}/deployments`, { deploymentId: '8' });
  expect(last.status).toBe(422);
  await admin('POST', `/admin/platforms/${id}/active`, { isActive: false });
  expect(await PlatformModel.findById(id).lean()).toMatchObject({ deploymentIds: ['8'], isActive: false });
  expect(await AuditModel.countDocuments({ deed: 'changed-registration' })).toBeGreaterThanOrEqual(4);
});

test('a Moodle token is tried, kept sealed, and never shown again', async () => {
  issuer.routes.set('/webservice/rest/server.php', (_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(
      JSON.stringify({
        sitename: 'QMplus',
        siteurl: issuer.issuer,
        username: 'waymark',
        userid: 2,
        userissiteadmin: true,
        release: '4.5.6',
        functions: [{ name: 'core_enrol_get_enrolled_users', version: '1' }],
      }),
    );
  });
  const token = 'abcdef0123456789abcdef0123456789';
  const tried = await admin('PUT', `/admin/platforms/${ownId}/moodle`, { baseUrl: `${issuer.issuer}/`, token });
  const reply = tried.body as MoodleTestReply;
  expect(reply).toMatchObject({ isAccepted: true, release: '4.5.6', state: { baseUrl: issuer.issuer } });
  expect(reply.warnings.join()).toMatch(/administrator/);
  expect(reply.state.missing.map(({ name }) => name)).toContain('mod_assign_get_assignments');
  const stored = JSON.stringify(await PlatformModel.findById(ownId).lean());
  const seen = JSON.stringify((await admin('GET', '/admin/overview')).body);
  expect(`${stored}${seen}${JSON.stringify(reply)}`).not.toContain(token);
  expect((await admin('POST', `/admin/platforms/${ownId}/moodle/test`, {})).status).toBe(200);
  expect((await admin('DELETE', `/admin/platforms/${ownId}/moodle`)).status).toBe(204);
  expect((await admin('POST', `/admin/platforms/${ownId}/moodle/test`, {})).status).toBe(404);
});

test("a feed's secret is shown once; the feed works, and not after it is switched off", async () => {
  const made = await admin('POST', `/admin/platforms/${ownId}/feeds`, { kind: 'xapi', name: 'logstore' });
  const feed = made.body as NewFeedReply;
  expect(feed.endpoint).toBe(`${tool.url}/xapi`);
  const send = () =>
    fetch(`${tool.url}/xapi/statements`, {
      method: 'POST',
      headers: {
        Authorization: `Basic ${Buffer.from(`${feed.key}:${feed.secret}`).toString('base64')}`,
        'X-Experience-API-Version': '1.0.3',
        'Content-Type': 'application/json',
      },
      body: '[]',
    }).then(({ status }) => status);
  expect(await send()).toBe(200);
  expect(JSON.stringify((await admin('GET', '/admin/overview')).body)).not.toContain(feed.secret);
  expect((await admin('POST', `/admin/feeds/${feed.id}/active`, { isActive: false })).status).toBe(204);
  expect(await send()).toBe(401);
});

test('switching the own registration off ends every session that came by it', async () => {
  await admin('POST', `/admin/platforms/${ownId}/active`, { isActive: false });
  expect((await tutor('POST', '/session/renew', {})).status).toBe(401);
});
