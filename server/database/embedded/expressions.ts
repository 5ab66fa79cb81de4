import { Decimal128, Double, Long } from 'bson';
import { Context, evalExpr, ProcessingMode } from 'mingo/core';
import * as accumulators from 'mingo/operators/accumulator';
import * as expressions from 'mingo/operators/expression';
import * as projections from 'mingo/operators/projection';
import * as queries from 'mingo/operators/query';
import * as windows from 'mingo/operators/window';
import type { Options } from 'mingo/types';
import { isDoc } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { compareValues } from './compare-values.ts';
import { DatabaseError, notSupported } from './errors.ts';
import { PATH_OPERATOR, prepareExpressions } from './field-paths.ts';
import { BOOLEAN_EXPRESSIONS } from './boolean-expressions.ts';
import { LIST_EXPRESSIONS } from './list-expressions.ts';
import { NUMBER_EXPRESSIONS } from './number-expressions.ts';
import type { ExpressionFunction } from './operands.ts';
import { TEXT_EXPRESSIONS } from './text-expressions.ts';
import { TYPED_EXPRESSIONS } from './typed-expressions.ts';

/** Operators that the library has as MongoDB has them. The others of its own are refused, or mended in files of their own. */
const KEPT_EXPRESSIONS = [
  '$arrayElemAt',
  '$concat',
  '$concatArrays',
  '$ifNull',
  '$in',
  '$isArray',
  '$let',
  '$literal',
  '$ltrim',
  '$map',
  '$reduce',
  '$round',
  '$rtrim',
  '$setDifference',
  '$setEquals',
  '$setField',
  '$setIsSubset',
  '$trim',
  '$trunc',
  '$unsetField',
] as const;

type Accumulate = typeof accumulators.$push;

/** An accumulator that is not told of documents in which there is nothing to accumulate. */
function ofPresent(accumulate: Accumulate): Accumulate {
  return (docs, expr, options) => {
    const types = accumulators.$push(docs, { $type: expr }, options);
    return accumulate(
      docs.filter((_doc, i) => types[i] !== 'missing'),
      expr,
      options,
    );
  };
}

/** Values of any types have an order in MongoDB, and what is missing comes before everything, null too. */
function comparison(name: string, answer: (order: number) => unknown): ExpressionFunction {
  return (obj, expr, options) => {
    if (!Array.isArray(expr) || expr.length !== 2)
      throw new DatabaseError('Location16020', `Expression ${name} takes exactly 2 arguments.`);
    const [a, b] = expr.map((part) => evalExpr(obj, part, options as Options)) as [Value, Value];
    if (a === undefined || b === undefined) return answer(Number(a !== undefined) - Number(b !== undefined));
    return answer(Math.sign(compareValues(a, b)));
  };
}

const COMPARISONS: Readonly<Record<string, ExpressionFunction>> = {
  $cmp: comparison('$cmp', (order) => order),
  $eq: comparison('$eq', (order) => order === 0),
  $ne: comparison('$ne', (order) => order !== 0),
  $gt: comparison('$gt', (order) => order > 0),
  $gte: comparison('$gte', (order) => order >= 0),
  $lt: comparison('$lt', (order) => order < 0),
  $lte: comparison('$lte', (order) => order <= 0),
};

/** One argument need not stand in an array. */
function ofOne(operator: (obj: never, expr: never, options: never) => unknown): ExpressionFunction {
  return (obj, expr, options) =>
    operator(obj as never, (Array.isArray(expr) ? expr : [expr]) as never, options as never);
}

const expressionOperators = {
  ...Object.fromEntries(KEPT_EXPRESSIONS.map((name) => [name, expressions[name] as unknown as ExpressionFunction])),
  $round: ofOne(expressions.$round),
  $trunc: ofOne(expressions.$trunc),
  ...COMPARISONS,
  ...BOOLEAN_EXPRESSIONS,
  ...LIST_EXPRESSIONS,
  ...NUMBER_EXPRESSIONS,
  ...TEXT_EXPRESSIONS,
  ...TYPED_EXPRESSIONS,
  ...PATH_OPERATOR,
};

/** The operators that expressions may use; aggregation adds its stages. */
export const expressionContext = Context.init({
  accumulator: {
    $count: accumulators.$count,
    $push: ofPresent(accumulators.$push),
    $addToSet: ofPresent(accumulators.$addToSet),
  },
  expression: expressionOperators as unknown as Record<`$${string}`, never>,
  projection: { ...projections },
  query: { ...queries },
  window: { ...windows },
});

export function expressionOptions(context: Context, variables: Doc = {}): Options {
  return {
    idKey: '_id',
    processingMode: ProcessingMode.CLONE_OFF,
    useStrictMode: true,
    scriptEnabled: false,
    failOnError: true,
    context,
    variables: toPlain(variables) as Doc,
  };
}

function hasToChange(value: Value): boolean {
  return value instanceof Double || value instanceof Long || value instanceof Decimal128;
}

function plainNumber(value: Value): number {
  if (value instanceof Decimal128) throw notSupported('decimal128 values in aggregation');
  const number = Number((value as Long | Double).valueOf());
  if (value instanceof Long && !Number.isSafeInteger(Number(value.toString()))) {
    throw notSupported('longs beyond 2^53 in aggregation');
  }
  return value instanceof Long ? value.toNumber() : number;
}

/**
 * A value with plain numbers, as expressions compute with. Numbers that JavaScript cannot hold exactly are refused
 * rather than rounded.
 */
export function toPlain(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (hasToChange(value)) return plainNumber(value);
  if (!isDoc(value)) return value;
  const plain: Doc = {};
  for (const field of Object.keys(value)) plain[field] = toPlain(value[field]);
  return plain;
}

/** Turns an error of the expression library into one that a database client understands. */
export function expressionError(error: unknown): unknown {
  if (error instanceof DatabaseError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const unknown =
    /(?:accumulator|operator) '?(\$\w+)'?.* (?:is not registered)|unregistered pipeline operator (\$\w+)/.exec(message);
  if (unknown) return notSupported(`the operator ${unknown[1] ?? unknown[2] ?? ''}`);
  return new DatabaseError('BadValue', message);
}

const plainOptions = expressionOptions(expressionContext);

const plainExpressions = new WeakMap<object, Value>();

/** An expression as it is computed; the same one is computed over many documents. */
function plainExpression(expression: Value): Value {
  if (typeof expression !== 'object' || expression === null) return prepareExpressions(expression);
  let plain = plainExpressions.get(expression);
  if (plain === undefined) plainExpressions.set(expression, (plain = prepareExpressions(toPlain(expression))));
  return plain;
}

/** Computes an aggregation expression over one document. */
export function evaluateExpression(doc: Doc, expression: Value, variables?: Doc): Value {
  try {
    const options = variables ? expressionOptions(expressionContext, variables) : plainOptions;
    return evalExpr(toPlain(doc), plainExpression(expression), options);
  } catch (error) {
    throw expressionError(error);
  }
}
