import { afterAll, beforeAll, expect, test } from 'vitest';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { useDatabase } from '../../support/database.ts';
import { launchForCode, startWaymark } from '../../support/start-waymark.ts';

/** Registration as it is really performed: the practice VLE's own address opened, activated, launched, and updated later. */

const database = useDatabase();
const secret = 'open sesame and more';
let practice: Awaited<ReturnType<typeof startWaymark>>;

beforeAll(async () => {
  practice = await startWaymark(database.uri, { env: { WAYMARK_REGISTRATION_SECRET: secret } });
});
afterAll(() => practice.close());

async function register(updates?: (typeof practice.vle.tools)[number], given = secret) {
  const { url, vle } = practice;
  const address = await vle.startRegistration(`${url}/lti/register?secret=${encodeURIComponent(given)}`, updates);
  const response = await fetch(address);
  return { status: response.status, page: await response.text() };
}

const ofVle = (clientId: string) => PlatformModel.findOne({ issuer: practice.vle.issuer, clientId }).lean().orFail();

test('registered from one address, activated and launched; updated from it later without losing what people set', async () => {
  const { vle, url } = practice;
  const { status, page } = await register();
  expect([status, page]).toEqual([200, expect.stringContaining('is registered')]);
  const tool = vle.tools.at(-1)!;
  tool.isPending = false;
  const launch = () =>
    launchForCode(url, vle.startLaunch({ tool, personId: vle.tutor.person.id }), tool.loginUrl).then(
      (code) => code.length,
    );
  expect(await launch()).toBeGreaterThan(20);

  const { _id } = await ofVle(tool.clientId);
  const set = { name: 'Our own name', 'moodle.baseUrl': vle.url, 'moodle.sealedToken': 'sealed' };
  // Since then an address has changed, a deployment was added by hand, and an administrator gave it a name.
  const changed = { ...set, tokenEndpoint: 'https://old.example/token', tokenAudience: 'https://old.example' };
  await PlatformModel.updateOne({ _id }, { $set: changed, $push: { deploymentIds: 'by-hand' } });
  tool.name = 'Old name';

  const updated = await register(tool);
  expect([updated.status, updated.page]).toEqual([200, expect.stringContaining('is up to date')]);
  expect(updated.page).toContain(tool.clientId);
  const after = await ofVle(tool.clientId);
  expect(after).toMatchObject({
    _id,
    name: 'Our own name',
    tokenEndpoint: vle.tokenUrl,
    deploymentIds: [tool.deploymentId, 'by-hand'],
    moodle: { baseUrl: vle.url },
    isActive: true,
  });
  expect(after.tokenAudience).toBeUndefined();
  expect([tool.name, vle.tools.filter(({ clientId }) => clientId === tool.clientId).length]).toEqual(['Waymark', 1]);
  expect(await launch()).toBeGreaterThan(20);
});

test('what is stored as granted is what was asked for, whatever the platform states', async () => {
  const tool = practice.vle.tools.at(-1)!;
  const { scopes } = await ofVle(tool.clientId);
  expect([...scopes].sort()).toEqual([...tool.scopes].sort());
  expect(scopes.length).toBe(3);
  expect(scopes.filter((scope) => !scope.endsWith('.readonly'))).toEqual([]);
});

test('a registration that was switched off stays off when it is updated, and the page says so', async () => {
  const tool = practice.vle.tools.at(-1)!;
  await PlatformModel.updateOne({ clientId: tool.clientId }, { isActive: false });
  expect((await register(tool)).page).toContain('switched off');
  expect((await ofVle(tool.clientId)).isActive).toBe(false);
});

test('without the secret nothing is updated', async () => {
  const tool = practice.vle.tools.at(-1)!;
  await PlatformModel.updateOne({ clientId: tool.clientId }, { tokenEndpoint: 'https://old.example/token' });
  expect((await register(tool, 'a guess of some length')).status).toBe(403);
  expect((await ofVle(tool.clientId)).tokenEndpoint).toBe('https://old.example/token');
});
