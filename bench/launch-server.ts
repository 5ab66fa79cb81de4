import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';

/**
 * One tool in a process of its own, as `waymark` or as stock ltijs: prints its address, and runs until its input ends. Stock
 * ltijs is set up as its documentation says, with its own database plugin on the same server.
 */
const [, , kind, uri = '', issuer = ''] = process.argv;

async function startStock(): Promise<string> {
  const { default: ltijs } = await import('ltijs');
  const lti = ltijs.Provider as unknown as Record<string, (...args: unknown[]) => Promise<unknown>> & {
    app: express.Application;
  };
  await lti['setup']!(
    'a key of some length for cookies',
    { url: uri },
    { appRoute: '/launch', loginRoute: '/login', tokenMaxAge: 120 },
  );
  await lti['onConnect']!((_token: unknown, _request: unknown, response: express.Response) => response.send('ok'));
  await lti['deploy']!({ serverless: true, silent: true });
  await lti['registerPlatform']!({
    url: issuer,
    name: 'bench',
    clientId: 'client-1',
    authenticationEndpoint: `${issuer}/auth`,
    accesstokenEndpoint: `${issuer}/token`,
    authConfig: { method: 'JWK_SET', key: `${issuer}/jwks` },
  });
  const app = express();
  app.use('/lti', lti.app);
  const server = createServer((request, response) => void app(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

async function startWaymark(): Promise<string> {
  // Only here: it replaces functions of ltijs, which would then not be stock any more.
  const { connectDatabase } = await import('../server/database/connect.ts');
  const { startLtiTool } = await import('../test/support/lti-tool.ts');
  await connectDatabase(uri);
  return (await startLtiTool({ perMinute: 10_000_000 })).url;
}

process.stdout.write(`${kind === 'stock' ? await startStock() : await startWaymark()}\n`);
// Asked between measurements how much of a core it has used: a busy machine slows the clock, not this.
process.stdin.on('data', () => {
  const { user, system } = process.cpuUsage();
  process.stdout.write(`${(user + system) / 1e6}\n`);
});
process.stdin.on('end', () => process.exit(0));
