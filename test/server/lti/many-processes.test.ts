import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { useDatabase } from '../../support/database.ts';
import { startLtiIssuer, type LtiIssuer } from '../../support/lti-issuer.ts';
import { beginLogin, goodClaims, refusalOf, registerIssuer, sendLaunch } from '../../support/lti-tool.ts';

/** Two processes behind one address, as a load balancer would have them: each step goes to the other one. */

const database = useDatabase();
const publicUrl = 'http://localhost:4321';
const children: ChildProcess[] = [];
let connection: { close(): Promise<void> };
let issuer: LtiIssuer;
let first: { url: string };
let second: { url: string };

beforeAll(async () => {
  connection = await connectDatabase(database.uri);
  issuer = await startLtiIssuer();
  await registerIssuer(issuer);
  [first, second] = await Promise.all([startProcess(), startProcess()]);
}, 120_000);
afterAll(async () => {
  await Promise.all(
    children.map((child) => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      return ended;
    }),
  );
  await issuer.close();
  await connection.close();
}, 60_000);

async function startProcess(): Promise<{ url: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
    cwd: join(import.meta.dirname, '../../..'),
    env: {
      ...process.env,
      MONGODB_URI: database.uri,
      PUBLIC_URL: publicUrl,
      PORT: '0',
      NODE_ENV: 'test',
      WAYMARK_SECRET: 's'.repeat(40),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { port?: number; msg: string };
    if (entry.msg === 'Waymark is up') {
      child.stdout.resume();
      return { url: `http://localhost:${entry.port}` };
    }
  }
  throw new Error('The process ended before it was up.');
}

const atPublicUrl = { target_link_uri: `${publicUrl}/lti/launch` };

async function begin(at: { url: string }) {
  const begun = await beginLogin(at, issuer, atPublicUrl);
  const token = await issuer.sign(goodClaims({ url: publicUrl }, issuer, begun.nonce));
  return { begun, token };
}

test('a login through one process is launched through the other, and the session opened and renewed through both', async () => {
  const { begun, token } = await begin(first);
  const launched = await sendLaunch(second, begun, token);
  expect(launched.status).toBe(303);
  const code = launched.headers.get('location')!.split('=')[1];
  const json = { 'Content-Type': 'application/json' };
  const open = (at: { url: string }) =>
    fetch(`${at.url}/api/session`, { method: 'POST', headers: json, body: JSON.stringify({ code }) });
  const opened = await open(first);
  const session = (await opened.json()) as { token: string };
  expect(opened.status).toBe(200);
  expect((await open(second)).status).toBe(401);
  const renewed = await fetch(`${second.url}/api/session/renew`, {
    method: 'POST',
    headers: { ...json, Authorization: `Bearer ${session.token}` },
    body: '{}',
  });
  expect(renewed.status).toBe(200);
});

test('a launch sent to both at once is accepted by one', async () => {
  const { begun, token } = await begin(second);
  const responses = await Promise.all([first, second, first, second].map((at) => sendLaunch(at, begun, token)));
  const codes = responses.map(refusalOf);
  expect(codes.filter((code) => code === null)).toHaveLength(1);
  expect(codes.filter((code) => code === 'state-used')).toHaveLength(3);
});

test('both publish the same keys', async () => {
  const keysOf = async (at: { url: string }) => (await fetch(`${at.url}/lti/keys`)).json();
  expect(await keysOf(second)).toEqual(await keysOf(first));
});

test('a registration switched off elsewhere opens no session from that moment, and is refused by both within seconds', async () => {
  const begun = await Promise.all([begin(first), begin(second)]);
  await PlatformModel.updateOne({}, { isActive: false });
  for (const [index, at] of [first, second].entries()) {
    const launched = await sendLaunch(at, begun[index]!.begun, begun[index]!.token);
    const code = launched.headers.get('location')?.split('=')[1] ?? 'none'.repeat(10);
    const opened = await fetch(`${at.url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    expect(opened.status).toBe(401);
  }
  for (const at of [first, second]) {
    const outcome = () =>
      begin(at).then(
        () => 'let in',
        (error: Error) => error.message,
      );
    await expect.poll(outcome, { timeout: 10_000, interval: 250 }).toContain('platform-disabled');
  }
});
