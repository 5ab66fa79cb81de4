import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { CourseModel } from '../../../server/database/models/course.ts';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { exampleUrl, platformNames, renderPlatformFile } from '../../../server/lti/platform-files.ts';
import { resultsScope, rosterScope } from '../../../server/lti/scopes.ts';
import { useIssuerAndTool } from '../../support/use-issuer-and-tool.ts';
import { type LtiIssuer } from '../../support/lti-issuer.ts';
import { createToolKeys } from '../../../server/lti/tool-keys.ts';
import {
  beginLogin,
  goodClaims,
  registerIssuer,
  sendLaunch,
  startLtiTool,
  testVault,
  type LtiTool,
} from '../../support/lti-tool.ts';

const root = join(import.meta.dirname, '../../..');
const started = useIssuerAndTool({ registrations: [] });
let issuer: LtiIssuer;
let tool: LtiTool;

beforeAll(() => {
  ({ issuer, tool } = started());
});

const lti = (...args: string[]) => ltiWith({}, ...args);

async function ltiWith(more: NodeJS.ProcessEnv, ...args: string[]): Promise<{ code: number; output: string }> {
  const env = {
    ...process.env,
    ...more,
    MONGODB_URI: started().databaseUri,
    PUBLIC_URL: tool.url,
    WAYMARK_SECRET: 's'.repeat(40),
    WAYMARK_ENCRYPTION_KEYS: `test:${'x'.repeat(40)}`,
  };
  const command = promisify(execFile)(process.execPath, ['scripts/run-cli.mjs', 'lti', ...args], {
    cwd: root,
    env,
  });
  return command.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      output: error.stdout + error.stderr,
    }),
  );
}

const addArguments = () => [
  ...['add', '--name', 'From the shell', '--issuer', issuer.issuer, '--client-id', 'client-1'],
  ...['--auth', `${issuer.issuer}/auth`, '--token', `${issuer.issuer}/token`, '--keys', issuer.jwksUri],
  ...['--deployment', '1'],
];

test('a registration is added, listed, shown, given a deployment, disabled; then a login is refused', async () => {
  const added = await lti(...addArguments());
  expect(added).toMatchObject({ code: 0 });
  expect((await lti(...addArguments())).output).toContain('registered already');
  const id = (await PlatformModel.findOne({}).lean().orFail())._id.toHexString();
  expect((await lti('list')).output).toContain(id);
  await lti('deployment', id.slice(0, 12), '2');
  expect((await lti('show', id)).output).toContain('"client-1"');
  expect((await lti('disable', id)).code).toBe(0);
  await expect(beginLogin(tool, issuer)).rejects.toThrow('platform-disabled');
  expect((await lti('enable', id)).code).toBe(0);
  expect(await PlatformModel.findById(id).lean()).toMatchObject({ isActive: true, deploymentIds: ['1', '2'] });
}, 180_000);

test('a new signing key is published beside the old one, and takes over at once where that is asked for', async () => {
  const keysOf = async () => {
    const fresh = await startLtiTool();
    const { keys } = (await (await fetch(`${fresh.url}/lti/keys`)).json()) as { keys: { kid: string }[] };
    await fresh.close();
    return keys.map(({ kid }) => kid);
  };
  const before = await keysOf();
  expect((await lti('rotate-keys')).code).toBe(0);
  const urgent = await lti('rotate-keys', '--now');
  expect(urgent.code).toBe(0);
  const after = await keysOf();
  expect(after).toEqual(expect.arrayContaining(before));
  expect(after).toHaveLength(before.length + 2);
  const signing = await createToolKeys({ vault: testVault, now: () => new Date() }).signing();
  expect(urgent.output).toContain(signing.kid);
  expect(before).not.toContain(signing.kid);
}, 180_000);

test('nonsense is answered with how it is used', async () => {
  expect(await lti('fly')).toMatchObject({ code: 2, output: expect.stringContaining('rotate-keys') });
  expect((await lti('show', 'ffff')).code).toBe(1);
});

test('the doctor names what is missing and what to do, and reads a roster where there is one', async () => {
  const first = await lti('doctor');
  expect(first.code).toBe(1);
  expect(first.output).toMatch(/PROBLEM .*token/);
  expect(first.output).toContain('HTTP security');
  issuer.routes.set('/token', (_request, response) => response.end('{"access_token":"t","expires_in":3600}'));
  issuer.routes.set('/memberships', (_request, response) =>
    response.end('{"members":[{"user_id":"3","roles":["Learner"],"status":"Active"}]}'),
  );
  const begun = await beginLogin(tool, issuer);
  await sendLaunch(tool, begun, await issuer.sign(goodClaims(tool, issuer, begun.nonce)));
  expect(await CourseModel.countDocuments({})).toBe(1);
  const second = await lti('doctor');
  expect(second).toMatchObject({ code: 0, output: expect.stringContaining('1 people, 0 with names') });
  expect(second.output).not.toMatch(/Amina|student01/);
}, 180_000);

test.each(platformNames)('the file for %s in lti-config is what the tool would write now', async (name) => {
  const { fileName, text } = renderPlatformFile(name, exampleUrl);
  expect(await readFile(join(root, 'lti-config', fileName), 'utf8')).toBe(text);
});

test('config writes the files of every platform for the address at which Waymark really stands', async () => {
  const out = await mkdtemp(join(tmpdir(), 'waymark-config-'));
  expect((await lti('config', '--platform', 'all', '--out', out)).code).toBe(0);
  for (const name of platformNames) {
    const { fileName } = renderPlatformFile(name, tool.url);
    const text = await readFile(join(out, fileName), 'utf8');
    expect([name, text]).toEqual([name, renderPlatformFile(name, tool.url).text]);
    expect(text).toContain(`${tool.url}/lti/login`);
    expect(text).not.toContain(exampleUrl);
    expect(text).not.toMatch(/scope\/(score|lineitem)(?![.\w])/);
  }
  await rm(out, { recursive: true });
}, 60_000);

test.each(platformNames)(
  'config of %s alone is printed',
  async (name) => {
    const printed = await lti('config', '--platform', name);
    expect(printed).toMatchObject({ code: 0, output: expect.stringContaining(`${tool.url}/lti/launch`) });
  },
  60_000,
);

test('in production the doctor reaches Waymark itself at a private address, and says that it is one', async () => {
  const { output } = await ltiWith({ NODE_ENV: 'production' }, 'doctor');
  const ofOurselves = output.split('\n\n')[0];
  expect(ofOurselves).toContain('Our own key set answers');
  expect(ofOurselves).toContain('leads to a private address');
  expect(ofOurselves).not.toContain('PROBLEM');
}, 60_000);

test('the doctor asks for the roster where it is withheld, and for nothing where only grade services are', async () => {
  const token = issuer.routes.get('/token')!;
  const grants = (scope: string) =>
    issuer.routes.set('/token', (_request, response) =>
      response.end(JSON.stringify({ access_token: 't', expires_in: 3600, scope })),
    );
  grants(rosterScope);
  expect((await lti('doctor')).output).toMatch(/ok +Scope not granted, which takes nothing away: \S+result\.readonly/);
  grants(resultsScope);
  expect((await lti('doctor')).output).toMatch(
    /warning Scope not granted: \S+contextmembership\.readonly\n +Switch names/,
  );
  issuer.routes.set('/token', token);
}, 60_000);

test('the doctor says of a Moodle whether its web services are connected, and whether they took the token', async () => {
  const { _id } = await PlatformModel.findOne({}).lean().orFail();
  const told = async () => (await lti('doctor', _id.toHexString())).output;
  await PlatformModel.updateOne({ _id }, { productFamily: 'canvas' });
  expect(await told()).not.toContain('web services');
  await PlatformModel.updateOne({ _id }, { productFamily: 'moodle' });
  expect(await told()).toMatch(/warning Moodle’s web services are not connected/);
  const connection = { baseUrl: 'https://vle.example', sealedToken: 'sealed', functions: [] };
  await PlatformModel.updateOne({ _id }, { moodle: { ...connection, problem: 'the token is not accepted' } });
  expect(await told()).toMatch(/PROBLEM Moodle’s web services: the token is not accepted/);
  await PlatformModel.updateOne({ _id }, { moodle: connection });
  expect(await told()).toMatch(/ok +Moodle’s web services at https:\/\/vle\.example accepted/);
  await PlatformModel.updateOne({ _id }, { $unset: { moodle: 1 } });
}, 120_000);

test('the doctor examines the registrations of every kind of platform', async () => {
  const { deploymentIds } = await PlatformModel.findOne({}).lean().orFail();
  for (const name of platformNames) {
    await registerIssuer(issuer, { name: `Our ${name}`, clientId: `of-${name}`, productFamily: name, deploymentIds });
  }
  const { output } = await lti('doctor');
  for (const name of platformNames) {
    const told = output.split(`\nOur ${name}\n`)[1]?.split('\n\n')[0] ?? '';
    expect([name, told]).toEqual([name, expect.stringContaining('Deployments that may launch: 1')]);
    expect([name, told]).toEqual([name, expect.stringContaining('key set has 1 usable keys')]);
    expect([name, told]).toEqual([name, expect.stringContaining('gives service tokens')]);
  }
}, 60_000);
