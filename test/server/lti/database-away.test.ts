import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { createFeed } from '../../../server/database/models/feed.ts';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { useDatabase } from '../../support/database.ts';
import { startLtiIssuer, type LtiIssuer } from '../../support/lti-issuer.ts';
import { beginLogin, goodClaims, postForm, registerIssuer, sendLaunch } from '../../support/lti-tool.ts';

/**
 * A real process whose database goes away underneath it: refusing connections, or taking requests and never answering. Everything
 * that anybody may ask is answered with a page, the process lives, and goes on once the database is back.
 */

const database = useDatabase();
const secret = 'open sesame and more';
let connection: { close(): Promise<void> };
let issuer: LtiIssuer;
let line: Awaited<ReturnType<typeof startLine>>;
let child: ChildProcess;
let tool: { url: string };
let registrationsAsked = 0;

beforeAll(async () => {
  connection = await connectDatabase(database.uri);
  issuer = await startLtiIssuer();
  issuer.routes.set('/openid-configuration', (_request, response) => {
    registrationsAsked += 1;
    response.writeHead(500).end();
  });
  await registerIssuer(issuer);
  line = await startLine(database.uri);
  await startProcess();
}, 120_000);
afterAll(async () => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  await line.close();
  await issuer.close();
  await connection.close();
}, 60_000);

/** The line to the database, which can be cut, held and mended. */
async function startLine(uri: string) {
  const { host, path } = placeOf(uri);
  const sockets = new Set<Socket>();
  let state: 'up' | 'held' | 'cut' = 'up';
  const server: Server = createServer((near) => {
    if (state === 'cut') return near.destroy();
    const far = path ? connect(path) : connect(Number(host.split(':')[1] ?? 27017), host.split(':')[0]);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => state === 'up' && far.write(bytes));
    far.on('data', (bytes) => state === 'up' && near.write(bytes));
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const hangUp = () => sockets.forEach((socket) => socket.destroy());
  const name = new URL(uri.replace(/^mongodb:\/\/[^/]+/, 'http://x')).pathname;
  return {
    uri: `mongodb://127.0.0.1:${port}${name}?directConnection=true`,
    cut() {
      state = 'cut';
      hangUp();
    },
    hold() {
      state = 'held';
    },
    mend() {
      state = 'up';
      hangUp();
    },
    async close() {
      hangUp();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function placeOf(uri: string): { host: string; path: string | undefined } {
  const host = decodeURIComponent(/^mongodb:\/\/([^/?]+)/.exec(uri)![1]!);
  return { host, path: host.startsWith('/') ? host : undefined };
}

async function startProcess(): Promise<void> {
  child = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
    cwd: join(import.meta.dirname, '../../..'),
    env: {
      ...process.env,
      MONGODB_URI: line.uri,
      PUBLIC_URL: 'http://localhost:4321',
      PORT: '0',
      NODE_ENV: 'test',
      WAYMARK_SECRET: 's'.repeat(40),
      WAYMARK_REGISTRATION_SECRET: secret,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const text of createInterface({ input: child.stdout! })) {
    const entry = JSON.parse(text) as { port?: number; msg: string };
    if (entry.msg === 'Waymark is up') {
      child.stdout!.resume();
      tool = { url: `http://localhost:${entry.port}` };
      return;
    }
  }
  throw new Error('The process ended before it was up.');
}

const publicUrl = 'http://localhost:4321';
const login = () => beginLogin(tool, issuer, { target_link_uri: `${publicUrl}/lti/launch` });

/** Somebody whose session is open before the database goes. */
async function signIn(): Promise<Record<string, string>> {
  const begun = await login();
  const launched = await sendLaunch(
    tool,
    begun,
    await issuer.sign(goodClaims({ url: publicUrl }, issuer, begun.nonce)),
  );
  const opened = await fetch(`${tool.url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code: launched.headers.get('location')!.split('code=')[1] }),
  });
  return { Authorization: `Bearer ${((await opened.json()) as { token: string }).token}` };
}

async function launch() {
  const begun = await login();
  return { begun, token: await issuer.sign(goodClaims({ url: publicUrl }, issuer, begun.nonce)) };
}

/** What a tutor would send who was choosing what to place when the database went. */
async function chooseLink(): Promise<Record<string, string>> {
  const begun = await login();
  const lti = 'https://purl.imsglobal.org/spec/lti/claim/';
  const claims = {
    ...goodClaims({ url: publicUrl }, issuer, begun.nonce),
    [`${lti}message_type`]: 'LtiDeepLinkingRequest',
    [`${lti}roles`]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor'],
    'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': {
      accept_types: ['ltiResourceLink'],
      accept_presentation_document_targets: ['window'],
      deep_link_return_url: `${issuer.issuer}/return`,
    },
  };
  const page = await (await sendLaunch(tool, begun, await issuer.sign(claims))).text();
  return { request: /name="request" value="([^"]+)"/.exec(page)![1]!, place: 'mine' };
}

/** What a launch comes to: 303 where all is well. */
const works = () =>
  launch().then(
    async (next) => (await sendLaunch(tool, next.begun, next.token)).status,
    (error: Error) => error.message,
  );

test.each([
  ['cut', () => line.cut()],
  ['taking requests and never answering', () => line.hold()],
] as const)(
  'with the database %s everything is answered, and goes on afterwards',
  async (_name, goAway) => {
    const headers = await signIn();
    expect((await fetch(`${tool.url}/api/dashboard`, { headers })).status).toBe(200);
    const { _id: platformId } = await PlatformModel.findOne({}).lean().orFail();
    const feed = await createFeed({ kind: 'xapi', name: 'A log', platformId: String(platformId) }, new Date());
    const { begun, token } = await launch();
    const choice = await chooseLink();
    expect((await fetch(`${tool.url}/lti/keys`)).status).toBe(200);
    expect((await fetch(`${tool.url}/readyz`)).status).toBe(200);
    goAway();

    // Each is given far less time than a browser or a proxy would give it.
    const within = { signal: AbortSignal.timeout(8_000), redirect: 'manual' } as const;
    const [atLogin, atLaunch, atKeys, atRegister, atDeepLink, ...atServices] = await Promise.all([
      fetch(
        `${tool.url}/lti/login?${new URLSearchParams({
          iss: issuer.issuer,
          login_hint: '3',
          target_link_uri: `${publicUrl}/lti/launch`,
          client_id: 'client-1',
        }).toString()}`,
        within,
      ),
      sendLaunch(tool, begun, token),
      fetch(`${tool.url}/lti/keys`, within),
      fetch(
        `${tool.url}/lti/register?${new URLSearchParams({
          openid_configuration: `${issuer.issuer}/openid-configuration`,
          secret,
        }).toString()}`,
        within,
      ),
      postForm(`${tool.url}/lti/deep-link`, choice),
      fetch(`${tool.url}/api/dashboard`, { ...within, headers }),
      fetch(`${tool.url}/api/journal/entries`, {
        ...within,
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify({ text: 'A quiet week.', isShared: false }),
      }),
      fetch(`${tool.url}/xapi/statements`, {
        ...within,
        method: 'POST',
        headers: {
          Authorization: `Basic ${Buffer.from(`${feed.key}:${feed.secret}`).toString('base64')}`,
          'X-Experience-API-Version': '1.0.3',
          'Content-Type': 'application/json',
        },
        body: '[]',
      }),
    ]);
    for (const response of atServices) {
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      const reply = (await response.json()) as { error: { code: string; message: string } };
      expect(reply.error.code).toBe('unavailable');
      expect(reply.error.message).toContain('can’t reach its own records');
    }
    for (const response of [atLogin, atLaunch, atRegister, atDeepLink]) {
      expect([response.status, response.headers.get('x-waymark-refusal')]).toEqual([503, 'database-away']);
      const page = await response.text();
      expect(page).toContain('can’t reach its own records');
      expect(page).not.toMatch(/Mongo|ECONN|127\.0\.0\.1/);
    }
    // What platforms need to check our signatures is still told, and nobody was asked to register what could not be kept.
    expect(atKeys.status).toBe(200);
    expect(((await atKeys.json()) as { keys: unknown[] }).keys).toHaveLength(1);
    expect(registrationsAsked).toBe(0);
    // Whoever restarts processes leaves this one alone; whoever sends requests sends them elsewhere.
    expect((await fetch(`${tool.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${tool.url}/readyz`)).status).toBe(503);
    expect(child.exitCode).toBeNull();

    line.mend();
    await expect.poll(works, { timeout: 30_000, interval: 500 }).toBe(303);
    expect((await fetch(`${tool.url}/readyz`)).status).toBe(200);
    expect(child.exitCode).toBeNull();
    expect(await PlatformModel.countDocuments({})).toBe(1);
  },
  90_000,
);

test('however often the database goes, and whatever was under way, the process goes on when it is back', async () => {
  for (let time = 0; time < 6; time += 1) {
    const headers = await signIn();
    const { begun, token } = await launch();
    if (time % 2 === 0) line.hold();
    else line.cut();
    // Some are answered and others meet the end of their connection: all of them end together when the line is mended.
    await Promise.allSettled([
      login(),
      sendLaunch(tool, begun, token),
      fetch(`${tool.url}/api/dashboard`, { headers, signal: AbortSignal.timeout(8_000) }),
    ]);
    line.mend();
    await expect.poll(works, { timeout: 20_000, interval: 300 }).toBe(303);
  }
  expect(child.exitCode).toBeNull();
}, 180_000);
