import { isDoc, typeOf } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { areEqual } from './compare-values.ts';
import { DatabaseError } from './errors.ts';
import { applyAtPath } from './update-walk.ts';

/** The document that an upsert begins with: what the filter says by equality. */
export function docOfFilter(filter: Doc): Doc {
  const doc: Doc = {};
  const visit = (part: Doc) => {
    for (const [key, wanted] of Object.entries(part)) {
      if (key === '$and') for (const inner of wanted as Doc[]) visit(inner);
      else if (key.startsWith('$')) {
        if (key === '$or' && (wanted as Doc[]).length === 1) visit((wanted as Doc[])[0]!);
      } else {
        const value = equalityOf(wanted);
        if (value === undefined) continue;
        const put = { path: key.split('.'), operator: '$set', change: () => value, isCreating: true };
        applyAtPath(doc, put, { isInsert: true });
      }
    }
  };
  visit(filter);
  return doc;
}

function equalityOf(wanted: Value): Value {
  const isRegex = typeOf(wanted) === 'regex';
  if (isRegex) return undefined;
  if (!isDoc(wanted) || !Object.keys(wanted)[0]?.startsWith('$')) return wanted;
  if ('$eq' in wanted) return wanted['$eq'];
  const list = wanted['$in'] ?? wanted['$all'];
  return Array.isArray(list) && list.length === 1 && !isDoc(list[0]) ? (list[0] as Value) : undefined;
}

/** `_id` can be given by an upsert's update only where the filter does not say another. */
export function refuseIdChange(before: Value, after: Value): void {
  if (before !== undefined && !areEqual(before, after ?? null)) {
    throw new DatabaseError(
      'ImmutableField',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
}
