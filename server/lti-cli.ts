import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig, type Config } from './config.ts';
import { connectDatabase } from './database/connect.ts';
import type { Platform } from './database/models/platform.ts';
import { openDatabase } from './database/open-database.ts';
import { createVault } from './database/vault.ts';
import { InvalidInput } from './errors.ts';
import { examinePlatform, examineTool, type Finding } from './lti/doctor.ts';
import { createOutbound } from './outbound/outbound.ts';
import { exampleUrl, platformNames, renderPlatformFile } from './lti/platform-files.ts';
import {
  addDeployment,
  addRegistration,
  findRegistration,
  listRegistrations,
  setRegistrationActive,
} from './lti/registrations.ts';
import { askedScopes } from './lti/scopes.ts';
import { createServiceClient } from './lti/service-client.ts';
import { createToolKeys } from './lti/tool-keys.ts';

const usage = `npm run lti -- COMMAND

  add --name N --issuer URL --client-id ID --auth URL --token URL --keys URL [--deployment ID]
  list
  show ID                          everything about one registration; ID may be its beginning
  disable ID | enable ID           disabling ends its sessions
  deployment ID DEPLOYMENT         let a deployment launch
  rotate-keys [--now]              publish the next signing key; it signs from tomorrow on (or at once)
  config --platform NAME [--out DIR]   what ${platformNames.join(', ')} need; --platform all
  doctor [ID]                      what of a registration is missing, from DNS to a trial reading of a roster`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string' },
    issuer: { type: 'string' },
    'client-id': { type: 'string' },
    auth: { type: 'string' },
    token: { type: 'string' },
    keys: { type: 'string' },
    deployment: { type: 'string' },
    now: { type: 'boolean', default: false },
    platform: { type: 'string' },
    out: { type: 'string' },
  },
});
const [command, ...rest] = positionals;

const commands = new Map<string, (config: Config) => Promise<number>>([
  ['add', add],
  ['list', list],
  ['show', () => withPlatform(show)],
  ['disable', () => withPlatform((platform) => switchTo(platform, false))],
  ['enable', () => withPlatform((platform) => switchTo(platform, true))],
  ['deployment', () => withPlatform(allow)],
  ['rotate-keys', rotate],
  ['doctor', examine],
]);

try {
  process.exitCode = command === 'config' ? await writeFiles() : await withDatabase(run);
} catch (error) {
  if (error instanceof InvalidInput) {
    for (const [field, reason] of Object.entries(error.fields)) console.error(`${field} ${reason}`);
  } else console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function withDatabase(work: (config: Config) => Promise<number>): Promise<number> {
  if (!commands.has(command ?? '')) {
    console.error(usage);
    return 2;
  }
  const config = parseConfig(process.env);
  const server = await openDatabase({ mongodbUri: config.mongodbUri, dataDir: config.dataDir });
  const database = await connectDatabase(server.uri);
  try {
    return await work(config);
  } finally {
    await database.close();
    await server.close();
  }
}

async function run(config: Config): Promise<number> {
  return commands.get(command ?? '')!(config);
}

async function add(config: Config): Promise<number> {
  const { name, issuer, 'client-id': clientId, auth, token, keys, deployment } = values;
  if (!name || !issuer || !clientId || !auth || !token || !keys) {
    console.error(usage);
    return 2;
  }
  const outbound = createOutbound(config);
  const platform = await addRegistration(
    {
      name,
      issuer,
      clientId,
      authenticationEndpoint: auth,
      tokenEndpoint: token,
      jwksUri: keys,
      deploymentIds: deployment ? [deployment] : [],
      scopes: askedScopes,
    },
    (url) => outbound.objectionTo(url),
  );
  console.log(`Registered as ${platform._id.toHexString()}.`);
  return 0;
}

async function list(): Promise<number> {
  const platforms = await listRegistrations();
  if (platforms.length === 0) console.log('No platform is registered yet.');
  for (const { _id, isActive, name, issuer, clientId, deploymentIds } of platforms) {
    const state = isActive ? 'on ' : 'off';
    console.log(`${_id.toHexString()}  ${state}  ${name}  ${issuer}  ${clientId}  [${deploymentIds.join(', ')}]`);
  }
  return 0;
}

function show(platform: Platform): Promise<number> {
  const { moodle, ...open } = platform;
  const connection = moodle && { baseUrl: moodle.baseUrl, testedAt: moodle.testedAt, problem: moodle.problem };
  console.log(JSON.stringify({ ...open, ...(connection && { moodle: connection }) }, null, 2));
  return Promise.resolve(0);
}

async function switchTo(platform: Platform, isActive: boolean): Promise<number> {
  await setRegistrationActive(platform._id.toHexString(), isActive, new Date());
  console.log(`${platform.name} is switched ${isActive ? 'on' : 'off; its sessions have ended'}.`);
  return 0;
}

async function allow(platform: Platform): Promise<number> {
  const deploymentId = rest[1];
  if (!deploymentId) {
    console.error(usage);
    return 2;
  }
  await addDeployment(platform._id.toHexString(), deploymentId);
  console.log(`Deployment ${deploymentId} may launch.`);
  return 0;
}

async function rotate(config: Config): Promise<number> {
  const keys = createToolKeys({ vault: createVault(config.encryptionKeys), now: () => new Date() });
  const { kid, signsFrom } = await keys.rotate({ isUrgent: values.now });
  console.log(
    `Key ${kid} is published and signs from ${signsFrom.toISOString()}; the others stay published for 14 days after.`,
  );
  return 0;
}

async function examine(config: Config): Promise<number> {
  const outbound = createOutbound(config);
  const toolKeys = createToolKeys({ vault: createVault(config.encryptionKeys), now: () => new Date() });
  const services = createServiceClient({ outbound, toolKeys, now: () => new Date() });
  const context = { publicUrl: config.publicUrl, outbound, services };
  const asked = rest[0] === undefined ? await listRegistrations() : [await findRegistration(rest[0])];
  const ownHost = new URL(config.publicUrl).hostname;
  const toOurselves = createOutbound({ ...config, allowedHosts: [...config.allowedHosts, ownHost] });
  const findings = [...tell('Waymark', await examineTool({ publicUrl: config.publicUrl, outbound: toOurselves }))];
  toOurselves.close();
  for (const platform of asked) {
    if (platform) findings.push(...tell(platform.name, await examinePlatform(platform, context)));
    else console.error('No registration begins with that.');
  }
  outbound.close();
  return findings.some(({ state }) => state === 'problem') || asked.includes(undefined) ? 1 : 0;
}

function tell(name: string, findings: Finding[]): Finding[] {
  console.log(`\n${name}`);
  const marks = { ok: '  ok      ', warning: '  warning ', problem: '  PROBLEM ' };
  for (const { state, what, remedy } of findings) {
    console.log(`${marks[state]}${what}${remedy ? `\n            ${remedy}` : ''}`);
  }
  return findings;
}

async function withPlatform(work: (platform: Platform) => Promise<number>): Promise<number> {
  const platform = rest[0] === undefined ? undefined : await findRegistration(rest[0]);
  if (platform) return work(platform);
  console.error(
    rest[0] === undefined ? usage : 'Exactly one registration must begin with that; see npm run lti -- list.',
  );
  return rest[0] === undefined ? 2 : 1;
}

/** Needs no database: only the public address. */
async function writeFiles(): Promise<number> {
  const names = platformNames.filter((name) => values.platform === 'all' || values.platform === name);
  if (names.length === 0) {
    console.error(usage);
    return 2;
  }
  const publicUrl = process.env['PUBLIC_URL'] ? new URL(process.env['PUBLIC_URL']).origin : exampleUrl;
  for (const name of names) {
    const { fileName, text } = renderPlatformFile(name, publicUrl);
    if (values.out === undefined) process.stdout.write(text);
    else {
      await mkdir(values.out, { recursive: true });
      await writeFile(join(values.out, fileName), text);
      console.log(join(values.out, fileName));
    }
  }
  return 0;
}
