import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeDoc } from '../../../../server/database/embedded/bson-codec.ts';
import { DataFile } from '../../../../server/database/embedded/data-file.ts';
import { META } from '../../../../server/database/embedded/meta-pages.ts';
import { seal } from '../../../../server/database/embedded/seal.ts';
import { randomFrom } from './random-values.ts';

/** Many more where nobody waits for them. */
const CUTS = Number(process.env['POWER_CUTS'] ?? 40);
const TIMEOUT_MS = 15 * 60_000;
const random = randomFrom(1815);
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'waymark-power-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function key(n: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(20, 0);
  bytes.writeUInt32BE(n, 8);
  return bytes;
}

function document(n: number, length: number): Buffer {
  return seal(key(n), encodeDoc({ text: String.fromCharCode(65 + (n % 26)).repeat(length) }));
}

function contentOf(file: DataFile): string[] {
  return [...file.store.entries(key(0), key(1_000_000))].map(
    (entry) => `${entry.key.readUInt32BE(8)} ${entry.value.toString('latin1')}`,
  );
}

/** Some commands that put, replace and remove, so that pages become free and are used again. */
async function change(file: DataFile, commands: number): Promise<void> {
  for (let command = 0; command < commands; command++) {
    await file.write((store) => {
      for (let i = 0; i < 20; i++) {
        const n = random.below(600);
        if (random.below(3) === 0) store.remove(key(n));
        else store.put(key(n), document(n, 10 + random.below(random.below(30) === 0 ? 9000 : 300)));
      }
    });
  }
}

/** What a disk holds after a power cut: what was flushed, and of what was written since then whatever it came to. */
function cutOff(flushed: Buffer, written: Buffer): Buffer {
  const disk = Buffer.alloc(written.length);
  flushed.copy(disk);
  const page = written.readUInt32LE(META.pageSize);
  const share = random.below(4);
  for (let at = 0; at < written.length; at += page) if (random.below(4) < share) written.copy(disk, at, at, at + page);
  // All three meta pages say that they were written before the system was started anew.
  for (const at of [0, page / 2, page]) disk.writeBigInt64LE(77n, at + META.boot);
  return disk;
}

const sound = `after ${CUTS} power cuts the file is sound and holds what had reached the disk, and goes on from there`;
test(sound, { timeout: TIMEOUT_MS }, async () => {
  const path = join(dir, 'waymark.mdb');
  let isHeld = false;
  let go = () => undefined as void;
  const sync = () => (isHeld ? new Promise<void>((resolve) => (go = resolve)) : Promise.resolve());
  for (let cut = 0; cut < CUTS; cut++) {
    const file = new DataFile(dir, sync);
    await change(file, 10);
    await file.flushed();
    const onDisk = contentOf(file);
    const flushed = await readFile(path);
    isHeld = true;
    await change(file, 1 + random.below(40));
    const written = await readFile(path);
    isHeld = false;
    go();
    await file.close();

    await writeFile(path, cutOff(flushed, written));
    const after = new DataFile(dir);
    expect(contentOf(after), `cut ${cut}`).toEqual(onDisk);
    await change(after, 5);
    await after.close();
  }
});

test('what this run of the system was given is there, flushed or not', async () => {
  const dataDir = join(dir, 'killed');
  const never = () => new Promise<void>(() => undefined);
  const file = new DataFile(dataDir, never);
  await change(file, 30);
  const content = contentOf(file);
  const copy = join(dir, 'copy');
  await mkdir(copy);
  for (const name of ['waymark.mdb', 'format.json'])
    await writeFile(join(copy, name), await readFile(join(dataDir, name)));
  const after = new DataFile(copy);
  expect(contentOf(after)).toEqual(content);
  await after.close();
});

test('a command that asks for the disk waits for it, and is told when the disk fails', async () => {
  let fails = true;
  const file = new DataFile(join(dir, 'failing'), () => (fails ? Promise.reject(new Error('EIO')) : Promise.resolve()));
  await change(file, 1);
  await expect(file.flushed()).rejects.toThrow('EIO');
  fails = false;
  await file.flushed();
  await file.close();
});
