import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import mongoose from 'mongoose';
import { Conflict, InvalidInput } from '../errors.ts';

const { MongoClient } = mongoose.mongo;
const { EJSON } = mongoose.mongo.BSON;
type Db = mongoose.mongo.Db;
type Document = mongoose.mongo.BSON.Document;

const FORMAT = 1;
const MANIFEST = 'manifest.json';
const BATCH = 1000;
/** Values as they are stored, so that no type of number is lost on the way. */
const EXACT = { promoteValues: false, bsonRegExp: true } as const;

interface Manifest {
  readonly format: number;
  readonly collections: readonly {
    readonly name: string;
    readonly file: string;
    readonly documents: number;
    readonly indexes: Document[];
  }[];
}

/** Told after every batch and at the end of each collection. */
export type OnProgress = (collection: string, documents: number, isDone: boolean) => void;

async function withDatabase<T>(uri: string, run: (db: Db) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(uri);
  try {
    return await run(client.db());
  } finally {
    await client.close();
  }
}

async function exportCollection(db: Db, name: string, path: string, onProgress: OnProgress): Promise<number> {
  const out = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  let documents = 0;
  for await (const doc of db.collection(name).find({}, { ...EXACT, batchSize: BATCH })) {
    if (!out.write(`${EJSON.stringify(doc, { relaxed: false })}\n`)) await once(out, 'drain');
    if (++documents % (10 * BATCH) === 0) onProgress(name, documents, false);
  }
  out.end();
  await finished(out);
  onProgress(name, documents, true);
  return documents;
}

/**
 * Writes every collection of the database named in `uri` to `dir`, a line of canonical extended JSON per document, and
 * a manifest with the indexes. Throws `InvalidInput` when the folder is not empty.
 */
export async function exportDatabase(uri: string, dir: string, onProgress: OnProgress): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new InvalidInput({ dir: 'must be an empty folder' }, `The folder ${dir} can’t be made (${code}).`);
  }
  if ((await readdir(dir)).length > 0)
    throw new InvalidInput(
      { dir: 'must be an empty folder' },
      `${dir} is not empty; an export wants a folder of its own.`,
    );
  await withDatabase(uri, async (db) => {
    const names = (await db.listCollections({ type: 'collection' }, { nameOnly: true }).toArray())
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('system.'))
      .sort();
    const collections = [];
    for (const [i, name] of names.entries()) {
      const file = `${String(i).padStart(3, '0')}-${name.replace(/[^\w.-]/g, '_')}.ndjson`;
      const documents = await exportCollection(db, name, join(dir, file), onProgress);
      const indexes = await db.collection(name).indexes();
      collections.push({ name, file, documents, indexes: indexes.filter((index) => index.name !== '_id_') });
    }
    const manifest: Manifest = { format: FORMAT, collections };
    // Last, so that a folder without a manifest is known to be no whole export.
    await writeFile(join(dir, MANIFEST), `${EJSON.stringify(manifest, undefined, 2, { relaxed: false })}\n`, {
      mode: 0o600,
    });
  });
}

/**
 * The manifest of an export. Throws `InvalidInput` when `dir` holds no whole export that this version can read; nothing is
 * opened or made for it.
 */
export async function readManifest(dir: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(dir, MANIFEST), 'utf8');
  } catch {
    throw new InvalidInput({ dir: 'has no manifest.json' }, `${dir} is not a whole export: it has no ${MANIFEST}.`);
  }
  let manifest: Partial<Manifest> | null;
  try {
    manifest = EJSON.parse(text) as Partial<Manifest> | null;
  } catch {
    manifest = null;
  }
  if (typeof manifest?.format !== 'number')
    throw new InvalidInput({ dir: 'is no export' }, `${dir} is not an export: its ${MANIFEST} is not of one.`);
  const { format, collections = [] } = manifest;
  if (format !== FORMAT) {
    throw new InvalidInput(
      { dir: 'is of another format' },
      `${dir} was exported in format ${format}; this version reads ${FORMAT}.`,
    );
  }
  for (const { file } of collections) {
    await access(join(dir, file)).catch(() => {
      throw new InvalidInput({ [file]: 'is not there' }, `${dir} is not a whole export: ${file} is not there.`);
    });
  }
  return { format, collections };
}

async function importCollection(db: Db, path: string, name: string, onProgress: OnProgress): Promise<number> {
  const collection = db.collection(name);
  let documents = 0;
  let batch: Document[] = [];
  const flush = async () => {
    if (batch.length > 0) await collection.insertMany(batch, { forceServerObjectId: true });
    documents += batch.length;
    batch = [];
  };
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line === '') continue;
    batch.push(EJSON.parse(line, { relaxed: false }) as Document);
    if (batch.length < BATCH) continue;
    await flush();
    if (documents % (10 * BATCH) === 0) onProgress(name, documents, false);
  }
  await flush();
  onProgress(name, documents, true);
  return documents;
}

/**
 * Reads an export into the database named in `uri`. Throws `Conflict` when one of its collections already has
 * documents, and `InvalidInput` when a file does not hold as many as the manifest says.
 */
export async function importDatabase(uri: string, dir: string, onProgress: OnProgress): Promise<void> {
  const manifest = await readManifest(dir);
  await withDatabase(uri, async (db) => {
    for (const { name } of manifest.collections) {
      if (await db.collection(name).findOne({}, { projection: { _id: 1 } })) {
        throw new Conflict(
          `The collection ${name} already has documents; an import wants an empty database. Nothing was changed.`,
        );
      }
    }
    const existing = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
    for (const { name, file, documents, indexes } of manifest.collections) {
      if (!existing.has(name)) await db.createCollection(name);
      const read = await importCollection(db, join(dir, file), name, onProgress);
      if (read !== documents) {
        throw new InvalidInput(
          { [file]: 'is not whole' },
          `${file} holds ${read} documents; the manifest says ${documents}.`,
        );
      }
      for (const { key, v: _version, ns: _namespace, storageEngine: _engine, ...options } of indexes) {
        await db.collection(name).createIndex(key as mongoose.mongo.IndexSpecification, options);
      }
    }
  });
}
