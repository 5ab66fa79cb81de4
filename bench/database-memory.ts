import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from './figure.ts';
import { argumentsFor } from './own-process.ts';

const run = promisify(execFile);
/** All of the million that is promised for takes minutes; `BENCH_ROLLUPS=1000000` asks for it. */
const ROLL_UPS = Number(process.env['BENCH_ROLLUPS'] ?? 100_000);
const PROMISED_MB = 200;

interface Took {
  ms: number;
  opened: number;
  most: Memory;
  atEnd: Memory;
}
type Memory = Record<'VmRSS' | 'RssAnon' | 'RssFile', number>;

/** What the embedded database takes in memory, driver and all, while roll-ups are stored and after they are. */
export async function measureMemory(): Promise<readonly Figure[]> {
  if (process.platform !== 'linux') return [];
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
  try {
    const take = async (action: 'load' | 'read') =>
      JSON.parse(
        (await run(process.execPath, [...argumentsFor('bench/database-process'), dataDir, String(ROLL_UPS), action]))
          .stdout,
      ) as Took;
    const [load, read] = [await take('load'), await take('read')];
    const name = (what: string) => `${ROLL_UPS} roll-ups: ${what}`;
    const figure = (what: string, value: number, unit: string, floor: number | null = null): Figure => ({
      figure: name(what),
      value,
      unit,
      floor,
      ratio: null,
    });
    return [
      figure('stored, upserts', (ROLL_UPS * 1000) / load.ms, '/s', 20_000),
      figure('resident at most while storing', load.most.VmRSS, 'MB'),
      figure('checking the file and opening it', read.opened / 1000, 's'),
      figure('resident after 45,000 reads', read.atEnd.VmRSS, 'MB', PROMISED_MB),
      figure('… of that, memory of its own', read.atEnd.RssAnon, 'MB'),
      figure('… of that, files mapped (Node itself and data)', read.atEnd.RssFile, 'MB'),
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
