import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { returnTo } from './meta-pages.ts';
import { findState } from './page-checks.ts';

/** The newest format of the data that this version reads; `format.json` beside the data says which it has. */
export const FORMAT = 4;
/** The stored data cannot be used as it is; nothing has been changed. */
export class UnreadableData extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableData';
  }
}

/** The format of the data; throws `UnreadableData` when it was written by a newer version, or does not say by which. */
export function readFormat(dataDir: string): number {
  const path = join(dataDir, 'format.json');
  if (!existsSync(path)) return 1;
  let format: unknown;
  try {
    format = (JSON.parse(readFileSync(path, 'utf8')) as { format?: unknown }).format;
  } catch {
    throw new UnreadableData(`${path} is damaged: it should say which format the data has. Nothing was changed.`);
  }
  if (typeof format !== 'number' || format > FORMAT) {
    throw new UnreadableData(
      `The data in ${dataDir} has format ${String(format)}, written by a newer version; this one reads up to ${FORMAT}. Nothing was changed.`,
    );
  }
  return format;
}

/**
 * Throws `UnreadableData` when the file at `path` is not whole and sound: LMDB itself trusts its file. After a power cut
 * the file goes back to the last state that had reached the disk.
 */
export function settleFile(path: string, format: number): void {
  // An empty file is one whose making was cut off before anything was in it.
  if (!existsSync(path) || statSync(path).size === 0) return;
  const found = findState(path, format);
  if ('damage' in found)
    throw new UnreadableData(
      `${path} is damaged: ${found.damage}. Nothing was changed; restore it from a backup or an export.`,
    );
  if (!found.isNewest) returnTo(path, found.state);
}
