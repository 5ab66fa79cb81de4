import { randomUUID } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';
import { signToken } from './keys.ts';
import type { RegisteredTool, Site } from './site.ts';

const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const SCOPES = [
  'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
  'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
];
const TOKEN_LIFE_SECONDS = 3600;

/** What Moodle needs to see in a registration; anything else in it is let through unread. */
const registrationSchema = z.looseObject({
  response_types: z.array(z.string()).refine((types) => types.includes('id_token')),
  initiate_login_uri: z.url(),
  redirect_uris: z.array(z.url()).min(1),
  client_name: z.string().min(1),
  jwks_uri: z.url(),
  token_endpoint_auth_method: z.literal('private_key_jwt'),
  scope: z.string().default(''),
  [TOOL_CONFIGURATION]: z.looseObject({
    domain: z.string(),
    target_link_uri: z.url(),
    description: z.string().optional(),
    custom_parameters: z.record(z.string(), z.string()).default({}),
    claims: z.array(z.string()).default([]),
    messages: z.array(z.looseObject({ type: z.string() })).default([]),
  }),
});

/** Dynamic registration as Moodle does it: a signed token good for an hour and one use, and the tool pending afterwards. */
export function registrationRouter(site: Site): Router {
  const router = express.Router();
  router.get('/mod/lti/openid-configuration.php', site.faults.at('registration'), (_request, response) => {
    response.json(openidConfiguration(site));
  });
  router.post('/mod/lti/openid-registration.php', express.json(), site.faults.at('registration'), (request, response) =>
    register(site, request, response),
  );
  return router;
}

/**
 * The address to open, made from what an administrator pasted: the tool's own with Moodle's two parameters. Where a tool of the
 * same domain is there, Moodle asks whether to update it; the token then names its client.
 */
export async function startRegistration(
  site: Site,
  toolRegistrationUrl: string,
  updates?: RegisteredTool,
): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    sub: updates?.clientId ?? randomUUID().slice(0, 15),
    scope: updates ? 'reg-update' : 'reg',
    iat,
    exp: iat + TOKEN_LIFE_SECONDS,
  };
  const url = new URL(toolRegistrationUrl);
  url.searchParams.set('openid_configuration', `${site.url}/mod/lti/openid-configuration.php`);
  url.searchParams.set('registration_token', await signToken(site.keys, claims));
  return url.href;
}

async function register(site: Site, request: Request, response: Response): Promise<void> {
  const token = await readRegistrationToken(site, request.get('authorization'));
  const known = site.tools.find((tool) => tool.clientId === token?.clientId);
  if (!token || token.isUpdate !== (known !== undefined)) {
    return void response.status(401).type('text').send('invalid_token');
  }
  const parsed = registrationSchema.safeParse(request.body);
  if (!parsed.success) return void response.status(400).type('text').send('missing_registration_data');
  const given = parsed.data;
  const configuration = given[TOOL_CONFIGURATION];
  if (new URL(configuration.target_link_uri).host !== configuration.domain) {
    return void response.status(400).type('text').send('domain_targetlinkuri_mismatch');
  }
  const tool: RegisteredTool = {
    clientId: token.clientId,
    deploymentId: known?.deploymentId ?? String(site.tools.length + 1),
    name: given.client_name,
    loginUrl: given.initiate_login_uri,
    redirectUris: given.redirect_uris,
    targetLinkUri: configuration.target_link_uri,
    jwksUrl: given.jwks_uri,
    scopes: SCOPES.filter((scope) => given.scope.split(' ').includes(scope)),
    customParameters: configuration.custom_parameters,
    isPending: known?.isPending ?? true,
  };
  if (known) Object.assign(known, tool);
  else site.tools.push(tool);
  response.json(presentRegistration(tool, configuration));
}

async function readRegistrationToken(
  site: Site,
  authorization = '',
): Promise<{ clientId: string; isUpdate: boolean } | undefined> {
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1] ?? '';
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [site.keys.publicJwk] }));
    const isUpdate = payload['scope'] === 'reg-update';
    return payload.sub && (isUpdate || payload['scope'] === 'reg') ? { clientId: payload.sub, isUpdate } : undefined;
  } catch {
    return undefined;
  }
}

function presentRegistration(
  tool: RegisteredTool,
  configuration: z.output<typeof registrationSchema>[typeof TOOL_CONFIGURATION],
) {
  return {
    client_id: tool.clientId,
    response_types: ['id_token'],
    jwks_uri: tool.jwksUrl,
    initiate_login_uri: tool.loginUrl,
    grant_types: ['client_credentials', 'implicit'],
    redirect_uris: tool.redirectUris,
    application_type: 'web',
    token_endpoint_auth_method: 'private_key_jwt',
    client_name: tool.name,
    logo_uri: '',
    scope: statedScopes(tool).join(' '),
    [TOOL_CONFIGURATION]: {
      version: '1.3.0',
      deployment_id: tool.deploymentId,
      target_link_uri: tool.targetLinkUri,
      domain: configuration.domain,
      description: configuration.description ?? '',
      messages: configuration.messages.filter(({ type }) => type === 'LtiDeepLinkingRequest'),
      custom_parameters: tool.customParameters,
      claims: configuration.claims,
    },
  };
}

/** Moodle has one switch for its gradebook: whoever may read there is told that it may write, too, though no token says so. */
function statedScopes({ scopes }: RegisteredTool): string[] {
  const grades = SCOPES.filter((scope) => scope.includes('/lti-ags/'));
  return [...new Set([...scopes, ...(scopes.some((scope) => grades.includes(scope)) ? grades : [])])];
}

function openidConfiguration(site: Site) {
  return {
    issuer: site.url,
    token_endpoint: `${site.url}/mod/lti/token.php`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256'],
    jwks_uri: `${site.url}/mod/lti/certs.php`,
    authorization_endpoint: `${site.url}/mod/lti/auth.php`,
    registration_endpoint: `${site.url}/mod/lti/openid-registration.php`,
    scopes_supported: [...SCOPES, 'openid'],
    response_types_supported: ['id_token'],
    subject_types_supported: ['public', 'pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: ['sub', 'iss', 'name', 'given_name', 'family_name', 'email'],
    'https://purl.imsglobal.org/spec/lti-platform-configuration': {
      product_family_code: 'moodle',
      version: '4.5.6 (Build: 20250811)',
      messages_supported: [
        { type: 'LtiResourceLinkRequest' },
        { type: 'LtiDeepLinkingRequest', placements: ['ContentArea'] },
      ],
      variables: [
        'Context.id',
        'Context.title',
        'Context.id.history',
        'Context.timeFrame.begin',
        'CourseSection.sourcedId',
        'CourseSection.timeFrame.begin',
        'CourseSection.timeFrame.end',
        'ResourceLink.title',
        'User.id',
        'User.username',
        'Person.sourcedId',
        'Person.address.timezone',
        'Membership.role',
        'Moodle.Person.userGroupIds',
      ],
    },
  };
}
