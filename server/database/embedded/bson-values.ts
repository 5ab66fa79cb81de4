import { Binary, Decimal128, Long } from 'bson';
import type { BSONRegExp, Double, ObjectId, Timestamp } from 'bson';
import { compareDecimals, exactRational, compareRationals } from './exact-numbers.ts';

/**
 * A value as the embedded database holds it. int32 is a number; so is a double that is not a whole number of int32's
 * range, and any other double is a `Double`, so that writing a document back never changes a type.
 */
export type Value = unknown;
export interface Doc {
  [field: string]: Value;
}

export type BsonType =
  | 'minKey'
  | 'undefined'
  | 'null'
  | 'int'
  | 'long'
  | 'double'
  | 'decimal'
  | 'symbol'
  | 'string'
  | 'object'
  | 'array'
  | 'binData'
  | 'objectId'
  | 'bool'
  | 'date'
  | 'timestamp'
  | 'regex'
  | 'dbPointer'
  | 'javascript'
  | 'javascriptWithScope'
  | 'maxKey';

const WRAPPED: Readonly<Record<string, BsonType>> = {
  ObjectId: 'objectId',
  ObjectID: 'objectId',
  Long: 'long',
  Double: 'double',
  Int32: 'int',
  Decimal128: 'decimal',
  Binary: 'binData',
  UUID: 'binData',
  Timestamp: 'timestamp',
  BSONRegExp: 'regex',
  BSONSymbol: 'symbol',
  Code: 'javascript',
  DBRef: 'object',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
};

/** Whole numbers of this range are int32 on the wire when written from a plain number. */
export function isInt32(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0);
}

export function typeOf(value: Value): BsonType {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return isInt32(value) ? 'int' : 'double';
  if (typeof value === 'boolean') return 'bool';
  if (value === undefined) return 'undefined';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  if (value instanceof RegExp) return 'regex';
  if (value instanceof Uint8Array) return 'binData';
  const wrapped = (value as { _bsontype?: string })._bsontype;
  if (wrapped === undefined) return 'object';
  if (wrapped === 'Code' && (value as { scope?: unknown }).scope) return 'javascriptWithScope';
  return WRAPPED[wrapped] ?? 'object';
}

/** True of an embedded document: not an array, a date, an id or any other value of its own type. */
export function isDoc(value: Value): value is Doc {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof RegExp) &&
    !(value instanceof Uint8Array) &&
    (value as { _bsontype?: string })._bsontype === undefined
  );
}

/** The order of types in sorts, ranges and index keys; types of one class compare by value. */
const TYPE_CLASS: Readonly<Record<BsonType, number>> = {
  minKey: 1,
  undefined: 2,
  null: 3,
  int: 4,
  long: 4,
  double: 4,
  decimal: 4,
  symbol: 5,
  string: 5,
  object: 6,
  array: 7,
  binData: 8,
  objectId: 9,
  bool: 10,
  date: 11,
  timestamp: 12,
  regex: 13,
  dbPointer: 14,
  javascript: 15,
  javascriptWithScope: 16,
  maxKey: 17,
};

export function typeClassOf(value: Value): number {
  return TYPE_CLASS[typeOf(value)];
}

export function isNumeric(value: Value): value is number | Long | Double | Decimal128 {
  return typeClassOf(value) === TYPE_CLASS.int;
}

/** A numeric value as a plain number; digits beyond a double's are lost. */
export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value instanceof Decimal128) return Number(value.toString());
  return Number((value as { valueOf(): unknown }).valueOf());
}

function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  // NaN equals itself and comes before every other number.
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : 1;
}

function isExactAsNumber(value: Value): boolean {
  if (value instanceof Long) return Number.isSafeInteger(value.toNumber());
  return !(value instanceof Decimal128);
}

function compareNumeric(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  if (a instanceof Long && b instanceof Long) return a.compare(b);
  if (isExactAsNumber(a) && isExactAsNumber(b)) return compareNumbers(toNumber(a), toNumber(b));
  if (a instanceof Decimal128 && b instanceof Decimal128) return compareDecimals(a, b);
  const [x, y] = [toNumber(a), toNumber(b)];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return compareNumbers(x, y);
  return compareRationals(exactRational(a), exactRational(b));
}

export function bytesOf(value: Value): Uint8Array {
  return value instanceof Binary ? value.value() : (value as Uint8Array);
}

function subTypeOf(value: Value): number {
  return value instanceof Binary ? value.sub_type : 0;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  // By code point, as UTF-8 bytes compare; JavaScript's own order by UTF-16 units differs beyond U+FFFF.
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x !== y) {
      if (x >= 0xd800 && y >= 0xd800) {
        x = x >= 0xe000 ? x - 0x800 : x + 0x2000;
        y = y >= 0xe000 ? y - 0x800 : y + 0x2000;
      }
      return x < y ? -1 : 1;
    }
  }
  return a.length - b.length;
}

function compareDocs(a: Doc, b: Doc): number {
  const fieldsA = Object.keys(a);
  const fieldsB = Object.keys(b);
  const length = Math.min(fieldsA.length, fieldsB.length);
  for (let i = 0; i < length; i++) {
    const fieldA = fieldsA[i]!;
    const fieldB = fieldsB[i]!;
    const order =
      typeClassOf(a[fieldA]) - typeClassOf(b[fieldB]) ||
      compareText(fieldA, fieldB) ||
      compareValues(a[fieldA], b[fieldB]);
    if (order !== 0) return order;
  }
  return fieldsA.length - fieldsB.length;
}

export function regexParts(value: Value): readonly [source: string, options: string] {
  if (value instanceof RegExp) return [value.source, value.flags.replace('g', '')];
  const regex = value as BSONRegExp;
  return [regex.pattern, regex.options];
}

function compareSameClass(a: Value, b: Value, typeClass: number): number {
  switch (typeClass) {
    case TYPE_CLASS.int:
      return compareNumeric(a, b);
    case TYPE_CLASS.string:
      return compareText(String(a), String(b));
    case TYPE_CLASS.object:
      return compareDocs(a as Doc, b as Doc);
    case TYPE_CLASS.array: {
      const [x, y] = [a as Value[], b as Value[]];
      const length = Math.min(x.length, y.length);
      for (let i = 0; i < length; i++) {
        const order = compareValues(x[i], y[i]);
        if (order !== 0) return order;
      }
      return x.length - y.length;
    }
    case TYPE_CLASS.binData: {
      const [x, y] = [bytesOf(a), bytesOf(b)];
      return x.length - y.length || subTypeOf(a) - subTypeOf(b) || Buffer.compare(x, y);
    }
    case TYPE_CLASS.objectId:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case TYPE_CLASS.bool:
      return Number(a) - Number(b);
    case TYPE_CLASS.date:
      return compareNumbers((a as Date).getTime(), (b as Date).getTime());
    case TYPE_CLASS.timestamp:
      return (a as Timestamp).compare(b as Timestamp);
    case TYPE_CLASS.regex: {
      const [x, y] = [regexParts(a), regexParts(b)];
      return compareText(x[0], y[0]) || compareText(x[1], y[1]);
    }
    case TYPE_CLASS.javascript:
    case TYPE_CLASS.javascriptWithScope: {
      const [x, y] = [a as { code: string; scope?: Doc | null }, b as { code: string; scope?: Doc | null }];
      return compareText(x.code, y.code) || compareDocs(x.scope ?? {}, y.scope ?? {});
    }
    default:
      return 0;
  }
}

/** BSON comparison order: by class of type first, then by value. Negative, zero or positive. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  const typeClass = typeClassOf(a);
  const difference = typeClass - typeClassOf(b);
  return difference !== 0 ? difference : compareSameClass(a, b, typeClass);
}

export function areEqual(a: Value, b: Value): boolean {
  return a === b || compareValues(a, b) === 0;
}
