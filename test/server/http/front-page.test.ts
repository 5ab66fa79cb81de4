import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../../support/database.ts';
import { startWaymark } from '../../support/start-waymark.ts';

const database = useDatabase();
let world: Awaited<ReturnType<typeof startWaymark>>;
beforeAll(async () => {
  world = await startWaymark(database.uri);
});
afterAll(() => world.close());

it('tells whoever opens the tool’s own address what it is, and an administrator the addresses that work', async () => {
  const { status, text, headers } = await request(world.waymark.app).get('/');
  expect(status).toBe(200);
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['set-cookie']).toBeUndefined();
  expect(text).toContain('Waymark is running');
  expect(text).toContain('/lti/register?secret=…');
  expect(text).not.toMatch(/<script|undefined/);
  const keys = /<code>([^<]+\/lti\/keys)<\/code>/.exec(text)![1]!;
  expect((await request(world.waymark.app).get(new URL(keys).pathname)).body).toHaveProperty('keys');
  for (const path of text.match(/(?<=href=")\/[^"]+/g)!) {
    expect((await request(world.waymark.app).get(path)).status, path).toBe(200);
  }
});
