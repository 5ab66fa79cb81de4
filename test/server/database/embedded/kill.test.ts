import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeDoc } from '../../../../server/database/embedded/bson-codec.ts';
import { documentKey, entriesOf, indexPrefix } from '../../../../server/database/embedded/index-keys.ts';
import { Engine } from '../../../../server/database/embedded/engine.ts';
import { unseal } from '../../../../server/database/embedded/seal.ts';
import { afterPrefix } from '../../../../server/database/embedded/store.ts';
import { randomFrom } from './random-values.ts';

/** All fifty where nobody waits for them; in a run on a server they would only be the same again. */
const isFull = process.env['CI'] !== undefined && process.env['MONGODB_URI'] === undefined;
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? (isFull ? 50 : 10));
const LONGEST_LIFE_MS = 120;

/** Runs the load until it is killed; returns what it said. */
function runAndKill(dataDir: string, first: number, lifeMs: number): Promise<string> {
  return new Promise((done, fail) => {
    const load = spawn(process.execPath, [
      '--import',
      'tsx',
      join(import.meta.dirname, 'write-load.ts'),
      dataDir,
      String(first),
    ]);
    let said = '';
    let errors = '';
    load.stdout.on('data', (chunk: Buffer) => {
      // From the first acknowledged write on, however slow the machine is.
      const isFirst = !said.includes('inserted');
      said += chunk.toString();
      if (isFirst && said.includes('inserted')) setTimeout(() => load.kill('SIGKILL'), lifeMs);
    });
    load.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    load.on('close', (_code, signal) => (signal === 'SIGKILL' ? done(said) : fail(new Error(errors))));
  });
}

test(
  `every acknowledged write outlives ${ROUNDS} kills, and every index agrees with its documents`,
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'waymark-kill-'));
    const random = randomFrom(20_26);
    const acknowledged = new Map<number, 'inserted' | 'updated'>();
    for (let round = 0; round < ROUNDS; round++) {
      const said = await runAndKill(dataDir, round * 1_000_000, random.below(LONGEST_LIFE_MS));
      for (const [, what, n] of said.matchAll(/^(inserted|updated) (\d+)\n/gm))
        acknowledged.set(Number(n), what as 'updated');

      const engine = new Engine(dataDir);
      const { store } = engine.file;
      const collection = engine.catalog.find('load', 'writes')!;
      for (const [n, what] of acknowledged) {
        for (const id of [n, n + 1, n + 2, n + 3]) {
          const key = documentKey(collection, id);
          const stored = store.get(key);
          expect(stored, `document ${id}`).toBeDefined();
          if (what === 'updated') expect(decodeDoc(unseal(key, stored!))).toMatchObject({ updates: 1 });
        }
      }
      for (const index of collection.indexes.filter(({ id }) => id !== 0)) {
        const wanted = new Set<string>();
        const documents = indexPrefix(collection, { id: 0 });
        for (const { key, value } of store.entries(documents, afterPrefix(documents))) {
          for (const entry of entriesOf(collection, index, decodeDoc(unseal(key, value)), key))
            wanted.add(entry.key.toString('latin1'));
        }
        const prefix = indexPrefix(collection, index);
        const held = [...store.entries(prefix, afterPrefix(prefix))].map(({ key }) => key.toString('latin1'));
        expect(held.length).toBe(wanted.size);
        expect(held.every((key) => wanted.has(key))).toBe(true);
      }
      await engine.file.close();
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS);
    await rm(dataDir, { recursive: true });
  },
  15 * 60_000,
);
