import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { composeWaymark } from '../../server/compose.ts';
import { parseConfig } from '../../server/config.ts';
import { newId } from '../../server/database/connect.ts';
import { createFeed } from '../../server/database/models/feed.ts';
import { PlatformModel } from '../../server/database/models/platform.ts';
import { createVault } from '../../server/database/vault.ts';
import { moodleFunctions } from '../../server/sources/moodle/test-token.ts';
import { createPracticeVle, type PracticeVle, type PracticeVleOptions } from './practice-vle.ts';

export interface PracticeOptions {
  /** A connection string that names a database. */
  readonly databaseUri: string;
  readonly vle?: PracticeVleOptions;
  /** Waymark's port; 0 lets the system choose. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the platform's web services are connected; yes unless said otherwise. */
  readonly hasServices?: boolean;
  /** Whether Waymark registers by its own registration address, as with a real platform; otherwise by hand. */
  readonly registersItself?: boolean;
  /** Whether scheduled jobs run, as they do in production. */
  readonly hasJobs?: boolean;
  readonly clientDir?: string | undefined;
  /** Sees each request to Waymark before it does; for tests that play an odd browser. */
  readonly onRequest?: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
}

const registrationSecret = 'secret-of-the-practice-registration';

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
  registersItself = false,
  hasJobs = false,
  clientDir,
  onRequest,
}: PracticeOptions) {
  const vle = await createPracticeVle(vleOptions);
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const config = parseConfig({
    PUBLIC_URL: url,
    LOG_LEVEL: 'silent',
    WAYMARK_REGISTRATION_SECRET: registrationSecret,
    ...env,
  });
  const now = () => (vleOptions?.now ? new Date(vle.clock.nowSeconds() * 1000) : new Date());
  const log = pino({ level: config.logLevel });
  const waymark = await composeWaymark({ config, databaseUri, log, now, clientDir, hasJobs });
  server.on('request', (request, response) => {
    onRequest?.(request, response);
    void waymark.app(request, response);
  });

  const platformId = registersItself
    ? await registerByAddress(vle, `${url}/lti/register?secret=${registrationSecret}`)
    : await registerByHand(vle, url);
  const tool = vle.tools.at(-1)!;
  if (hasServices) {
    const functions = moodleFunctions.map(({ name }) => name);
    const sealedToken = createVault(config.encryptionKeys).seal(vle.webServiceToken, `platform:${platformId}:moodle`);
    await PlatformModel.updateOne(
      { _id: platformId },
      { $set: { moodle: { baseUrl: vle.url, sealedToken, functions, testedAt: now() } } },
    );
  }
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

/** As an administrator's browser does it: the tool is opened with the platform's token, and then activated. */
async function registerByAddress(vle: PracticeVle, address: string): Promise<string> {
  const response = await fetch(await vle.startRegistration(address));
  const platform = await PlatformModel.findOne({ issuer: vle.issuer }, { _id: 1 }).lean();
  const tool = vle.tools.at(-1);
  if (!platform || !tool) throw new Error(`Waymark could not register with the practice VLE (${response.status}).`);
  tool.isPending = false;
  return platform._id.toHexString();
}

async function registerByHand(vle: PracticeVle, url: string): Promise<string> {
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
  });
  return platformId;
}
