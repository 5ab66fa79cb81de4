export interface EmbeddedDatabase {
  /** A MongoDB connection string without a database name; `uriFor` adds one. */
  readonly uri: string;
  close(): Promise<void>;
}

/**
 * Starts the embedded database in `dataDir`, which is made when missing, and returns its connection string.
 * Rejects when another process holds the directory or its file cannot be read.
 */
export function openEmbedded({ dataDir }: { dataDir: string }): Promise<EmbeddedDatabase> {
  return Promise.reject(new Error(`No embedded database in ${dataDir} yet; set MONGODB_URI.`));
}
