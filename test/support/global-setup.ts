import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../../server/database/embedded/open-embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The database server of this run; `useDatabase` gives each test file a database on it. */
    mongodbUri: string;
  }
}

/** One database server for the whole run: the one of MONGODB_URI, else an embedded one in a folder of its own. */
export default async function setup(project: TestProject) {
  const given = process.env['MONGODB_URI'];
  if (given) {
    project.provide('mongodbUri', given);
    return undefined;
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-test-'));
  const embedded = await openEmbedded({ dataDir });
  project.provide('mongodbUri', embedded.uri);
  return async () => {
    await embedded.close();
    await rm(dataDir, { recursive: true, force: true });
  };
}
