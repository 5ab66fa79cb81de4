import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseSetCookie } from 'cookie';
import { pino } from 'pino';
import { createApp } from '../../server/app.ts';
import { PlatformModel, type Platform } from '../../server/database/models/platform.ts';
import { createVault } from '../../server/database/vault.ts';
import { loadPolicyPack } from '../../server/policy/load-pack.ts';
import { createSessionTokens } from '../../server/http/session-token.ts';
import { createLtiGateway, type LtiGateway, type LtiGatewayOptions } from '../../server/lti/gateway.ts';
import type { LtiIssuer } from './lti-issuer.ts';

/** Waymark's application with nothing but LTI and sessions, listening on a port of its own. */
export interface LtiTool {
  readonly url: string;
  readonly gateway: LtiGateway;
  readonly launched: { courseId: string; isFirst: boolean }[];
  readonly logged: string[];
  close(): Promise<void>;
}

export const testVault = createVault([{ id: 'test', secret: new TextEncoder().encode('x'.repeat(40)) }]);

export async function startLtiTool(
  options: Partial<LtiGatewayOptions> & {
    onRequest?: (request: IncomingMessage, response: ServerResponse) => void;
  } = {},
): Promise<LtiTool> {
  const server = createServer();
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = options.publicUrl ?? `http://localhost:${(server.address() as AddressInfo).port}`;
  const now = options.now ?? (() => new Date());
  const launched: LtiTool['launched'] = [];
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  const gateway = await createLtiGateway({
    publicUrl: url,
    now,
    log,
    vault: testVault,
    sessionHours: 8,
    isProduction: false,
    allowedHosts: [],
    registration: undefined,
    perMinute: 100_000,
    onCourseLaunched: (courseId, { isFirst }) => void launched.push({ courseId, isFirst }),
    ...options,
  });
  const tokens = createSessionTokens({ secret: 's'.repeat(40), issuer: url });
  const app = createApp({
    deps: { vault: testVault, pack: loadPolicyPack('jisc'), log, now, tokens },
    isHttps: false,
    trustedProxies: 0,
    lti: gateway,
    feeds: [],
    features: [],
  });
  server.on('request', (request, response) => {
    options.onRequest?.(request, response);
    void app(request, response);
  });
  return {
    url,
    gateway,
    launched,
    logged,
    async close() {
      await gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function registerIssuer(issuer: LtiIssuer, more: Partial<Platform> = {}) {
  return PlatformModel.create({
    name: 'Test VLE',
    issuer: issuer.issuer,
    clientId: 'client-1',
    authenticationEndpoint: `${issuer.issuer}/auth`,
    tokenEndpoint: `${issuer.issuer}/token`,
    jwksUri: issuer.jwksUri,
    deploymentIds: ['1'],
    ...more,
  });
}

/** What a browser would hold between login and launch. */
export interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly cookie: string;
  readonly authentication: URL;
}

export async function beginLogin(
  tool: Pick<LtiTool, 'url'>,
  issuer: Pick<LtiIssuer, 'issuer'>,
  params: Record<string, string> = {},
): Promise<Begun> {
  const given = {
    iss: issuer.issuer,
    target_link_uri: `${tool.url}/lti/launch`,
    login_hint: '3',
    lti_message_hint: '{"cmid":13,"launchid":"ltilaunch1_1"}',
    client_id: 'client-1',
    lti_deployment_id: '1',
    ...params,
  };
  // An empty parameter is one that is not sent.
  const sent = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const response = await postForm(`${tool.url}/lti/login`, sent);
  if (response.status !== 302) throw new Error(`login answered ${response.status} ${refusalOf(response)}`);
  const authentication = new URL(response.headers.get('location')!);
  const cookies = response.headers.getSetCookie().map((header) => parseSetCookie(header));
  return {
    authentication,
    state: authentication.searchParams.get('state')!,
    nonce: authentication.searchParams.get('nonce')!,
    // On the own machine each is sent in two ways, of which a browser keeps one.
    cookie: [...new Set(cookies.map(({ name, value }) => `${name}=${value}`))].join('; '),
  };
}

export function sendLaunch(
  tool: Pick<LtiTool, 'url'>,
  begun: Pick<Begun, 'state' | 'cookie'>,
  token: string,
  more: Record<string, string> = {},
): Promise<Response> {
  return postForm(`${tool.url}/lti/launch`, { id_token: token, state: begun.state, ...more }, { Cookie: begun.cookie });
}

export function postForm(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(url, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(fields) });
}

export function refusalOf(response: Response): string | null {
  return response.headers.get('x-waymark-refusal');
}

const lti = 'https://purl.imsglobal.org/spec/lti/claim/';

/** The claims of a good resource-link launch, as Moodle sends them. */
export function goodClaims(tool: Pick<LtiTool, 'url'>, issuer: Pick<LtiIssuer, 'issuer'>, nonce: string) {
  const iat = Math.floor(Date.now() / 1000);
  return {
    nonce,
    iat,
    exp: iat + 60,
    iss: issuer.issuer,
    aud: 'client-1',
    sub: '3',
    given_name: 'Amina',
    family_name: 'Ahmed',
    name: 'Amina Ahmed',
    email: 'student01@example.invalid',
    [`${lti}version`]: '1.3.0',
    [`${lti}deployment_id`]: '1',
    [`${lti}target_link_uri`]: `${tool.url}/lti/launch`,
    [`${lti}message_type`]: 'LtiResourceLinkRequest',
    [`${lti}resource_link`]: { id: '1', title: 'My engagement' },
    [`${lti}roles`]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
    [`${lti}context`]: { id: '2', label: 'EDU101', title: 'EDU101 Learning and Teaching', type: ['CourseSection'] },
    [`${lti}lis`]: { person_sourcedid: '260001007', course_section_sourcedid: 'EDU101-2026-A' },
    [`${lti}ext`]: { user_username: 'student01', lms: 'moodle-2' },
    [`${lti}tool_platform`]: { product_family_code: 'moodle', guid: 'f16', name: 'QMplus' },
    [`${lti}launch_presentation`]: { locale: 'en', document_target: 'iframe' },
    [`${lti}custom`]: {
      course_begin: '2026-09-20T23:00:00+00:00',
      course_end: '2026-12-14T00:00:00+00:00',
      unknown: '$CourseOffering.title',
    },
    'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
      context_memberships_url: `${issuer.issuer}/memberships`,
      service_versions: ['1.0', '2.0'],
    },
  } as Record<string, unknown>;
}
