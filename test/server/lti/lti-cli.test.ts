import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { CourseModel } from '../../../server/database/models/course.ts';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { exampleUrl, platformNames, renderPlatformFile } from '../../../server/lti/platform-files.ts';
import { useDatabase } from '../../support/database.ts';
import { startLtiIssuer, type LtiIssuer } from '../../support/lti-issuer.ts';
import { beginLogin, goodClaims, sendLaunch, startLtiTool, type LtiTool } from '../../support/lti-tool.ts';

const database = useDatabase();
const root = join(import.meta.dirname, '../../..');
let connection: { close(): Promise<void> };
let issuer: LtiIssuer;
let tool: LtiTool;

beforeAll(async () => {
  connection = await connectDatabase(database.uri);
  issuer = await startLtiIssuer();
  tool = await startLtiTool();
});
afterAll(async () => {
  await tool.close();
  await issuer.close();
  await connection.close();
});

async function lti(...args: string[]): Promise<{ code: number; output: string }> {
  const env = {
    ...process.env,
    MONGODB_URI: database.uri,
    PUBLIC_URL: tool.url,
    WAYMARK_SECRET: 's'.repeat(40),
    WAYMARK_ENCRYPTION_KEYS: `test:${'x'.repeat(40)}`,
  };
  const command = promisify(execFile)(process.execPath, ['--import', 'tsx', 'server/lti-cli.ts', ...args], {
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
