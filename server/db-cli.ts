import { openDatabase } from './database/open-database.ts';
import { exportDatabase, importDatabase } from './database/transfer.ts';

const USAGE = `Usage: npm run db -- export DIR | import DIR

Moves everything in the database to a folder, or from such a folder into an empty database.
The database is the one of MONGODB_URI, or else the embedded one in WAYMARK_DATA_DIR (data).
To move to a server: export without MONGODB_URI, set it, and import.`;

const [action, dir] = process.argv.slice(2);
if ((action !== 'export' && action !== 'import') || !dir) {
  console.error(USAGE);
  process.exit(2);
}

try {
  const database = await openDatabase({
    mongodbUri: process.env['MONGODB_URI'] || undefined,
    dataDir: process.env['WAYMARK_DATA_DIR'] || 'data',
  });
  try {
    const move = action === 'export' ? exportDatabase : importDatabase;
    await move(database.uri, dir, (collection, documents, isDone) => {
      console.log(`${isDone ? 'done ' : '     '}${collection}: ${documents} documents`);
    });
    console.log(action === 'export' ? `Exported to ${dir}.` : `Imported from ${dir}.`);
  } finally {
    await database.close();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
