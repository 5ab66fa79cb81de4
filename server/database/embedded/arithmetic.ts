import { Decimal128, Double, Long } from 'bson';
import { isInt32, toNumber } from './bson-values.ts';
import type { Value } from './bson-values.ts';
import { DatabaseError } from './errors.ts';
import { decimalParts } from './exact-numbers.ts';

type Kind = 'int' | 'long' | 'double' | 'decimal';

function kindOf(value: Value): Kind {
  if (typeof value === 'number') return isInt32(value) ? 'int' : 'double';
  if (value instanceof Long) return 'long';
  return value instanceof Decimal128 ? 'decimal' : 'double';
}

/** A double that stays one when written, whole or not. */
function doubleValue(value: number): number | Double {
  return isInt32(value) ? new Double(value) : value;
}

function wholeValue(value: bigint, isLong: boolean): number | Long {
  if (!isLong && value >= -0x80000000n && value <= 0x7fffffffn) return Number(value);
  if (value !== BigInt.asIntN(64, value))
    throw new DatabaseError('BadValue', 'Failed to apply an arithmetic update to a 64-bit integer: overflow');
  return Long.fromBigInt(value);
}

function decimalOf(value: Value): Decimal128 {
  if (value instanceof Decimal128) return value;
  if (value instanceof Long) return Decimal128.fromString(value.toString());
  const number = toNumber(value);
  // MongoDB keeps 15 digits of a double that becomes a decimal, zeros among them.
  const isExact = kindOf(value) === 'int' || number === 0 || !Number.isFinite(number);
  return Decimal128.fromString(isExact ? String(number) : number.toPrecision(15));
}

function isFiniteDecimal(value: Decimal128): boolean {
  return /\d/.test(value.toString());
}

function decimalResult(a: Value, b: Value, combine: 'add' | 'multiply'): Decimal128 {
  const [x, y] = [decimalOf(a), decimalOf(b)];
  if (!isFiniteDecimal(x) || !isFiniteDecimal(y)) {
    const [p, q] = [toNumber(x), toNumber(y)];
    return Decimal128.fromString(String(combine === 'add' ? p + q : p * q));
  }
  const [p, q] = [decimalParts(x), decimalParts(y)];
  if (combine === 'multiply')
    return Decimal128.fromStringWithRounding(`${p.digits * q.digits}E${p.exponent + q.exponent}`);
  const exponent = Math.min(p.exponent, q.exponent);
  const sum = p.digits * 10n ** BigInt(p.exponent - exponent) + q.digits * 10n ** BigInt(q.exponent - exponent);
  return Decimal128.fromStringWithRounding(`${sum}E${exponent}`);
}

/** Adds or multiplies two numbers and keeps the wider of their types, as `$inc` and `$mul` do. */
export function combineNumbers(a: Value, b: Value, combine: 'add' | 'multiply'): Value {
  const kinds = [kindOf(a), kindOf(b)];
  if (kinds.includes('decimal')) return decimalResult(a, b, combine);
  if (kinds.includes('double')) {
    return doubleValue(combine === 'add' ? toNumber(a) + toNumber(b) : toNumber(a) * toNumber(b));
  }
  if (combine === 'add' && typeof a === 'number' && typeof b === 'number' && isInt32(a + b)) return a + b;
  const [x, y] = [BigInt(String(a)), BigInt(String(b))];
  return wholeValue(combine === 'add' ? x + y : x * y, kinds.includes('long'));
}

/** Zero of a number's own type. */
export function zeroLike(value: Value): Value {
  switch (kindOf(value)) {
    case 'int':
      return 0;
    case 'long':
      return Long.ZERO;
    case 'double':
      return new Double(0);
    case 'decimal':
      return Decimal128.fromString('0');
  }
}
