import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { composeWaymark } from './compose.ts';
import { ConfigError, parseConfig, type Config } from './config.ts';
import { openDatabase } from './database/open-database.ts';
import { InvalidPolicyPack, loadPolicyPack } from './policy/load-pack.ts';

/** Composition root: configuration, database, jobs, listen. The only reader of process.env beside the command-line programs. */
async function main(config: Config): Promise<void> {
  // A pack with an error is refused before anything is opened.
  loadPolicyPack(config.policyPack);
  const log = pino({ level: config.logLevel, base: null });
  const database = await openDatabase({ mongodbUri: config.mongodbUri, dataDir: config.dataDir });
  log.info(
    database.isEmbedded
      ? `Data is in the embedded database in ${config.dataDir}; name a MongoDB server in MONGODB_URI before running more than one process.`
      : 'Data is on the MongoDB server of MONGODB_URI.',
  );
  const clientDir = [join(import.meta.dirname, '../client'), join(import.meta.dirname, '../dist/client')].find((dir) =>
    existsSync(join(dir, '.vite/manifest.json')),
  );
  if (!clientDir) log.warn('The client is not built; run `npm run build`.');
  const waymark = await composeWaymark({
    config,
    databaseUri: database.uri,
    log,
    now: () => new Date(),
    clientDir,
    hasJobs: true,
  });

  const server = createServer(waymark.app);
  // A sender that opens a connection and says nothing must not keep it.
  server.headersTimeout = 15_000;
  // Longer than proxies keep theirs: one that closes first may meet the next request on its way.
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  log.info({ port: (server.address() as AddressInfo).port, publicUrl: config.publicUrl }, 'Waymark is up');

  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    log.info('stopping');
    const deadline = setTimeout(() => server.closeAllConnections(), 5_000);
    await new Promise((resolve) => server.close(resolve));
    clearTimeout(deadline);
    await waymark.close();
    await database.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stop().then(() => process.exit(0)));
}

try {
  await main(parseConfig(process.env));
} catch (error) {
  if (error instanceof ConfigError || error instanceof InvalidPolicyPack) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`Waymark could not start: ${error instanceof Error ? error.message : 'unknown error'}\n`);
  process.exit(1);
}
