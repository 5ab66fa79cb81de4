import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const run = (cwd: string, ...args: string[]) =>
  execFileSync(process.execPath, ['scripts/run-cli.mjs', ...args], { cwd, encoding: 'utf8' });

test('a command line runs from its source, with what follows its name', () => {
  expect(run(root, 'policy', 'check', 'qmul')).toContain('can be used');
}, 60_000);

test('in the image, without source and without tsx, it runs as compiled', () => {
  const image = mkdtempSync(join(tmpdir(), 'waymark-image-'));
  cpSync(join(root, 'scripts/run-cli.mjs'), join(image, 'scripts/run-cli.mjs'));
  mkdirSync(join(image, 'dist/server'), { recursive: true });
  writeFileSync(join(image, 'package.json'), '{"type":"module"}');
  writeFileSync(join(image, 'dist/server/lti-cli.js'), 'console.log(process.argv.slice(2).join(" "));');
  expect(run(image, 'lti', 'doctor', '6b0c')).toBe('doctor 6b0c\n');
  rmSync(image, { recursive: true });
});
