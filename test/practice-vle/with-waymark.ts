import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { composeWaymark } from '../../server/compose.ts';
import { parseConfig } from '../../server/config.ts';
import { newId } from '../../server/database/connect.ts';
import { createFeed } from '../../server/database/models/feed.ts';
import { PlatformModel } from '../../server/database/models/platform.ts';
import { createVault } from '../../server/database/vault.ts';
import { createPracticeVle, type PracticeVleOptions } from './practice-vle.ts';

export interface PracticeOptions {
  /** A connection string that names a database. */
  readonly databaseUri: string;
  readonly vle?: PracticeVleOptions;
  /** Waymark's port; 0 lets the system choose. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the platform's web services are connected; yes unless said otherwise. */
  readonly hasServices?: boolean;
  /** Whether scheduled jobs run, as they do in production. */
  readonly hasJobs?: boolean;
  readonly clientDir?: string | undefined;
}

/**
 * Waymark as in production, and a practice VLE on another site (`localhost` and `127.0.0.1` are two to a browser), registered
 * with each other and with the services and an event feed connected.
 */
export async function startPractice({
  databaseUri,
  vle: vleOptions,
  port = 0,
  env,
  hasServices = true,
  hasJobs = false,
  clientDir,
}: PracticeOptions) {
  const vle = await createPracticeVle(vleOptions);
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const config = parseConfig({ PUBLIC_URL: url, LOG_LEVEL: 'silent', ...env });
  const now = () => (vleOptions?.now ? new Date(vle.clock.nowSeconds() * 1000) : new Date());
  const log = pino({ level: config.logLevel });
  const waymark = await composeWaymark({ config, databaseUri, log, now, clientDir, hasJobs });
  server.on('request', (request, response) => void waymark.app(request, response));

  const tool = vle.addTool({
    name: 'Waymark',
    loginUrl: `${url}/lti/login`,
    redirectUris: [`${url}/lti/launch`],
    targetLinkUri: `${url}/lti/launch`,
    jwksUrl: `${url}/lti/keys`,
    scopes: [
      'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
      'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
      'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
    ],
    customParameters: {},
  });
  const platformId = newId();
  await PlatformModel.create({
    _id: platformId,
    name: 'Practice VLE',
    issuer: vle.issuer,
    clientId: tool.clientId,
    authenticationEndpoint: vle.authorisationUrl,
    tokenEndpoint: vle.tokenUrl,
    jwksUri: vle.jwksUrl,
    deploymentIds: [tool.deploymentId],
    productFamily: 'moodle',
    scopes: tool.scopes,
    ...(hasServices && {
      moodle: {
        baseUrl: vle.url,
        sealedToken: createVault(config.encryptionKeys).seal(vle.webServiceToken, `platform:${platformId}:moodle`),
        functions: [],
      },
    }),
  });
  const feed = await createFeed({ kind: 'xapi', name: 'Practice VLE log', platformId }, now());

  return {
    url,
    vle,
    tool,
    platformId,
    waymark,
    /** Where the practice VLE's log store would be told to send. */
    feed: { endpoint: `${url}/xapi`, username: feed.key, password: feed.secret },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await waymark.close();
      await vle.close();
    },
  };
}
