import { Binary, Decimal128, Long } from 'bson';
import type { ObjectId, Timestamp } from 'bson';
import { bytesOf, regexParts, toNumber, typeClassOf, TYPE_CLASS } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { compareDecimals, compareRationals, exactRational } from './exact-numbers.ts';

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
