import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeDoc } from '../../../../server/database/embedded/bson-codec.ts';
import { insertDocument } from '../../../../server/database/embedded/documents.ts';
import { Engine } from '../../../../server/database/embedded/engine.ts';
import { documentKey, findByUnique, indexPrefix } from '../../../../server/database/embedded/index-keys.ts';
import { findDocuments } from '../../../../server/database/embedded/scan.ts';
import { afterPrefix, type Store } from '../../../../server/database/embedded/store.ts';
import { randomFrom } from './random-values.ts';

const FLIPS = 80;
let dir: string;
let whole: Buffer;
let format: Buffer;
let wanted: string[];

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
    await engine.write(null, (store) => {
      things.indexes.push({ ...things.indexes[0]!, id: 1, name: 'by number', key: [['i', 1]], isUnique: false });
      engine.catalog.save(store, things);
    });
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
  wanted = await withEngine(join(dir, 'sound'), documentsIn);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Every document by its own key too, since a search goes by what the branches of the file say; and by its number. */
function foundBy(engine: Engine): { key: number; number: number } {
  const things = engine.catalog.find('test', 'things')!;
  const { store } = engine.file;
  const all = Array.from({ length: 3000 }, (_, i) => i);
  return {
    key: all.filter((i) => store.get(documentKey(things, `thing ${i}`))).length,
    number: all.filter((i) => findByUnique(store, things, things.indexes[1]!, [i])?.includes(`thing ${i}`)).length,
  };
}

/** Turns one bit over; says whether the file was refused, and asserts that it is whole where it was not. */
async function isRefusedWith(at: number, bit: number): Promise<boolean> {
  const dataDir = join(dir, 'flipped');
  const path = join(dataDir, 'waymark.mdb');
  const damaged = Buffer.from(whole);
  damaged[at]! ^= 1 << bit;
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir);
  await writeFile(path, damaged);
  await writeFile(join(dataDir, 'format.json'), format);
  let refusal: unknown;
  const read = await withEngine(dataDir, (engine) => ({ all: documentsIn(engine), by: foundBy(engine) })).catch(
    (error: unknown) => void (refusal = error),
  );
  if (read) {
    expect(read, `bit ${bit} at ${at}`).toEqual({ all: wanted, by: { key: 3000, number: 3000 } });
    return false;
  }
  expect(refusal, `bit ${bit} at ${at}`).toMatchObject({
    name: 'UnreadableData',
    message: expect.stringMatching(/waymark\.mdb is damaged: .+\. Nothing was changed; restore it from/) as string,
  });
  expect((await readFile(path)).equals(damaged)).toBe(true);
  return true;
}

test(`a file with one bit turned over is refused and left alone, or all its documents are there (${FLIPS} places)`, async () => {
  const random = randomFrom(4711);
  expect(wanted).toHaveLength(3000);
  let refused = 0;
  for (let flip = 0; flip < FLIPS; flip++) {
    if (await isRefusedWith(8192 + random.below(whole.length - 8192), random.below(8))) refused++;
  }
  expect(refused).toBeGreaterThan(FLIPS / 4);
});

/** Where the keys of the branches lie: from their entry's header to its end, in every page that is or was a branch. */
function branchKeys(): { start: number; end: number }[] {
  const keys: { start: number; end: number }[] = [];
  for (let page = 8192; page < whole.length; page += 4096) {
    if (whole.readUInt16LE(page + 18) !== 1) continue;
    for (let i = 2; i < whole.readUInt16LE(page + 20); i += 2) {
      const node = page + 24 + whole.readUInt16LE(page + 24 + i);
      keys.push({ start: node + 8, end: node + 8 + whole.readUInt16LE(node + 6) });
    }
  }
  return keys;
}

test(`a branch that leads to another place is found out, or nothing is lost by it (${FLIPS} places)`, async () => {
  const random = randomFrom(4712);
  const keys = branchKeys();
  let refused = 0;
  for (let flip = 0; flip < FLIPS; flip++) {
    const { start, end } = keys[random.below(keys.length)]!;
    if (await isRefusedWith(start + random.below(end - start), random.below(8))) refused++;
  }
  expect(refused).toBeGreaterThan(0);
});

test('an index that would lead to another document, or to none, is found out', async () => {
  const random = randomFrom(4713);
  const head = Buffer.from('000000100001', 'hex');
  const places: number[] = [];
  for (let at = whole.indexOf(head); at >= 0; at = whole.indexOf(head, at + 1)) places.push(at + head.length);
  let refused = 0;
  for (let flip = 0; flip < FLIPS / 2; flip++) {
    const at = places[random.below(places.length)]! + random.below(10);
    if (await isRefusedWith(at, random.below(8))) refused++;
  }
  expect(refused).toBeGreaterThan(0);
});

/** A leaf that the newest state of the data uses, for the file has old ones too. */
async function leafInUse(): Promise<number> {
  for (let page = 8192; page < whole.length; page += 4096) {
    if (whole.readUInt16LE(page + 18) === 2 && (await isRefusedWith(page, 0))) return page;
  }
  throw new Error('the file uses no leaf');
}

test('a page that says it is of another kind is found out', async () => {
  const leaf = await leafInUse();
  for (const bit of [0, 1, 2, 3, 4, 5, 6]) expect(await isRefusedWith(leaf + 18, bit), `bit ${bit}`).toBe(true);
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

/** Puts a value again without the checksum at its end, as earlier formats had it. */
function withoutSum(store: Store, key: Buffer): void {
  store.put(key, Buffer.from(store.get(key)!.subarray(0, -4)));
}

test('what the first format held, which has no checksums, is read as it is', async () => {
  const dataDir = join(dir, 'first-format');
  await withEngine(dataDir, async (engine) => {
    const things = await engine.collectionForWrite('test', 'things');
    things.indexes.push({ ...things.indexes[0]!, id: 1, name: 'by text', key: [['text', 1]], isUnique: false });
    await engine.write(null, (store) => {
      engine.catalog.save(store, things);
      insertDocument(store, engine.catalog, things, encodeDoc({ _id: 1, text: 'old' }));
      for (const { key } of [...store.entries(Buffer.alloc(0), Buffer.of(0xff))]) withoutSum(store, key);
    });
  });
  await writeFile(join(dataDir, 'format.json'), '{"format":1}\n');
  await withEngine(dataDir, (engine) => {
    expect(documentsIn(engine)).toEqual([encodeDoc({ _id: 1, text: 'old' }).toString('base64')]);
    const prefix = indexPrefix(engine.catalog.find('test', 'things')!, { id: 0 });
    expect([...engine.file.store.entries(prefix, afterPrefix(prefix))]).toHaveLength(1);
    const things = engine.catalog.find('test', 'things')!;
    expect(findByUnique(engine.file.store, things, things.indexes[1]!, ['old'])).toEqual(documentKey(things, 1));
  });
});
