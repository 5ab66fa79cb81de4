import * as accumulators from 'mingo/operators/accumulator';
import type { Options } from 'mingo/types';
import type { Value } from './bson-values.ts';
import { compareValues } from './compare-values.ts';
import { DatabaseError, notSupported } from './errors.ts';
import { argumentsOf, isNothing, numberOf, ofArguments, ofSole } from './operands.ts';
import type { ExpressionFunction, ExpressionFunctions } from './operands.ts';

/** Between these, MongoDB has whole numbers that JavaScript rounds. */
const MOST_EXACT = Number.MAX_SAFE_INTEGER;
const MOST_LONG = 2 ** 63;

function exact(result: number, from: readonly number[]): number {
  const size = Math.abs(result);
  if (size > MOST_EXACT && size < MOST_LONG && from.every(Number.isSafeInteger))
    throw notSupported('whole numbers beyond 2^53 in aggregation');
  return result;
}

function dateOf(name: string, date: Date, milliseconds: number): Date {
  if (!Number.isInteger(milliseconds)) throw notSupported(`fractions of milliseconds in ${name}`);
  return new Date(date.getTime() + milliseconds);
}

function add(args: readonly Value[]): Value {
  const numbers: number[] = [];
  let date: Date | null = null;
  for (const value of args) {
    if (isNothing(value)) return null;
    if (!(value instanceof Date)) numbers.push(numberOf('$add', value));
    else if (date) throw new DatabaseError('BadValue', 'only one date allowed in an $add expression');
    else date = value;
  }
  const sum = numbers.reduce((total, number) => total + number, 0);
  return date ? dateOf('$add', date, sum) : exact(sum, numbers);
}

function multiply(args: readonly Value[]): Value {
  const numbers: number[] = [];
  for (const value of args) {
    if (isNothing(value)) return null;
    numbers.push(numberOf('$multiply', value));
  }
  return exact(
    numbers.reduce((product, number) => product * number, 1),
    numbers,
  );
}

function subtract([a, b]: readonly Value[]): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (a instanceof Date) {
    return b instanceof Date ? a.getTime() - b.getTime() : dateOf('$subtract', a, -numberOf('$subtract', b));
  }
  const [x, y] = [numberOf('$subtract', a), numberOf('$subtract', b)];
  return exact(x - y, [x, y]);
}

/** C's, which JavaScript's differs from in what 1 becomes. */
function power(base: number, exponent: number): number {
  if (base === 0 && exponent < 0)
    throw new DatabaseError('BadValue', '$pow cannot take a base of 0 and a negative exponent');
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return exact(base ** exponent, [base, exponent]);
}

function ofTwo(name: string, compute: (a: number, b: number) => number): ExpressionFunction {
  return ofArguments(name, [2, 2], ([a, b]) =>
    isNothing(a) || isNothing(b) ? null : compute(numberOf(name, a), numberOf(name, b)),
  );
}

function unlessZero(name: string, compute: (a: number, b: number) => number): ExpressionFunction {
  return ofTwo(name, (a, b) => {
    if (b === 0) throw new DatabaseError('BadValue', `can't ${name} by zero`);
    return compute(a, b);
  });
}

function ofNumber(name: string, compute: (value: number) => number): ExpressionFunction {
  return ofSole((value) => compute(numberOf(name, value)));
}

function ofPositive(name: string, compute: (value: number) => number): ExpressionFunction {
  return ofNumber(name, (value) => {
    if (value <= 0)
      throw new DatabaseError('Location28766', `${name}'s argument must be a positive number, but is ${value}`);
    return compute(value);
  });
}

function logarithm(value: number, base: number): number {
  if (value <= 0) throw new DatabaseError('BadValue', `$log's argument must be a positive number, but is ${value}`);
  if (base <= 0 || base === 1)
    throw new DatabaseError('BadValue', `$log's base must be a positive number not equal to 1, but is ${base}`);
  return Math.log(value) / Math.log(base);
}

function squareRoot(value: number): number {
  if (value < 0)
    throw new DatabaseError('BadValue', `$sqrt's argument must be greater than or equal to 0, but is ${value}`);
  return Math.sqrt(value);
}

/** Of a group the values of its documents; else of several arguments each, and of one that is an array its elements. */
function ofMany(compute: (values: readonly Value[]) => Value): ExpressionFunction {
  return (obj, expr, options) => {
    if (Array.isArray(obj)) return compute(accumulators.$push(obj as never[], expr, options as Options));
    const args = argumentsOf(obj, expr, options);
    return compute(args.length === 1 && Array.isArray(args[0]) ? (args[0] as Value[]) : args);
  };
}

function isNumber(value: Value): value is number {
  return typeof value === 'number';
}

function sum(values: readonly Value[]): number {
  const numbers = values.filter(isNumber);
  return exact(
    numbers.reduce((total, number) => total + number, 0),
    numbers,
  );
}

function average(values: readonly Value[]): number | null {
  const numbers = values.filter(isNumber);
  return numbers.length === 0 ? null : numbers.reduce((total, number) => total + number, 0) / numbers.length;
}

/** The square root of the mean square distance from the mean, of all there are or of a sample. */
function deviation(freedom: 0 | 1): (values: readonly Value[]) => number | null {
  return (values) => {
    const numbers = values.filter(isNumber);
    if (numbers.length <= freedom) return null;
    const mean = average(numbers)!;
    const squares = numbers.reduce((total, number) => total + (number - mean) ** 2, 0);
    return Math.sqrt(squares / (numbers.length - freedom));
  };
}

function extreme(sign: 1 | -1): (values: readonly Value[]) => Value {
  return (values) => {
    const present = values.filter((value) => !isNothing(value));
    return present.length === 0
      ? null
      : present.reduce((chosen, value) => (compareValues(value, chosen) * sign > 0 ? value : chosen));
  };
}

export const NUMBER_EXPRESSIONS: ExpressionFunctions = {
  $add: ofArguments('$add', [0, Number.POSITIVE_INFINITY], add),
  $multiply: ofArguments('$multiply', [0, Number.POSITIVE_INFINITY], multiply),
  $subtract: ofArguments('$subtract', [2, 2], subtract),
  $divide: unlessZero('$divide', (a, b) => a / b),
  $mod: unlessZero('$mod', (a, b) => a % b),
  $pow: ofTwo('$pow', power),
  $log: ofTwo('$log', logarithm),
  $abs: ofNumber('$abs', Math.abs),
  $ceil: ofNumber('$ceil', Math.ceil),
  $floor: ofNumber('$floor', Math.floor),
  $exp: ofNumber('$exp', Math.exp),
  $sqrt: ofNumber('$sqrt', squareRoot),
  $ln: ofPositive('$ln', Math.log),
  $log10: ofPositive('$log10', Math.log10),
  $sum: ofMany(sum),
  $avg: ofMany(average),
  $min: ofMany(extreme(-1)),
  $max: ofMany(extreme(1)),
  $stdDevPop: ofMany(deviation(0)),
  $stdDevSamp: ofMany(deviation(1)),
};
