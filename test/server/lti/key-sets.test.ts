import { afterEach, beforeEach, expect, test } from 'vitest';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { useIssuerAndTool } from '../../support/use-issuer-and-tool.ts';
import { newSigningKey, startLtiIssuer, type LtiIssuer } from '../../support/lti-issuer.ts';
import {
  beginLogin,
  goodClaims,
  refusalOf,
  registerIssuer,
  sendLaunch,
  startLtiTool,
  type LtiTool,
} from '../../support/lti-tool.ts';

/** How long and how often a platform is asked for its keys, by really signed launches through a tool whose clock is moved. */

useIssuerAndTool({ registrations: [] });
let issuer: LtiIssuer;
let tool: LtiTool;
let now: Date;

const minutes = (count: number) => {
  now = new Date(now.getTime() + count * 60_000);
};

beforeEach(async () => {
  now = new Date();
  issuer = await startLtiIssuer();
  await registerIssuer(issuer);
  tool = await startLtiTool({ now: () => now });
});
afterEach(async () => {
  await tool.close();
  await issuer.close();
  await PlatformModel.deleteMany({});
});

/** Returns how it is refused, or null. */
async function launch(key = issuer.keys): Promise<string | null> {
  const begun = await beginLogin(tool, issuer);
  const iat = Math.floor(now.getTime() / 1000);
  const claims = { ...goodClaims(tool, issuer, begun.nonce), iat, exp: iat + 60 };
  return refusalOf(await sendLaunch(tool, begun, await issuer.sign(claims, { kid: key.kid }, key.privateKey)));
}

test('a key that its platform has withdrawn is taken no longer than the key set is kept', async () => {
  expect(await launch()).toBeNull();
  const next = await newSigningKey('key-2');
  issuer.respond.keys = [next.jwk];
  minutes(11);
  expect(await launch()).toBe('kid-unknown');
  expect(await launch(next)).toBeNull();
});

test('a platform whose key set is away goes on launching for an hour with the keys last seen, and no longer', async () => {
  expect(await launch()).toBeNull();
  issuer.respond.status = 500;
  minutes(45);
  expect(await launch()).toBeNull();
  minutes(16);
  expect(await launch()).toBe('keys-unavailable');
  issuer.respond.status = 200;
  minutes(1);
  expect(await launch()).toBeNull();
});

test('a platform that gives no keys is left alone for a while, however many launch', async () => {
  issuer.respond.status = 500;
  for (let times = 0; times < 5; times += 1) expect(await launch()).toBe('keys-unavailable');
  expect(issuer.fetches.count).toBe(1);
});

test('of many who launch at once, one has the keys fetched', async () => {
  issuer.respond.delayMs = 500;
  const launches = await Promise.all(Array.from({ length: 10 }, () => launch()));
  expect(launches).toEqual(Array(10).fill(null));
  expect(issuer.fetches.count).toBe(1);
});
