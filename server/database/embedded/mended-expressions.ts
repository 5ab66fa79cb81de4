import { evalExpr } from 'mingo/core';
import * as accumulators from 'mingo/operators/accumulator';
import * as library from 'mingo/operators/expression';
import type { Options } from 'mingo/types';
import { isInt32 } from './bson-values.ts';
import type { Doc } from './bson-values.ts';
import { DatabaseError, notSupported } from './errors.ts';

/** Operators of expressions that the library has otherwise than MongoDB, as MongoDB has them. */

export type ExpressionFunction = (obj: unknown, expr: unknown, options: unknown) => unknown;

type Library = (obj: never, expr: never, options: never) => unknown;

/** An operator's only argument, which may stand in an array by itself. */
function argumentOf(obj: unknown, expr: unknown, options: unknown): unknown {
  const only: unknown = Array.isArray(expr) && expr.length === 1 ? expr[0] : expr;
  return evalExpr(obj, only, options as Options);
}

/** `$first` and `$last`: of a group when they are given documents, else of an array; nothing where it is empty. */
function endOf(name: '$first' | '$last', at: 0 | -1): ExpressionFunction {
  return (obj, expr, options) => {
    if (Array.isArray(obj)) return accumulators[name](obj as never, expr, options as never);
    const items = argumentOf(obj, expr, options);
    if (items === null || items === undefined) return null;
    if (!Array.isArray(items)) throw new DatabaseError('Location28689', `${name}'s argument must be an array`);
    return (items as unknown[]).at(at);
  };
}

const switchOf: ExpressionFunction = (obj, expr, options) => {
  const { branches, ...rest } = expr as { branches: Doc[]; default?: unknown };
  if ('default' in rest) return library.$switch(obj as never, expr as never, options as never);
  // A value of its own tells that nothing matched.
  const none = { $literal: Symbol('no branch') };
  const found: unknown = library.$switch(obj as never, { branches, default: none } as never, options as never);
  if (found !== none.$literal) return found;
  throw new DatabaseError(
    'Location40066',
    '$switch could not find a matching branch for an input, and no default was specified.',
  );
};

const sizeOf: ExpressionFunction = (obj, expr, options) => {
  const items = argumentOf(obj, expr, options);
  if (!Array.isArray(items)) throw new DatabaseError('BadValue', 'The argument to $size must be an array.');
  return items.length;
};

/** Of null or of nothing comes null. */
function sliceOf(obj: unknown, expr: unknown, options: unknown): unknown {
  const items = Array.isArray(expr) ? evalExpr(obj, expr[0], options as Options) : undefined;
  if (Array.isArray(expr) && (items === null || items === undefined)) return null;
  return library.$slice(obj as never, expr, options as never);
}

/** One argument need not stand in an array. */
function ofOne(operator: Library): ExpressionFunction {
  return (obj, expr, options) =>
    operator(obj as never, (Array.isArray(expr) ? expr : [expr]) as never, options as never);
}

/** Null and nothing are an empty text; letters beyond ASCII stay as they are. */
function inCase(letters: RegExp, change: (text: string) => string): ExpressionFunction {
  return (obj, expr, options) => {
    const text = library.$toString(obj as never, (Array.isArray(expr) ? expr[0] : expr) as never, options as never);
    return ((text as string | null | undefined) ?? '').replace(letters, change);
  };
}

function ofPositive(name: string, operator: Library): ExpressionFunction {
  return (obj, expr, options) => {
    const number = argumentOf(obj, expr, options);
    if (typeof number === 'number' && number <= 0)
      throw new DatabaseError('Location28766', `${name}'s argument must be a positive number, but is ${number}`);
    return operator(obj as never, expr as never, options as never);
  };
}

/** MongoDB makes dates of longs and doubles, not of ints; here a small whole number may be any of them. */
const toDate: ExpressionFunction = (obj, expr, options) => {
  const value = argumentOf(obj, expr, options);
  if (typeof value === 'number' && isInt32(value)) throw notSupported('$toDate of small whole numbers');
  return library.$toDate(obj as never, expr, options as never);
};

export const MENDED_EXPRESSIONS: Readonly<Record<string, ExpressionFunction>> = {
  $first: endOf('$first', 0),
  $last: endOf('$last', -1),
  $switch: switchOf,
  $size: sizeOf,
  $slice: sliceOf,
  $round: ofOne(library.$round),
  $trunc: ofOne(library.$trunc),
  $toUpper: inCase(/[a-z]+/g, (text) => text.toUpperCase()),
  $toLower: inCase(/[A-Z]+/g, (text) => text.toLowerCase()),
  $ln: ofPositive('$ln', library.$ln),
  $log10: ofPositive('$log10', library.$log10),
  $toDate: toDate,
};
