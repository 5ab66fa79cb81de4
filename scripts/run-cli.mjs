// Runs one of Waymark's command lines: from its source where that is, else as compiled; the image has neither source nor tsx.
import { existsSync } from 'node:fs';

const [name] = process.argv.splice(2, 1);
const source = new URL(`../server/${name}-cli.ts`, import.meta.url);
if (existsSync(source)) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(source.href);
} else await import(new URL(`../dist/server/${name}-cli.js`, import.meta.url).href);
