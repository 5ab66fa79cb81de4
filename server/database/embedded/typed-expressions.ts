import { ObjectId } from 'bson';
import * as library from 'mingo/operators/expression';
import { isDoc, isInt32, typeOf } from './bson-values.ts';
import type { Value } from './bson-values.ts';
import { DatabaseError, notSupported } from './errors.ts';
import { argumentOf, evaluate, isNothing, ofSole, wholeNumberOf } from './operands.ts';
import type { ExpressionFunction, ExpressionFunctions } from './operands.ts';

/** Expressions over dates, and from one type to another. */

function refuseTimezone(name: string, timezone: Value): void {
  if (timezone !== undefined && timezone !== 'UTC' && timezone !== 'GMT')
    throw notSupported(`timezones other than UTC in ${name}`);
}

function dateOf(value: Value): Date {
  if (value instanceof ObjectId) return value.getTimestamp();
  if (!(value instanceof Date))
    throw new DatabaseError('BadValue', `can't convert from BSON type ${typeOf(value)} to Date`);
  return value;
}

type Part = '$isoWeek' | '$isoWeekYear' | '$isoDayOfWeek' | '$dayOfYear';

function ofDate(name: string, read: (date: Date) => Value): ExpressionFunction {
  return (obj, expr, options) => {
    const isNamed = isDoc(expr) && 'date' in expr;
    if (isNamed && 'timezone' in expr) refuseTimezone(name, evaluate(obj, expr['timezone'], options));
    const value = isNamed ? evaluate(obj, expr['date'], options) : argumentOf(obj, expr, options);
    return isNothing(value) ? null : read(dateOf(value));
  };
}

function partOf(name: Part): ExpressionFunction {
  return (obj, expr, options) =>
    ofDate(name, (date) => library[name](obj as never, { $literal: date }, options as never))(obj, expr, options);
}

/** The parts of a format that the library writes as MongoDB does. */
const KNOWN_FORMAT = /^(?:[^%]|%[YmdHMSLjuVGzZ%])*$/;

const dateToString: ExpressionFunction = (obj, expr, options) => {
  if (!isDoc(expr) || !('date' in expr)) throw new DatabaseError('BadValue', "$dateToString needs a 'date'");
  const { timezone, onNull, date: given, ...rest } = expr;
  if (timezone !== undefined) refuseTimezone('$dateToString', evaluate(obj, timezone, options));
  const format = rest['format'] === undefined ? undefined : evaluate(obj, rest['format'], options);
  if (format !== undefined && (typeof format !== 'string' || !KNOWN_FORMAT.test(format)))
    throw notSupported('such a format in $dateToString');
  const date = evaluate(obj, given, options);
  if (isNothing(date)) return onNull === undefined ? null : evaluate(obj, onNull, options);
  const known = { ...(format === undefined ? {} : { format }), date: { $literal: dateOf(date) } };
  return library.$dateToString(obj as never, known, options as never);
};

/** Of whole amounts in UTC, where no clock is put forward or back. */
function shifted(name: '$dateAdd' | '$dateSubtract'): ExpressionFunction {
  return (obj, expr, options) => {
    if (!isDoc(expr)) throw new DatabaseError('BadValue', `${name} only supports an object as its argument`);
    const { startDate, amount, timezone, unit } = expr;
    if (timezone !== undefined) refuseTimezone(name, evaluate(obj, timezone, options));
    const [date, count, named] = [startDate, amount, unit].map((part) => evaluate(obj, part, options));
    if (isNothing(date) || isNothing(count) || isNothing(named)) return null;
    const given = {
      startDate: { $literal: dateOf(date) },
      amount: wholeNumberOf(name, count),
      unit: { $literal: named },
    };
    return library[name](obj as never, { ...given, unit: named }, options as never);
  };
}

function notConvertible(name: string, value: Value): DatabaseError {
  return new DatabaseError('BadValue', `Unsupported conversion from ${typeOf(value)} in ${name}`);
}

function numberFrom(name: '$toInt' | '$toLong' | '$toDouble'): ExpressionFunction {
  return ofSole((value) => {
    if (typeof value === 'boolean') return Number(value);
    if (value instanceof Date && name !== '$toInt') return value.getTime();
    if (typeof value === 'string') {
      const isWhole = /^[+-]?\d+$/.test(value);
      if (!isWhole && !(name === '$toDouble' && /^[+-]?\d+\.\d+$/.test(value)))
        throw new DatabaseError('BadValue', `Failed to parse number '${value}' in ${name}`);
      return whole(name, Number(value));
    }
    if (typeof value !== 'number') throw notConvertible(name, value);
    return name === '$toDouble' ? value : whole(name, Math.trunc(value));
  });
}

function whole(name: string, number: number): number {
  if (name === '$toInt' && !isInt32(number + 0))
    throw new DatabaseError('BadValue', `The number is out of range of ${name}`);
  if (name === '$toLong' && !Number.isSafeInteger(number)) throw notSupported('longs beyond 2^53 in aggregation');
  return number + 0;
}

const toText = ofSole((value) => {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' && isInt32(value)) return String(value);
  if (typeof value === 'number') throw notSupported('$toString of numbers that are not small and whole');
  throw notConvertible('$toString', value);
});

const toObjectId = ofSole((value) => {
  if (value instanceof ObjectId) return value;
  if (typeof value !== 'string') throw notConvertible('$toObjectId', value);
  if (!/^[\da-f]{24}$/i.test(value)) throw new DatabaseError('BadValue', `Failed to parse objectId '${value}'`);
  return new ObjectId(value);
});

/** MongoDB makes dates of longs and doubles, not of ints; here a small whole number may be any of them. */
const toDate = ofSole((value) => {
  if (value instanceof Date || value instanceof ObjectId) return dateOf(value);
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/.test(value)) return new Date(value);
    throw notSupported('$toDate of text in other than the full form');
  }
  if (typeof value !== 'number') throw notConvertible('$toDate', value);
  if (isInt32(value)) throw notSupported('$toDate of small whole numbers');
  const at = new Date(Math.trunc(value));
  if (Number.isNaN(at.getTime())) throw new DatabaseError('BadValue', `$toDate of ${value} would overflow`);
  return at;
});

export const TYPED_EXPRESSIONS: ExpressionFunctions = {
  $year: ofDate('$year', (date) => date.getUTCFullYear()),
  $month: ofDate('$month', (date) => date.getUTCMonth() + 1),
  $dayOfMonth: ofDate('$dayOfMonth', (date) => date.getUTCDate()),
  $dayOfWeek: ofDate('$dayOfWeek', (date) => date.getUTCDay() + 1),
  $hour: ofDate('$hour', (date) => date.getUTCHours()),
  $minute: ofDate('$minute', (date) => date.getUTCMinutes()),
  $second: ofDate('$second', (date) => date.getUTCSeconds()),
  $millisecond: ofDate('$millisecond', (date) => date.getUTCMilliseconds()),
  $dayOfYear: partOf('$dayOfYear'),
  $isoWeek: partOf('$isoWeek'),
  $isoWeekYear: partOf('$isoWeekYear'),
  $isoDayOfWeek: partOf('$isoDayOfWeek'),
  $dateToString: dateToString,
  $dateAdd: shifted('$dateAdd'),
  $dateSubtract: shifted('$dateSubtract'),
  $toBool: ofSole((value) => value !== false && value !== 0),
  $toInt: numberFrom('$toInt'),
  $toLong: numberFrom('$toLong'),
  $toDouble: numberFrom('$toDouble'),
  $toString: toText,
  $toDate: toDate,
  $toObjectId: toObjectId,
  $isNumber: (obj, expr, options) => typeof argumentOf(obj, expr, options) === 'number',
  $type: (obj, expr, options) => {
    const value = argumentOf(obj, expr, options);
    return value === undefined ? 'missing' : typeOf(value);
  },
};
