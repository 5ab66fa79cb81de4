import { isId } from '../database/connect.ts';
import { NotFound } from '../errors.ts';

/** Takes an id out of a path. What can't be an id can't be found: the same 404 as for somebody else's record. */
export function parseId(value: string): string {
  if (!isId(value)) throw new NotFound();
  return value.toLowerCase();
}
