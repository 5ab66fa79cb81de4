import { createPublicKey } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { ToolKeyModel } from '../../../server/lti/models/tool-key.ts';
import { createToolKeys } from '../../../server/lti/tool-keys.ts';
import { useDatabase } from '../../support/database.ts';
import { testVault } from '../../support/lti-tool.ts';

const database = useDatabase();
let connection: { close(): Promise<void> };
let now = new Date('2026-11-23T10:00:00Z');

beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
afterAll(() => connection.close());

const hours = (count: number) => {
  now = new Date(now.getTime() + count * 3_600_000);
};

test('a new key is published a day before it signs, the old one two weeks longer, in every process', async () => {
  const keys = createToolKeys({ vault: testVault, now: () => now });
  const elsewhere = createToolKeys({ vault: testVault, now: () => now });
  const first = (await keys.signing()).kid;
  expect((await elsewhere.signing()).kid).toBe(first);

  const { kid: second } = await keys.rotate();
  hours(1);
  for (const process of [keys, elsewhere]) {
    expect((await process.published()).map(({ kid }) => kid).sort()).toEqual([first, second].sort());
    expect((await process.signing()).kid).toBe(first);
  }
  hours(24);
  expect((await keys.signing()).kid).toBe(second);
  expect((await elsewhere.signing()).kid).toBe(second);
  // What the old key signed just before can still be checked.
  expect(await keys.published()).toHaveLength(2);
  hours(14 * 24);
  expect((await elsewhere.published()).map(({ kid }) => kid)).toEqual([second]);
});

test('an urgent rotation signs at once', async () => {
  const keys = createToolKeys({ vault: testVault, now: () => now });
  const { kid } = await keys.rotate({ isUrgent: true });
  const signing = await keys.signing();
  expect(signing.kid).toBe(kid);
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid }).sign(signing.key);
  const { publicPem } = (await keys.published()).find((published) => published.kid === kid)!;
  await expect(jwtVerify(token, createPublicKey(publicPem))).resolves.toBeTruthy();
});

test('no private key stands in the database in clear', async () => {
  const stored = JSON.stringify(await ToolKeyModel.find({}).lean());
  expect(stored).toContain('BEGIN PUBLIC KEY');
  expect(stored).not.toContain('PRIVATE');
});
