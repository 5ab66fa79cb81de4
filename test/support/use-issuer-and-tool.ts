import { afterAll, beforeAll } from 'vitest';
import { connectDatabase } from '../../server/database/connect.ts';
import type { Platform } from '../../server/database/models/platform.ts';
import { useDatabase } from './database.ts';
import { startLtiIssuer, type LtiIssuer } from './lti-issuer.ts';
import { registerIssuer, startLtiTool, type LtiTool } from './lti-tool.ts';

/**
 * A database, a platform and the tool for one test file, registered with each other unless `registrations` says otherwise. Returns
 * how to get at them, from the file's own hooks on.
 */
export function useIssuerAndTool({
  registrations = [{}],
  tool: toolOptions,
}: {
  /** One for each registration of the platform, with what differs from the usual one. */
  registrations?: readonly Partial<Platform>[];
  tool?: (issuer: () => LtiIssuer) => Parameters<typeof startLtiTool>[0];
} = {}): () => { issuer: LtiIssuer; tool: LtiTool; databaseUri: string } {
  const database = useDatabase();
  let connection: { close(): Promise<void> };
  let issuer: LtiIssuer;
  let tool: LtiTool;
  beforeAll(async () => {
    connection = await connectDatabase(database.uri);
    issuer = await startLtiIssuer();
    tool = await startLtiTool(toolOptions?.(() => issuer));
    for (const registration of registrations) await registerIssuer(issuer, registration);
  });
  afterAll(async () => {
    await tool.close();
    await issuer.close();
    await connection.close();
  });
  return () => ({ issuer, tool, databaseUri: database.uri });
}
