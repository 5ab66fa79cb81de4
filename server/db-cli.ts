import { parseConfig } from './config.ts';
import { connectDatabase } from './database/connect.ts';
import { findCourseByName } from './database/find-course.ts';
import { openDatabase } from './database/open-database.ts';
import { resealEverything } from './database/reseal.ts';
import { exportDatabase, importDatabase, readManifest } from './database/transfer.ts';
import { createVault } from './database/vault.ts';
import { rebuildCourse } from './ingest/rebuild-course.ts';
import { loadPolicyPack } from './policy/load-pack.ts';

const USAGE = `Usage: npm run db -- export DIR | import DIR | rebuild COURSE | reseal

export and import move everything in the database to a folder, or from such a folder into an empty database.
rebuild makes the weekly figures of a course again from the single events that are still kept; COURSE is the course's
code, its id on the platform, or its id here. What is right already stays as it is.
reseal encrypts with the newest of WAYMARK_ENCRYPTION_KEYS whatever an older one encrypted, so that the older can be removed;
the server does so by itself once a day.
The database is the one of MONGODB_URI, or else the embedded one in WAYMARK_DATA_DIR (data).
To move to a server: export without MONGODB_URI, set it, and import.`;

const [action, name] = process.argv.slice(2);
const needsName = action === 'export' || action === 'import' || action === 'rebuild';
if (needsName ? !name : action !== 'reseal') {
  console.error(USAGE);
  process.exit(2);
}

try {
  // Before the embedded database is made for it, where there is none yet.
  if (action === 'import') await readManifest(name!);
  const database = await openDatabase({
    mongodbUri: process.env['MONGODB_URI'] || undefined,
    dataDir: process.env['WAYMARK_DATA_DIR'] || 'data',
  });
  try {
    if (action === 'reseal') await reseal(database.uri);
    else if (action === 'rebuild') await rebuild(database.uri, name!);
    else await move(action as 'export' | 'import', database.uri, name!);
  } finally {
    await database.close();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function move(direction: 'export' | 'import', uri: string, dir: string): Promise<void> {
  const run = direction === 'export' ? exportDatabase : importDatabase;
  await run(uri, dir, (collection, documents, isDone) => {
    console.log(`${isDone ? 'done ' : '     '}${collection}: ${documents} documents`);
  });
  console.log(direction === 'export' ? `Exported to ${dir}.` : `Imported from ${dir}.`);
}

async function rebuild(uri: string, course: string): Promise<void> {
  const { retention } = loadPolicyPack(parseConfig(process.env).policyPack);
  const connection = await connectDatabase(uri);
  try {
    const options = { now: new Date(), keptDays: retention.rawEventDays };
    const { students, changed } = await rebuildCourse(await findCourseByName(course), options);
    console.log(`${students} students looked at; ${changed} weekly figures changed.`);
  } finally {
    await connection.close();
  }
}

async function reseal(uri: string): Promise<void> {
  const keys = parseConfig(process.env).encryptionKeys;
  const connection = await connectDatabase(uri);
  try {
    const { resealed, unreadable } = await resealEverything(createVault(keys));
    console.log(`${resealed} texts were encrypted anew with the key ${keys[0]!.id}.`);
    const lost = Object.entries(unreadable);
    if (lost.length === 0) console.log('Nothing needs an older key any more.');
    for (const [collection, count] of lost)
      console.error(`${collection}: ${count} can’t be opened with any key given.`);
    if (lost.length > 0) process.exitCode = 1;
  } finally {
    await connection.close();
  }
}
