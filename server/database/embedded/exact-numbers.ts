import { Decimal128, Long } from 'bson';

/** A finite number without rounding: numerator over a positive denominator. */
interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function rationalOfDouble(value: number): Rational {
  let denominator = 1n;
  let scaled = value;
  // Doubling is exact, so at most 1,074 steps lead to a whole number.
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(scaled), denominator };
}

/** Digits and power of ten of a finite decimal: value = digits × 10^exponent. */
export function decimalParts(value: Decimal128): { digits: bigint; exponent: number } {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:E([+-]?\d+))?$/i.exec(value.toString());
  if (!match) throw new TypeError('Not a finite decimal.');
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  const digits = BigInt(`${whole}${fraction}` || '0');
  return { digits: sign === '-' ? -digits : digits, exponent: Number(power) - fraction.length };
}

/** The exact value of a finite number, Long, Double or Decimal128. */
export function exactRational(value: unknown): Rational {
  if (value instanceof Long) return { numerator: value.toBigInt(), denominator: 1n };
  if (value instanceof Decimal128) {
    const { digits, exponent } = decimalParts(value);
    return exponent >= 0
      ? { numerator: digits * 10n ** BigInt(exponent), denominator: 1n }
      : { numerator: digits, denominator: 10n ** BigInt(-exponent) };
  }
  return rationalOfDouble(Number(value));
}

export function compareRationals(a: Rational, b: Rational): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function compareDecimals(a: Decimal128, b: Decimal128): number {
  const [x, y] = [Number(a.toString()), Number(b.toString())];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(y)) - Number(Number.isNaN(x));
  const isSpecial = (value: Decimal128) => value.toString().includes('Infinity');
  if (isSpecial(a) || isSpecial(b))
    return x < y ? -1 : x > y ? 1 : isSpecial(a) && isSpecial(b) ? 0 : isSpecial(a) ? Math.sign(x) : -Math.sign(y);
  return compareRationals(exactRational(a), exactRational(b));
}
