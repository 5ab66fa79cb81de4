import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeDoc } from '../../../../server/database/embedded/bson-codec.ts';
import { insertDocument } from '../../../../server/database/embedded/documents.ts';
import { Engine } from '../../../../server/database/embedded/engine.ts';
import { documentKey, indexPrefix } from '../../../../server/database/embedded/index-keys.ts';
import { findDocuments } from '../../../../server/database/embedded/scan.ts';
import { afterPrefix } from '../../../../server/database/embedded/store.ts';
import { randomFrom } from './random-values.ts';

const FLIPS = 80;
let dir: string;
let whole: Buffer;
let format: Buffer;

async function withEngine<T>(dataDir: string, run: (engine: Engine) => T | Promise<T>): Promise<T> {
  const engine = new Engine(dataDir);
  try {
    return await run(engine);
  } finally {
    await engine.file.close();
  }
}

function documentsIn(engine: Engine): string[] {
  const things = engine.catalog.find('test', 'things')!;
  return [...findDocuments(engine.file.store, things, { filter: {} })].map(({ bytes }) => bytes.toString('base64'));
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'waymark-damage-'));
  await withEngine(join(dir, 'sound'), async (engine) => {
    const things = await engine.collectionForWrite('test', 'things');
    // In many commits, so that the file has pages which are no longer used, as files have.
    for (let start = 0; start < 3000; start += 100) {
      await engine.write(null, (store) => {
        for (let i = start; i < start + 100; i++) {
          const text = 'word '.repeat(i % 500 === 0 ? 3000 : i % 60);
          insertDocument(store, engine.catalog, things, encodeDoc({ _id: `thing ${i}`, i, text }));
        }
      });
    }
  });
  whole = await readFile(join(dir, 'sound', 'waymark.mdb'));
  format = await readFile(join(dir, 'sound', 'format.json'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test(`a file with one bit turned over is refused and left alone, or all its documents are there (${FLIPS} places)`, async () => {
  const random = randomFrom(4711);
  const wanted = await withEngine(join(dir, 'sound'), documentsIn);
  expect(wanted).toHaveLength(3000);
  const dataDir = join(dir, 'flipped');
  const path = join(dataDir, 'waymark.mdb');
  let refused = 0;
  for (let flip = 0; flip < FLIPS; flip++) {
    const at = 8192 + random.below(whole.length - 8192);
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1 << random.below(8);
    await rm(dataDir, { recursive: true, force: true });
    await mkdir(dataDir);
    await writeFile(path, damaged);
    await writeFile(join(dataDir, 'format.json'), format);
    try {
      expect(await withEngine(dataDir, documentsIn), `bit at ${at}`).toEqual(wanted);
    } catch (error) {
      expect(error, `bit at ${at}`).toMatchObject({
        name: 'UnreadableData',
        message: expect.stringMatching(/waymark\.mdb is damaged: .+\. Nothing was changed; restore it from/) as string,
      });
      expect((await readFile(path)).equals(damaged)).toBe(true);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(FLIPS / 4);
});

test('a document that is damaged while the database runs is said to be so, and is not answered', async () => {
  await withEngine(join(dir, 'running'), async (engine) => {
    const things = await engine.collectionForWrite('test', 'things');
    await engine.write(null, (store) => {
      for (const id of [1, 2, 3])
        insertDocument(store, engine.catalog, things, encodeDoc({ _id: id, text: 'as written' }));
      const key = documentKey(things, 2);
      const stored = Buffer.from(store.get(key)!);
      stored[stored.indexOf('written')]! ^= 1;
      store.put(key, stored);
    });
    const find = (id: number) => [...findDocuments(engine.file.store, things, { filter: { _id: id } })];
    expect(find(1)).toHaveLength(1);
    expect(() => find(2)).toThrow(expect.objectContaining({ codeName: 'DataCorruptionDetected', code: 302 }) as Error);
  });
});

test('documents of the first format, which have no checksum, are read as they are', async () => {
  const dataDir = join(dir, 'first-format');
  await withEngine(dataDir, async (engine) => {
    const things = await engine.collectionForWrite('test', 'things');
    await engine.write(null, (store) => store.put(documentKey(things, 1), encodeDoc({ _id: 1, text: 'old' })));
  });
  await writeFile(join(dataDir, 'format.json'), '{"format":1}\n');
  await withEngine(dataDir, (engine) => {
    expect(documentsIn(engine)).toEqual([encodeDoc({ _id: 1, text: 'old' }).toString('base64')]);
    const prefix = indexPrefix(engine.catalog.find('test', 'things')!, { id: 0 });
    expect([...engine.file.store.entries(prefix, afterPrefix(prefix))]).toHaveLength(1);
  });
});
