import { Binary, Decimal128 } from 'bson';
import type { BSONRegExp, Double, Long } from 'bson';

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
export const TYPE_CLASS: Readonly<Record<BsonType, number>> = {
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

export function bytesOf(value: Value): Uint8Array {
  return value instanceof Binary ? value.value() : (value as Uint8Array);
}

export function regexParts(value: Value): readonly [source: string, options: string] {
  if (value instanceof RegExp) return [value.source, value.flags.replace('g', '')];
  const regex = value as BSONRegExp;
  return [regex.pattern, regex.options];
}
