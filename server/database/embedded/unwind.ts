import { isDoc } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { DatabaseError } from './errors.ts';

/** The document with a value at a path of documents, or, where the value is undefined, without it. */
function withValue(doc: Doc, [field, ...rest]: readonly string[], value: Value): Doc {
  const inner = Object.hasOwn(doc, field!) ? doc[field!] : undefined;
  const next = rest.length === 0 ? value : withValue(isDoc(inner) ? inner : {}, rest, value);
  if (next !== undefined) return { ...doc, [field!]: next };
  const { [field!]: _gone, ...others } = doc;
  return others;
}

/** What is at a path of documents: arrays on the way are not gone through. */
function valueAt(doc: Doc, path: readonly string[]): Value {
  let value: Value = doc;
  for (const field of path) {
    if (!isDoc(value) || !Object.hasOwn(value, field)) return undefined;
    value = value[field];
  }
  return value;
}

function fieldsOf(path: Value): readonly string[] {
  if (typeof path !== 'string' || !/^\$[^$]/.test(path))
    throw new DatabaseError('Location28818', "path option to $unwind stage should be prefixed with a '$'");
  return path.slice(1).split('.');
}

function indexFieldOf(name: Value): readonly string[] | null {
  if (name === undefined) return null;
  if (typeof name !== 'string' || name === '' || name.startsWith('$'))
    throw new DatabaseError('Location28822', 'includeArrayIndex option to $unwind should be the name of a field');
  return name.split('.');
}

/** A stage that gives a document for each element of an array in it; what is no array is one element without a place. */
export function compileUnwind(spec: Value): (doc: Doc) => Doc[] {
  const {
    path: given,
    includeArrayIndex,
    preserveNullAndEmptyArrays: keeps = false,
  } = isDoc(spec) ? spec : { path: spec };
  const path = fieldsOf(given);
  const index = indexFieldOf(includeArrayIndex);
  const withIndex = (doc: Doc, at: number | null) => (index ? withValue(doc, index, at) : doc);
  return (doc) => {
    const value = valueAt(doc, path);
    if (Array.isArray(value) && value.length > 0)
      return (value as Value[]).map((item, at) => withIndex(withValue(doc, path, item ?? null), at));
    const isNone = value === null || value === undefined || Array.isArray(value);
    if (!isNone) return [withIndex(doc, null)];
    if (keeps !== true) return [];
    return [withIndex(Array.isArray(value) ? withValue(doc, path, undefined) : doc, null)];
  };
}
