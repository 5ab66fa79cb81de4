import { isDoc } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';

/** A field of a document, or undefined; what JavaScript objects inherit is no field. */
export function fieldOf(doc: Doc, name: string): Value {
  const value = doc[name];
  return typeof value === 'function' || value === Object.prototype ? undefined : value;
}

export function isArrayIndex(part: string): boolean {
  return /^(0|[1-9]\d*)$/.test(part);
}

/** Where in an array a query matched, for the positional operator `$`. */
export interface MatchDetails {
  arrayIndex?: number;
}

/**
 * Tests the values that a query path leads to, as MongoDB does: through arrays of documents, and, when `isExpanding`,
 * each element of an array at its end before the array itself. A missing field is tested as undefined.
 */
export function someValueAt(
  value: Value,
  path: readonly string[],
  isExpanding: boolean,
  test: (value: Value) => boolean,
  details?: MatchDetails,
  depth = 0,
): boolean {
  if (!isDoc(value)) return test(undefined);
  const field = fieldOf(value, path[depth]!);
  if (depth === path.length - 1) {
    if (isExpanding && Array.isArray(field)) {
      const index = field.findIndex((item) => test(item));
      if (index >= 0) {
        if (details) details.arrayIndex = index;
        return true;
      }
    }
    return test(field);
  }
  return Array.isArray(field)
    ? someItemAt(field, path, isExpanding, test, details, depth + 1)
    : someValueAt(field, path, isExpanding, test, details, depth + 1);
}

function someItemAt(
  items: readonly Value[],
  path: readonly string[],
  isExpanding: boolean,
  test: (value: Value) => boolean,
  details: MatchDetails | undefined,
  depth: number,
): boolean {
  const part = path[depth]!;
  if (isArrayIndex(part) && Number(part) < items.length) {
    const item = items[Number(part)];
    if (depth === path.length - 1) {
      // An array that is an element counts as it is.
      if (test(item)) return true;
    } else if (Array.isArray(item)) {
      if (someItemAt(item, path, isExpanding, test, undefined, depth + 1)) return true;
    } else if (isDoc(item) && someValueAt(item, path, isExpanding, test, undefined, depth + 1)) {
      return true;
    }
  }
  for (const [index, item] of items.entries()) {
    if (isDoc(item) && someValueAt(item, path, isExpanding, test, undefined, depth)) {
      if (details) details.arrayIndex = index;
      return true;
    }
  }
  return false;
}

/** The value at a path without looking into arrays' elements, except by index; for updates and simple projections. */
export function valueAt(doc: Value, path: readonly string[]): Value {
  let value = doc;
  for (const part of path) {
    if (Array.isArray(value)) value = isArrayIndex(part) ? (value[Number(part)] as Value) : undefined;
    else if (isDoc(value)) value = fieldOf(value, part);
    else return undefined;
  }
  return value;
}
