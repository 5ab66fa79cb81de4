import { isDoc, isNumeric, toNumber } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { compareValues } from './compare-values.ts';
import { DatabaseError, notSupported } from './errors.ts';
import { fieldOf, isArrayIndex } from './paths.ts';

export type SortKey = readonly (readonly [field: string, direction: 1 | -1])[];

export function parseSort(spec: Value): SortKey {
  if (spec === undefined || spec === null) return [];
  if (!isDoc(spec)) throw new DatabaseError('TypeMismatch', 'The sort must be an object');
  return Object.entries(spec).map(([field, direction]) => {
    if (isDoc(direction)) throw notSupported('sorting by $meta');
    const sign = isNumeric(direction) ? toNumber(direction) : 0;
    if (sign !== 1 && sign !== -1) {
      throw new DatabaseError('BadValue', '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    return [field, sign] as const;
  });
}

/** Every value that a sort or an index sees at a path: of arrays each element, of an empty array undefined. */
export function sortableValues(value: Value, path: readonly string[], depth = 0): Value[] {
  if (depth === path.length) {
    if (!Array.isArray(value)) return [value === undefined ? null : value];
    return value.length === 0 ? [undefined] : value;
  }
  const part = path[depth]!;
  if (Array.isArray(value)) {
    if (isArrayIndex(part) && Number(part) < value.length) return sortableValues(value[Number(part)], path, depth + 1);
    if (value.length === 0) return [null];
    return value.flatMap((item) => (isDoc(item) ? sortableValues(item, path, depth) : [null]));
  }
  return isDoc(value) ? sortableValues(fieldOf(value, part), path, depth + 1) : [null];
}

function extreme(doc: Doc, path: readonly string[], direction: 1 | -1): Value {
  if (path.length === 1) {
    const value = fieldOf(doc, path[0]!);
    if (!Array.isArray(value)) return value === undefined ? null : value;
  }
  const values = sortableValues(doc, path);
  let chosen = values[0];
  for (let i = 1; i < values.length; i++) {
    if (compareValues(values[i], chosen) * direction < 0) chosen = values[i];
  }
  return chosen;
}

/** Sorts documents by what MongoDB would sort by: an array counts as its least element, or its greatest when descending. */
export function sortDocs<T>(items: readonly T[], key: SortKey, docOf: (item: T) => Doc): T[] {
  const paths = key.map(([field]) => field.split('.'));
  const keyed = items.map((item) => {
    const doc = docOf(item);
    return { item, values: paths.map((path, i) => extreme(doc, path, key[i]![1])) };
  });
  keyed.sort((a, b) => {
    for (let i = 0; i < key.length; i++) {
      const order = compareValues(a.values[i], b.values[i]);
      if (order !== 0) return order * key[i]![1];
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}

/** Items sorted by themselves, or as documents by their fields. */
export function sortItems(items: readonly Value[], spec: Value): Value[] {
  if (isDoc(spec)) return sortDocs(items, parseSort(spec), (item) => (isDoc(item) ? item : {}));
  const direction = isNumeric(spec) ? toNumber(spec) : Number.NaN;
  if (Math.abs(direction) !== 1) throw new DatabaseError('BadValue', 'The $sort element value must be either 1 or -1');
  return [...items].sort((a, b) => compareValues(a, b) * direction);
}
