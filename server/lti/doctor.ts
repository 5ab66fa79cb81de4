import { lookup } from 'node:dns/promises';
import { z } from 'zod';
import { CourseModel } from '../database/models/course.ts';
import type { Platform } from '../database/models/platform.ts';
import { Unavailable } from '../errors.ts';
import { adviceOn } from '../outbound/advice.ts';
import { OutboundFailed, OutboundRefused, type Outbound } from '../outbound/outbound.ts';
import { isPrivateAddress } from '../outbound/private-addresses.ts';
import { readRoster } from './roster.ts';
import { askedScopes, rosterScope } from './scopes.ts';
import { parseJson, type ServiceClient } from './service-client.ts';
import { toolEndpoints } from './tool-configuration.ts';

/** What a registration still lacks, checked step by step, each finding with what to do about it. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'problem';
  readonly what: string;
  readonly remedy?: string;
}

interface DoctorContext {
  readonly publicUrl: string;
  readonly outbound: Outbound;
  readonly services: ServiceClient;
}

/**
 * Checks what every platform needs of us: an address that answers, over https. `outbound` must be one that may reach our own
 * address, which inside a university is often a private one.
 */
export async function examineTool({ publicUrl, outbound }: Omit<DoctorContext, 'services'>): Promise<Finding[]> {
  const { keys } = toolEndpoints(publicUrl);
  const findings: Finding[] = [];
  findings.push(
    publicUrl.startsWith('https:')
      ? ok('PUBLIC_URL is https.')
      : warning('PUBLIC_URL is plain http.', 'Browsers keep cookies of a framed http page on this machine only.'),
  );
  findings.push(await examineAddress('Our own key set', keys, outbound));
  if (await isPrivateHere(new URL(publicUrl).hostname)) {
    findings.push(
      warning(
        'Seen from this machine, PUBLIC_URL leads to a private address.',
        'Platforms fetch our keys there: one outside this network can’t, and Moodle must have it taken off its blocked hosts.',
      ),
    );
  }
  return findings;
}

async function isPrivateHere(hostname: string): Promise<boolean> {
  try {
    const addresses = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
    return addresses.some(({ address }) => isPrivateAddress(address));
  } catch {
    return false;
  }
}

/** Checks one registration, from DNS to a trial reading of a roster. Stores nothing. */
export async function examinePlatform(platform: Platform, context: DoctorContext): Promise<Finding[]> {
  const { outbound } = context;
  const findings: Finding[] = [];
  if (!platform.isActive) findings.push(warning('The registration is switched off.', 'npm run lti -- enable ID'));
  findings.push(
    platform.deploymentIds.length > 0
      ? ok(`Deployments that may launch: ${platform.deploymentIds.join(', ')}.`)
      : warning(
          'No deployment is known yet.',
          'The first that launches is taken; or add it: npm run lti -- deployment ID DEPLOYMENT',
        ),
  );
  for (const [name, url] of [
    ['Authentication', platform.authenticationEndpoint],
    ['Token', platform.tokenEndpoint],
    ['Key set', platform.jwksUri],
  ] as const) {
    const objection = outbound.objectionTo(url);
    if (objection)
      findings.push(
        problem(`${name} address ${objection}.`, 'Correct it, or allow its host by WAYMARK_ALLOWED_HOSTS.'),
      );
    else findings.push(await examineDns(name, url));
  }
  findings.push(await examineKeySet(platform, outbound), ...(await examineServices(platform, context)));
  findings.push(...examineMoodle(platform));
  return findings;
}

/** What was last found of a Moodle's web services, from which nearly everything that students did is read. */
function examineMoodle({ moodle, productFamily }: Platform): Finding[] {
  if (!moodle && productFamily !== 'moodle') return [];
  const where = 'Waymark, opened by the site’s administrator → Registrations → Moodle web services.';
  if (!moodle) {
    return [
      warning('Moodle’s web services are not connected: what students did is not known.', `Enter a token: ${where}`),
    ];
  }
  if (moodle.problem) return [problem(`Moodle’s web services: ${moodle.problem}.`, where)];
  return [ok(`Moodle’s web services at ${moodle.baseUrl} accepted the token when it was last tried.`)];
}

async function examineDns(name: string, url: string): Promise<Finding> {
  const { hostname } = new URL(url);
  try {
    await lookup(hostname.replace(/^\[|\]$/g, ''));
    return ok(`${name} host ${hostname} has an address.`);
  } catch {
    return problem(`${name} host ${hostname} has no address.`, 'Check the spelling, and the DNS of this machine.');
  }
}

async function examineAddress(name: string, url: string, outbound: Outbound): Promise<Finding> {
  try {
    const { status } = await outbound.request(url);
    if (status === 200) return ok(`${name} answers at ${url}.`);
    return problem(`${name} answers ${status} at ${url}.`, 'Is Waymark running, and does the proxy pass /lti on?');
  } catch (error) {
    return problem(`${name} can't be reached at ${url} (${reasonOf(error)}).`, remedyOf(error));
  }
}

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional() })) });

async function examineKeySet(platform: Platform, outbound: Outbound): Promise<Finding> {
  try {
    const reply = await outbound.request(platform.jwksUri);
    const parsed = keySetSchema.safeParse(parseJson(reply.text));
    if (reply.status !== 200 || !parsed.success) {
      return problem(`The platform's key set can't be read (answered ${reply.status}).`, 'Copy its address again.');
    }
    const usable = parsed.data.keys.filter(({ kty, kid }) => kty === 'RSA' && kid).length;
    if (usable > 0) return ok(`The platform's key set has ${usable} usable keys.`);
    return problem('The platform has no RSA key with a kid.', 'Ask the platform to sign with RS256.');
  } catch (error) {
    return problem(`The platform's key set can't be reached (${reasonOf(error)}).`, remedyOf(error));
  }
}

async function examineServices(platform: Platform, { services, publicUrl }: DoctorContext): Promise<Finding[]> {
  let granted: readonly string[];
  try {
    granted = (await services.tryToken(platform, askedScopes)).grantedScopes;
  } catch (error) {
    return [
      problem(
        error instanceof Unavailable ? error.message : `No service token (${reasonOf(error)}).`,
        `The platform must reach ${toolEndpoints(publicUrl).keys}. Moodle: Site administration → General → Security → HTTP security lists blocked hosts (by default private addresses) and allowed ports (by default 80 and 443).`,
      ),
    ];
  }
  const missing = askedScopes.filter((scope) => !granted.includes(scope));
  const findings = [
    ok('The platform gives service tokens.'),
    ...missing.map((scope) =>
      scope === rosterScope
        ? warning(
            `Scope not granted: ${scope}`,
            'Switch names and roles on in the tool’s settings: without it only people who have launched are known.',
          )
        : ok(`Scope not granted, which takes nothing away: ${scope}`),
    ),
  ];
  if (missing.includes(rosterScope)) return findings;
  const course = await CourseModel.findOne({ platformId: platform._id, membershipsUrl: { $exists: true } })
    .sort({ lastLaunchedAt: -1 })
    .lean();
  if (!course) {
    return [
      ...findings,
      warning('No roster to try: nobody has launched from a course yet.', 'Open Waymark in a course.'),
    ];
  }
  try {
    const members = await readRoster(course, services);
    const named = members.filter(({ name }) => name).length;
    findings.push(ok(`The roster of the last course can be read: ${members.length} people, ${named} with names.`));
    if (named === 0)
      findings.push(warning('The platform withholds names.', 'Its privacy settings decide; lists then show numbers.'));
  } catch (error) {
    findings.push(
      problem(error instanceof Unavailable ? error.message : 'The roster can’t be read.', 'See the platform’s log.'),
    );
  }
  return findings;
}

const ok = (what: string): Finding => ({ state: 'ok', what });
const warning = (what: string, remedy: string): Finding => ({ state: 'warning', what, remedy });
const problem = (what: string, remedy: string): Finding => ({ state: 'problem', what, remedy });

function reasonOf(error: unknown): string {
  return error instanceof OutboundFailed || error instanceof OutboundRefused ? error.message : 'unexpected';
}

function remedyOf(error: unknown): string {
  return `${adviceOn(reasonOf(error)) ?? 'Check the address, and WAYMARK_ALLOWED_HOSTS for private ones'}.`;
}
