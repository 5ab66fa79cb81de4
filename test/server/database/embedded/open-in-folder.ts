import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../../../server/database/embedded/open-embedded.ts';

/** An embedded database in a folder of its own; `remove` closes it and takes the folder away. */
export async function openInFolder(): Promise<{
  uri: string;
  dataDir: string;
  close(): Promise<void>;
  remove(): Promise<void>;
}> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-embedded-'));
  const database = await openEmbedded({ dataDir });
  const close = () => database.close();
  return {
    uri: database.uri,
    dataDir,
    close,
    remove: async () => {
      await close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
