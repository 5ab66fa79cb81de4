import * as library from 'mingo/operators/expression';
import { isDoc } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { DatabaseError } from './errors.ts';
import { argumentOf, arrayOf, evaluate } from './operands.ts';
import type { ExpressionFunction, ExpressionFunctions } from './operands.ts';

/** False, zero, null and nothing are false; everything else is true, an empty text and NaN among it. */
export function isTruthy(value: Value): boolean {
  return value !== false && value !== null && value !== undefined && value !== 0;
}

function partsOf(expr: unknown): readonly unknown[] {
  return Array.isArray(expr) ? (expr as unknown[]) : [expr];
}

const cond: ExpressionFunction = (obj, expr, options) => {
  const [condition, then, otherwise, ...more] = isDoc(expr)
    ? [expr['if'], expr['then'], expr['else']]
    : (partsOf(expr) as [unknown, unknown, unknown]);
  if (more.length > 0 || (!isDoc(expr) && partsOf(expr).length !== 3))
    throw new DatabaseError('Location16020', 'Expression $cond takes exactly 3 arguments.');
  return evaluate(obj, isTruthy(evaluate(obj, condition, options)) ? then : otherwise, options);
};

const switchOf: ExpressionFunction = (obj, expr, options) => {
  const { branches, ...rest } = expr as { branches: Doc[]; default?: unknown };
  for (const branch of branches) {
    if (isTruthy(evaluate(obj, branch['case'], options))) return evaluate(obj, branch['then'], options);
  }
  if ('default' in rest) return evaluate(obj, rest.default, options);
  throw new DatabaseError(
    'Location40066',
    '$switch could not find a matching branch for an input, and no default was specified.',
  );
};

/** The library takes the condition's answer for true otherwise than MongoDB; of `$and` it is a boolean. */
const filter: ExpressionFunction = (obj, expr, options) => {
  if (!isDoc(expr)) throw new DatabaseError('BadValue', '$filter only supports an object as its argument');
  return library.$filter(obj as never, { ...expr, cond: { $and: [expr['cond']] } } as never, options as never);
};

export const BOOLEAN_EXPRESSIONS: ExpressionFunctions = {
  $and: (obj, expr, options) => partsOf(expr).every((part) => isTruthy(evaluate(obj, part, options))),
  $or: (obj, expr, options) => partsOf(expr).some((part) => isTruthy(evaluate(obj, part, options))),
  $not: (obj, expr, options) => !isTruthy(argumentOf(obj, expr, options)),
  $cond: cond,
  $switch: switchOf,
  $filter: filter,
  $allElementsTrue: (obj, expr, options) => arrayOf('$allElementsTrue', argumentOf(obj, expr, options)).every(isTruthy),
  $anyElementTrue: (obj, expr, options) => arrayOf('$anyElementTrue', argumentOf(obj, expr, options)).some(isTruthy),
};
