import { evalExpr } from 'mingo/core';
import type { Options } from 'mingo/types';
import { isDoc } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { notSupported } from './errors.ts';
import { checkArguments } from './expression-arguments.ts';
import { fieldOf } from './paths.ts';

/** The operator that stands for a path with dots; clients may not use it. */
const AT_PATH = '$atPath';

/**
 * What is at a path, as expressions see it: arrays are gone through for the documents in them, and never by the place of
 * an element, as filters and updates do.
 */
function valueAt(value: Value, path: readonly string[]): Value {
  if (Array.isArray(value)) {
    const found = value.filter(isDoc).map((item) => valueAt(item, path));
    return found.filter((item) => item !== undefined);
  }
  if (!isDoc(value)) return undefined;
  const next = Object.hasOwn(value, path[0]!) ? fieldOf(value, path[0]!) : undefined;
  return path.length === 1 ? next : valueAt(next, path.slice(1));
}

function atPath(obj: unknown, [head, ...path]: readonly string[], options: Options): Value {
  return valueAt(evalExpr(obj, head, options), path);
}

export const PATH_OPERATOR = { [AT_PATH]: atPath };

/**
 * An expression, or whatever holds some, with its paths as MongoDB reads them. Throws MongoDB's error where arguments are
 * wrong whatever the documents are.
 */
export function prepareExpressions(value: Value): Value {
  if (typeof value === 'string') {
    const isPath = value.startsWith('$') && value.includes('.');
    return isPath ? { [AT_PATH]: value.split('.') } : value;
  }
  if (Array.isArray(value)) return value.map(prepareExpressions);
  if (!isDoc(value)) return value;
  const prepared: Doc = {};
  for (const [name, operand] of Object.entries(value)) {
    if (name === AT_PATH) throw notSupported(`the operator ${AT_PATH}`);
    checkArguments(name, operand);
    prepared[name] = name === '$literal' ? operand : prepareExpressions(operand);
  }
  return prepared;
}
