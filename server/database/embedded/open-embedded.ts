import { lockDataDir } from './data-lock.ts';
import { Engine } from './engine.ts';
import { listen } from './listen.ts';
import { Sessions } from './sessions.ts';
import { expireDocuments } from './ttl.ts';

const TIDY_EVERY_MS = 60_000;

export interface EmbeddedDatabase {
  /** A MongoDB connection string without a database name; `uriFor` adds one. */
  readonly uri: string;
  close(): Promise<void>;
}

/** Runs what a server does on its own every minute: documents that expire, forgotten cursors and sessions. */
function keepTidy(engine: Engine, sessions: Sessions): () => Promise<void> {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    sessions.tidy();
    engine.cursors.forgetIdle();
    running = running.then(() => expireDocuments(engine, Date.now())).catch(() => undefined);
  }, TIDY_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}

/**
 * Starts the embedded database in `dataDir`, which is made when missing, and returns its connection string. Rejects
 * with `DataInUse` when another process holds the directory, with `UnreadableData` when its file is damaged or of a
 * newer format.
 */
export async function openEmbedded({ dataDir }: { dataDir: string }): Promise<EmbeddedDatabase> {
  const unlock = lockDataDir(dataDir);
  try {
    const engine = new Engine(dataDir);
    const sessions = new Sessions();
    const server = await listen(dataDir, engine, sessions);
    const stopTidying = keepTidy(engine, sessions);
    return {
      uri: server.uri,
      close: async () => {
        await server.close();
        await stopTidying();
        sessions.endAll();
        await engine.file.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
