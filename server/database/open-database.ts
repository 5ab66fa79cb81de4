import { openEmbedded } from './embedded/open-embedded.ts';

export interface OpenDatabase {
  /** A MongoDB connection string that names a database. */
  readonly uri: string;
  /** True when the data lives in this process's own data directory. */
  readonly isEmbedded: boolean;
  /** Stops what was started here; a database server given by its URI is left alone. */
  close(): Promise<void>;
}

/** Puts a database name into a connection string, in place of the one it may have. */
export function uriFor(uri: string, databaseName: string): string {
  const parts = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(uri);
  if (!parts) throw new Error('A MongoDB connection string begins with mongodb:// or mongodb+srv:// and names a host.');
  return `${parts[1]}/${databaseName}${parts[2] ?? ''}`;
}

const DEFAULT_DATABASE_NAME = 'waymark';

/**
 * The database that Waymark uses: the server at `mongodbUri` where one is given, else an embedded one in `dataDir`.
 * Nothing above this file can tell which it is.
 */
export async function openDatabase({
  mongodbUri,
  dataDir,
}: {
  mongodbUri?: string | undefined;
  dataDir: string;
}): Promise<OpenDatabase> {
  if (mongodbUri) return { uri: mongodbUri, isEmbedded: false, close: () => Promise.resolve() };
  const embedded = await openEmbedded({ dataDir });
  return { uri: uriFor(embedded.uri, DEFAULT_DATABASE_NAME), isEmbedded: true, close: () => embedded.close() };
}
