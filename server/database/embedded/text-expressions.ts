import * as library from 'mingo/operators/expression';
import type { Value } from './bson-values.ts';
import { areEqual } from './compare-values.ts';
import { DatabaseError, notSupported } from './errors.ts';
import {
  argumentOf,
  arrayOf,
  evaluate,
  isNothing,
  namedArguments,
  ofArguments,
  textOf,
  wholeNumberOf,
} from './operands.ts';
import type { ExpressionFunction, ExpressionFunctions } from './operands.ts';

function placeOf(name: string, value: Value): number {
  const place = wholeNumberOf(name, value);
  if (place < 0) throw new DatabaseError('BadValue', `${name} needs places that are not negative, not ${place}.`);
  return place;
}

/** Where units first stand among others, between two places; -1 where they do not. */
function indexOf(
  units: ArrayLike<Value>,
  wanted: ArrayLike<Value>,
  [start, end]: readonly [number, number],
  isSame: (a: Value, b: Value) => boolean,
): number {
  const last = Math.min(end, units.length) - wanted.length;
  for (let at = start; at <= last; at++) {
    let matched = 0;
    while (matched < wanted.length && isSame(units[at + matched], wanted[matched])) matched++;
    if (matched === wanted.length) return at;
  }
  return -1;
}

function indexIn(
  name: string,
  unitsOf: (value: Value) => ArrayLike<Value>,
  wantedOf: (value: Value) => ArrayLike<Value>,
  isSame: (a: Value, b: Value) => boolean = Object.is,
): ExpressionFunction {
  return ofArguments(name, [2, 4], (args) => {
    if (isNothing(args[0])) return null;
    const [units, wanted] = [unitsOf(args[0]), wantedOf(args[1])];
    const start = args.length > 2 ? placeOf(name, args[2]) : 0;
    const end = args.length > 3 ? placeOf(name, args[3]) : units.length;
    return indexOf(units, wanted, [start, end], isSame);
  });
}

const lettersOf = (name: string) => (value: Value) => Array.from(textOf(name, value));
const bytesOf = (name: string) => (value: Value) => Buffer.from(textOf(name, value));

/** Null and nothing are an empty text; letters beyond ASCII stay as they are. */
function inCase(name: string, letters: RegExp, change: (text: string) => string): ExpressionFunction {
  return (obj, expr, options) => {
    const value = argumentOf(obj, expr, options);
    if (isNothing(value)) return '';
    if (typeof value !== 'string') throw notSupported(`${name} of what is not text`);
    return value.replace(letters, change);
  };
}

function isContinued(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function bytesBetween(name: string): ExpressionFunction {
  return ofArguments(name, [3, 3], ([value, from, count]) => {
    if (isNothing(value)) return '';
    if (typeof value !== 'string') throw notSupported(`${name} of what is not text`);
    const bytes = Buffer.from(value);
    const [start, length] = [placeOf(name, from), wholeNumberOf(name, count)];
    const end = length < 0 ? bytes.length : start + length;
    if (isContinued(bytes[start]) || isContinued(bytes[end]))
      throw new DatabaseError('BadValue', `${name}: Invalid range, which begins or ends within a UTF-8 character.`);
    return bytes.subarray(start, end).toString();
  });
}

const lettersBetween = ofArguments('$substrCP', [3, 3], ([value, from, count]) => {
  if (isNothing(value)) return '';
  if (typeof value !== 'string') throw notSupported('$substrCP of what is not text');
  const [start, length] = [placeOf('$substrCP', from), placeOf('$substrCP', count)];
  return Array.from(value)
    .slice(start, start + length)
    .join('');
});

const split = ofArguments('$split', [2, 2], ([value, separator]) => {
  if (isNothing(value) || isNothing(separator)) return null;
  const [text, between] = [textOf('$split', value), textOf('$split', separator)];
  if (between === '') throw new DatabaseError('BadValue', '$split requires a non-empty separator');
  return text.split(between);
});

function replace(name: '$replaceOne' | '$replaceAll'): ExpressionFunction {
  return (...given) => {
    const { input, find, replacement } = namedArguments(name, ['input', 'find', 'replacement'], given);
    for (const value of [input, find, replacement]) if (!isNothing(value)) textOf(name, value);
    if (isNothing(input) || isNothing(find) || isNothing(replacement)) return null;
    if (find === '') throw notSupported(`${name} of an empty text`);
    const [text, old, next] = [input, find, replacement] as [string, string, string];
    return name === '$replaceAll' ? text.split(old).join(next) : text.replace(old, () => next);
  };
}

/** Null and nothing match nothing; the library takes other values for text. */
function ofText(name: '$regexFind' | '$regexFindAll' | '$regexMatch'): ExpressionFunction {
  return (obj, expr, options) => {
    const input = evaluate(obj, (expr as { input?: unknown } | null)?.input, options);
    if (!isNothing(input)) textOf(name, input);
    return library[name](obj as never, expr, options as never);
  };
}

export const TEXT_EXPRESSIONS: ExpressionFunctions = {
  $indexOfCP: indexIn('$indexOfCP', lettersOf('$indexOfCP'), lettersOf('$indexOfCP')),
  $indexOfBytes: indexIn('$indexOfBytes', bytesOf('$indexOfBytes'), bytesOf('$indexOfBytes')),
  $indexOfArray: indexIn(
    '$indexOfArray',
    (value) => arrayOf('$indexOfArray', value),
    (value) => [value],
    (item, value) => value !== undefined && areEqual(item, value),
  ),
  $strLenCP: (obj, expr, options) => Array.from(textOf('$strLenCP', argumentOf(obj, expr, options))).length,
  $strLenBytes: (obj, expr, options) => Buffer.byteLength(textOf('$strLenBytes', argumentOf(obj, expr, options))),
  $substr: bytesBetween('$substr'),
  $substrBytes: bytesBetween('$substrBytes'),
  $substrCP: lettersBetween,
  $split: split,
  $replaceOne: replace('$replaceOne'),
  $replaceAll: replace('$replaceAll'),
  $regexFind: ofText('$regexFind'),
  $regexFindAll: ofText('$regexFindAll'),
  $regexMatch: ofText('$regexMatch'),
  $toUpper: inCase('$toUpper', /[a-z]+/g, (text) => text.toUpperCase()),
  $toLower: inCase('$toLower', /[A-Z]+/g, (text) => text.toLowerCase()),
};
