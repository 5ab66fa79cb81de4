import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

/** Held on the files that are served: `npm test` builds them first. */
let manifest: Record<string, Chunk>;
beforeAll(async () => {
  manifest = JSON.parse(await readFile('dist/client/.vite/manifest.json', 'utf8')) as Record<string, Chunk>;
});

function withImports(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const imported of manifest[name]?.imports ?? []) withImports(imported, found);
  return found;
}

async function gzippedKilobytes(names: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const name of names) bytes += gzipSync(await readFile(`dist/client/${manifest[name]!.file}`)).byteLength;
  return bytes / 1024;
}

describe('the first load of a student', () => {
  const pages = 'features/student/student-pages.tsx';
  const first = () => new Set([...withImports('index.html'), ...withImports(pages)]);

  it('is at most 120 KB of compressed JavaScript', async () => {
    expect(manifest[pages]).toBeDefined();
    expect(await gzippedKilobytes(first())).toBeLessThanOrEqual(120);
  });

  it('leaves the chart for after the text, and everybody else’s pages out', () => {
    const chart = 'student-view/week-chart.tsx';
    expect(manifest[pages]!.dynamicImports).toContain(chart);
    expect(
      [...first()].filter((name) => name === chart || /features\/(tutor|admin|imports|oversight)/.test(name)),
    ).toEqual([]);
  });
});
