import { evalExpr } from 'mingo/core';
import type { Options } from 'mingo/types';
import type { Value } from './bson-values.ts';
import { DatabaseError } from './errors.ts';

export type ExpressionFunction = (obj: unknown, expr: unknown, options: unknown) => unknown;
export type ExpressionFunctions = Readonly<Record<string, ExpressionFunction>>;

export function evaluate(obj: unknown, expr: unknown, options: unknown): Value {
  return evalExpr(obj, expr, options as Options);
}

/** An operator's only argument, which may stand in an array by itself. */
export function argumentOf(obj: unknown, expr: unknown, options: unknown): Value {
  if (!Array.isArray(expr)) return evaluate(obj, expr, options);
  if (expr.length !== 1)
    throw new DatabaseError(
      'Location16020',
      `The expression takes exactly 1 arguments. ${expr.length} were passed in.`,
    );
  return evaluate(obj, expr[0], options);
}

/** An operator's arguments in order; one alone need not stand in an array. */
export function argumentsOf(obj: unknown, expr: unknown, options: unknown): Value[] {
  return (Array.isArray(expr) ? (expr as unknown[]) : [expr]).map((part) => evaluate(obj, part, options));
}

/** An operator of so many arguments, from the least to the most. */
export function ofArguments(
  name: string,
  [least, most]: readonly [number, number],
  compute: (args: readonly Value[]) => Value,
): ExpressionFunction {
  return (obj, expr, options) => {
    const count = Array.isArray(expr) ? expr.length : 1;
    if (count < least || count > most)
      throw new DatabaseError(
        least === most ? 'Location16020' : 'Location28667',
        `Expression ${name} takes from ${least} to ${most} arguments, not ${count}.`,
      );
    return compute(argumentsOf(obj, expr, options));
  };
}

/** An operator of one argument, which is null where that is null or nothing. */
export function ofSole(compute: (value: Value) => Value): ExpressionFunction {
  return (obj, expr, options) => {
    const value = argumentOf(obj, expr, options);
    return isNothing(value) ? null : compute(value);
  };
}

/** Null, or what is not there. */
export function isNothing(value: Value): value is null | undefined {
  return value === null || value === undefined;
}

export function arrayOf(name: string, value: Value): readonly Value[] {
  if (!Array.isArray(value)) throw new DatabaseError('BadValue', `The argument to ${name} must be an array.`);
  return value as Value[];
}

export function textOf(name: string, value: Value): string {
  if (typeof value !== 'string') throw new DatabaseError('BadValue', `The argument to ${name} must be a string.`);
  return value;
}

export function numberOf(name: string, value: Value): number {
  if (typeof value !== 'number') throw new DatabaseError('BadValue', `${name} only supports numeric types.`);
  return value;
}

export function wholeNumberOf(name: string, value: Value): number {
  const number = numberOf(name, value);
  if ((number | 0) !== number)
    throw new DatabaseError('BadValue', `${name} needs a whole number of 32 bits, not ${number}.`);
  return number;
}

/** Where an argument is one document of named ones: those, worked out; any other name is refused. */
export function namedArguments(
  name: string,
  known: readonly string[],
  [obj, expr, options]: readonly [obj: unknown, expr: unknown, options: unknown],
): Record<string, Value> {
  const given = expr as Record<string, unknown> | null;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new DatabaseError('BadValue', `${name} only supports an object as its argument.`);
  const odd = Object.keys(given).find((field) => !known.includes(field));
  if (odd !== undefined) throw new DatabaseError('BadValue', `${name} found an unknown argument: ${odd}`);
  return Object.fromEntries(Object.entries(given).map(([field, part]) => [field, evaluate(obj, part, options)]));
}
