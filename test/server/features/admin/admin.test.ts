import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  AdminCourses,
  AdminOverview,
  MoodleTestReply,
  NewFeedReply,
  PlatformReply,
} from '../../../../server/contracts/admin.ts';
import { createAdminRouter } from '../../../../server/features/admin/router.ts';
import type { AdminDeps } from '../../../../server/features/admin/deps.ts';
import { AuditModel } from '../../../../server/database/models/audit.ts';
import { PlatformModel } from '../../../../server/database/models/platform.ts';
import { useDatabase } from '../../../support/database.ts';
import {
  institutionRole,
  membershipRole,
  startIssuerAndWaymark,
  type Send,
} from '../../../support/issuer-and-waymark.ts';
import { startLtiIssuer, type LtiIssuer } from '../../../support/lti-issuer.ts';
import { registerIssuer } from '../../../support/lti-tool.ts';

const database = useDatabase();
let started: Awaited<ReturnType<typeof startIssuerAndWaymark>>;
let issuer: LtiIssuer;
let other: LtiIssuer;
let tool: { url: string };
let admin: Send;
let tutor: Send;
const others = new Map<string, Send>();
let ownId: string;
let otherId: string;

beforeAll(async () => {
  started = await startIssuerAndWaymark(database.uri, {
    env: { WAYMARK_REGISTRATION_SECRET: 'open sesame and more' },
  });
  ({ issuer, platformId: ownId } = started);
  tool = started;
  other = await startLtiIssuer();
  otherId = (await registerIssuer(other, { name: 'Another university' })).id;
  const signIn = async (sub: string, ...roles: string[]) => (await started.signInAs(sub, roles)).send;
  admin = await signIn('900', `${institutionRole}#Administrator`);
  tutor = await signIn('901', `${membershipRole}#Instructor`);
  others.set('a tutor', tutor);
  others.set('a student', await signIn('3', `${membershipRole}#Learner`));
  others.set('a mentor', await signIn('902', `${membershipRole}#Mentor`));
  others.set('an assistant', await signIn('903', `${membershipRole}/Instructor#TeachingAssistant`));
  others.set('an administrator of the course alone', await signIn('904', `${membershipRole}#Administrator`));
  const teaching = [`${membershipRole}#Instructor`, `${institutionRole}#Administrator`];
  others.set('a tutor with an office in the institution', await signIn('905', ...teaching));
});
afterAll(async () => {
  await other.close();
  await started.close();
});

test('an administrator sees the system and no person in it', async () => {
  const { status, body } = await admin('GET', '/admin/overview');
  expect(status).toBe(200);
  const overview = body as AdminOverview;
  expect(overview.database.isUp).toBe(true);
  expect(overview.registration).toEqual({ isOpen: true });
  expect(overview.tool.login).toBe(`${tool.url}/lti/login`);
  expect(overview.platforms.map(({ id }) => id)).toEqual([ownId]);
  // This platform gives no list of participants.
  expect(overview.courses).toEqual({ opened: 1, troubled: 1 });
  expect(overview.policy).toBe('Queen Mary University of London');
  const list = await admin('GET', '/admin/courses');
  expect((list.body as AdminCourses).courses).toMatchObject([{ title: 'EDU101 Learning and Teaching', students: 1 }]);
  expect(JSON.stringify([body, list.body])).not.toMatch(/Amina|Ahmed|student01|260001007|open sesame/);
});

/** Every route of the administration page, with a request that an administrator's would be granted. */
const routes: [string, string, unknown?][] = [
  ['GET', '/admin/overview'],
  ['GET', '/admin/courses'],
  [
    'POST',
    '/admin/platforms',
    {
      name: 'x',
      issuer: 'https://vle.example',
      clientId: 'x',
      authenticationEndpoint: 'https://vle.example/auth',
      tokenEndpoint: 'https://vle.example/token',
      jwksUri: 'https://vle.example/jwks',
    },
  ],
  ['POST', '/admin/platforms/PLATFORM/active', { isActive: false }],
  ['POST', '/admin/platforms/PLATFORM/deployments', { deploymentId: '2' }],
  ['DELETE', '/admin/platforms/PLATFORM/deployments', { deploymentId: '1' }],
  ['PUT', '/admin/platforms/PLATFORM/moodle', { baseUrl: 'https://vle.example', token: 'x'.repeat(20) }],
  ['POST', '/admin/platforms/PLATFORM/moodle/test', {}],
  ['DELETE', '/admin/platforms/PLATFORM/moodle'],
  ['POST', '/admin/platforms/PLATFORM/feeds', { kind: 'xapi', name: 'x' }],
  ['POST', '/admin/feeds/FEED/active', { isActive: false }],
];

test('the routes tested are all that there are', () => {
  const registered = createAdminRouter({} as AdminDeps).stack.flatMap(({ route }) =>
    route ? route.stack.map(({ method }) => `${method.toUpperCase()} ${route.path}`) : [],
  );
  const tested = routes.map(([method, path]) =>
    `${method} ${path}`.replace('PLATFORM', ':platformId').replace('FEED', ':feedId'),
  );
  expect(tested.sort()).toEqual(registered.sort());
});

test.each(routes)('nobody but an administrator of the platform may %s %s', async (method, path, body) => {
  const before = await PlatformModel.find({}).lean();
  const at = path.replace('PLATFORM', ownId).replace('FEED', 'f'.repeat(24));
  const answers = await Promise.all(
    [...others].map(async ([who, send]) => [who, (await send(method, at, body)).status] as const),
  );
  expect(answers).toEqual([...others.keys()].map((who) => [who, 403]));
  expect(await PlatformModel.find({}).lean()).toEqual(before);
  const nobody = await fetch(`${tool.url}/api${at}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(nobody.status).toBe(401);
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

test('a feed may speak of the accounts of a system of its own, where an administrator says so', async () => {
  const add = (more: object) =>
    admin('POST', `/admin/platforms/${ownId}/feeds`, { kind: 'xapi', name: 'capture', ...more });
  expect((await add({ homePage: 'capture' })).status).toBe(422);
  const homePage = 'https://capture.example.ac.uk/';
  const { body } = await add({ homePage, names: 'sourcedId' });
  const feed = body as NewFeedReply;
  const send = (home: string) =>
    fetch(`${tool.url}/xapi/statements`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${feed.bearerToken}`,
        'X-Experience-API-Version': '1.0.3',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({
        actor: { account: { homePage: home, name: '260001007' } },
        verb: { id: 'https://w3id.org/xapi/video/verbs/played' },
        object: { id: 'https://capture.example.ac.uk/8' },
      }),
    }).then(({ status }) => status);
  expect(await send('https://capture.example.ac.uk')).toBe(200);
  expect(await send('https://capture.example.com')).toBe(403);
  const { platforms } = (await admin('GET', '/admin/overview')).body as AdminOverview;
  const shown = platforms.flatMap(({ feeds }) => feeds).find(({ id }) => id === feed.id);
  expect(shown?.homes).toEqual([{ homePage, names: 'sourcedId' }]);
});

test('switching the own registration off ends every session that came by it', async () => {
  await admin('POST', `/admin/platforms/${ownId}/active`, { isActive: false });
  expect((await tutor('POST', '/session/renew', {})).status).toBe(401);
});
