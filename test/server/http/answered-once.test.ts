import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Router } from 'express';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { createApp } from '../../../server/app.ts';
import { createSessionTokens } from '../../../server/http/session-token.ts';
import { loadPolicyPack } from '../../../server/policy/load-pack.ts';
import { testVault } from '../../support/lti-tool.ts';

/** Without any database: whoever waits for it is told so after a while, and what they waited for may still come to an end. */

vi.mock('../../../server/database/connect.ts', () => ({ pingDatabase: () => new Promise(() => undefined) }));
afterEach(() => vi.restoreAllMocks());

let release: () => void;

function startApp() {
  const waited = new Promise<void>((resolve) => {
    release = resolve;
  });
  const feed = Router();
  feed.get('/xapi/answers-late', async (_request, response) => {
    await waited;
    response.json({});
  });
  feed.get('/xapi/goes-on-late', (_request, _response, next) => void waited.then(() => next()));
  feed.get('/next', async (_request, response) => {
    release();
    // Express passes what came late on within a few turns.
    for (let turns = 0; turns < 50; turns += 1) await turn();
    response.send('read');
  });
  const now = () => new Date();
  const log = pino({ level: 'silent' });
  const tokens = createSessionTokens({ secret: 's'.repeat(40), issuer: 'http://localhost' });
  const app = createApp({
    deps: { vault: testVault, pack: loadPolicyPack('jisc'), log, now, tokens },
    isHttps: false,
    trustedProxies: 0,
    lti: { router: Router(), frameAncestors: () => Promise.resolve([]) },
    feeds: [feed],
    features: [],
  });
  // In tests Express would keep quiet about what nobody handled.
  app.set('env', 'production');
  return app;
}

function read(url: string, agent: Agent) {
  return new Promise<{ status: number | undefined; isSameConnection: boolean }>((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode, isSameConnection: request.reusedSocket }));
    });
    request.on('error', reject);
  });
}

test.each(['answers-late', 'goes-on-late'])(
  'a request that %s was answered already: nothing is printed, and the next one on its connection is answered',
  async (path) => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const app = startApp();
    const server = createServer((request, response) => void app(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await read(`${url}/xapi/${path}`, agent)).status).toBe(503);
    expect(await read(`${url}/next`, agent)).toEqual({ status: 200, isSameConnection: true });
    expect(printed).not.toHaveBeenCalled();
    agent.destroy();
    await new Promise((resolve) => server.close(resolve));
  },
  20_000,
);
