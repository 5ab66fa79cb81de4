import { BSONRegExp, Long, ObjectId } from 'bson';
import { isDoc, isNumeric, toNumber, typeClassOf, typeOf } from './bson-values.ts';
import type { Value } from './bson-values.ts';
import { areEqual, compareValues } from './compare-values.ts';
import { DatabaseError, notSupported } from './errors.ts';

/** What single values are asked by a filter's conditions, wherever the values are. */
export type ValueTest = (value: Value) => boolean;

export function badValue(message: string): DatabaseError {
  return new DatabaseError('BadValue', message);
}

/** A regular expression of BSON as one of JavaScript. */
export function toRegExp(pattern: Value, options?: Value): RegExp {
  let source: string;
  let flags: string;
  if (pattern instanceof BSONRegExp) [source, flags] = [pattern.pattern, pattern.options];
  else if (typeof pattern === 'string') [source, flags] = [pattern, ''];
  else throw badValue('$regex has to be a string');
  if (typeof options === 'string' && options !== '') flags = options;
  if (flags.includes('x')) throw notSupported('the regular expression option x');
  try {
    return new RegExp(source, `u${flags.replace(/[^ims]/g, '')}`);
  } catch {
    try {
      return new RegExp(source, flags.replace(/[^ims]/g, ''));
    } catch {
      throw new DatabaseError('BadValue', 'Regular expression is invalid');
    }
  }
}

export function regexTest(regex: RegExp, original: Value): ValueTest {
  return (value) =>
    typeof value === 'string' ? regex.test(value) : value instanceof BSONRegExp && areEqual(value, original);
}

export function equalTest(wanted: Value): ValueTest {
  if (wanted === null || wanted === undefined) return (value) => value === null || value === undefined;
  if (wanted instanceof BSONRegExp) return regexTest(toRegExp(wanted), wanted);
  if (typeof wanted === 'string') return (value) => value === wanted;
  return (value) => value !== undefined && areEqual(value, wanted);
}

/** `$gt` and its kin compare only values of one class; `$eq` of a regular expression would match text instead. */
export function orderTest(wanted: Value, accepts: (order: number) => boolean): ValueTest {
  if (wanted instanceof BSONRegExp) throw badValue("Can't have RegEx as arg to predicate over field");
  const isNull = wanted === null || wanted === undefined;
  const wantedClass = typeClassOf(wanted ?? null);
  const isExtreme = wantedClass === 1 || wantedClass === 17;
  const isNaN = isNumeric(wanted) && Number.isNaN(toNumber(wanted));
  return (value) => {
    if (isNull) return (value === null || value === undefined) && accepts(0);
    if (value === undefined) return false;
    if (isExtreme) return accepts(compareValues(value, wanted));
    if (typeClassOf(value) !== wantedClass) return false;
    if (isNumeric(value) && Number.isNaN(toNumber(value)) !== isNaN) return false;
    return accepts(compareValues(value, wanted));
  };
}

const TYPE_NUMBERS: Readonly<Record<number, string>> = {
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  6: 'undefined',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  13: 'javascript',
  14: 'symbol',
  15: 'javascriptWithScope',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
  [-1]: 'minKey',
  127: 'maxKey',
};
const TYPE_NAMES = new Set(Object.values(TYPE_NUMBERS));

export function typeTest(wanted: Value): ValueTest {
  const names = new Set<string>();
  for (const item of Array.isArray(wanted) ? wanted : [wanted]) {
    const name = isNumeric(item) ? TYPE_NUMBERS[toNumber(item)] : String(item);
    if (name === 'number') for (const numeric of ['int', 'long', 'double', 'decimal']) names.add(numeric);
    else if (name !== undefined && TYPE_NAMES.has(name)) names.add(name);
    else throw badValue(`Unknown type name alias: ${String(item)}`);
  }
  return (value) => value !== undefined && names.has(typeOf(value));
}

export function modTest(wanted: Value): ValueTest {
  if (!Array.isArray(wanted) || wanted.length !== 2) throw badValue('malformed mod, needs to be an array of two');
  const [divisor, remainder] = wanted.map((item) => Math.trunc(isNumeric(item) ? toNumber(item) : Number.NaN));
  if (!divisor || Number.isNaN(remainder)) throw badValue('divisor cannot be 0');
  return (value) => {
    if (value instanceof Long) return value.toBigInt() % BigInt(divisor) === BigInt(remainder!);
    return isNumeric(value) && Math.trunc(toNumber(value)) % divisor === remainder! + 0;
  };
}

export function asList(operator: string, value: Value): readonly Value[] {
  if (!Array.isArray(value)) throw badValue(`${operator} needs an array`);
  return value as Value[];
}

export function inTest(wanted: Value): ValueTest {
  // Lists of hundreds of texts or ids are usual, and each of as many documents is looked up in them.
  const words = new Set<Value>();
  const ids = new Set<string>();
  const others: ValueTest[] = [];
  for (const item of asList('$in', wanted)) {
    if (isDoc(item) && Object.keys(item)[0]?.startsWith('$')) throw badValue('cannot nest $ under $in');
    if (typeof item === 'string') words.add(item);
    else if (item instanceof ObjectId) ids.add(item.toHexString());
    else others.push(equalTest(item));
  }
  return (value) =>
    words.has(value) ||
    (ids.size > 0 && value instanceof ObjectId && ids.has(value.toHexString())) ||
    others.some((test) => test(value));
}
