import { extname, join } from 'node:path';

/**
 * The arguments with which node runs one of this project's files, compiled or not as this one is, with the options of this
 * process. `path` has no ending.
 */
export function argumentsFor(path: string): string[] {
  const ending = extname(import.meta.filename);
  return [
    ...(ending === '.ts' ? ['--import', 'tsx'] : process.execArgv),
    join(import.meta.dirname, '..', path + ending),
  ];
}
