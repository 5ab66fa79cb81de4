import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { ToolKeyModel } from '../../../server/lti/models/tool-key.ts';
import { startLtiTool, type LtiTool } from '../../support/lti-tool.ts';
import { useIssuerAndTool } from '../../support/use-issuer-and-tool.ts';

/** The database goes when the process is up, and before anybody has asked it anything. */

useIssuerAndTool();
let tool: LtiTool;
let now = new Date();

beforeAll(async () => {
  tool = await startLtiTool({ now: () => now });
  return () => tool.close();
});
afterEach(() => vi.restoreAllMocks());

const never = () => new Promise(() => undefined);

test('who watches over the process is told that it lives, and nobody may frame what is answered', async () => {
  vi.spyOn(PlatformModel, 'find').mockReturnValue({ lean: never } as never);
  const response = await fetch(`${tool.url}/healthz`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-security-policy')).toMatch(/frame-ancestors 'self'$/);
});

test('platforms are told our keys', async () => {
  vi.spyOn(ToolKeyModel, 'find').mockReturnValue({ sort: () => ({ lean: never }) } as never);
  now = new Date(now.getTime() + 10 * 60_000);
  const response = await fetch(`${tool.url}/lti/keys`);
  expect(response.status).toBe(200);
  expect(((await response.json()) as { keys: unknown[] }).keys).toHaveLength(1);
});
