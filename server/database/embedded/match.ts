import { BSONRegExp } from 'bson';
import { areEqual, compareValues, isDoc, isNumeric, toNumber, typeClassOf, typeOf } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { DatabaseError, notSupported } from './errors.ts';
import { evaluateExpression } from './expressions.ts';
import { someValueAt } from './paths.ts';
import type { MatchDetails } from './paths.ts';

export type Predicate = (doc: Doc, details?: MatchDetails) => boolean;
type ValueTest = (value: Value) => boolean;

export interface MatchContext {
  /** Variables of the command's `let`, for `$expr`. */
  readonly variables?: Doc | undefined;
}

function badValue(message: string): DatabaseError {
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

function regexTest(regex: RegExp, original: Value): ValueTest {
  return (value) =>
    typeof value === 'string' ? regex.test(value) : value instanceof BSONRegExp && areEqual(value, original);
}

function equalTest(wanted: Value): ValueTest {
  if (wanted === null || wanted === undefined) return (value) => value === null || value === undefined;
  if (wanted instanceof BSONRegExp) return regexTest(toRegExp(wanted), wanted);
  if (typeof wanted === 'string') return (value) => value === wanted;
  return (value) => value !== undefined && areEqual(value, wanted);
}

/** `$gt` and its kin compare only values of one class; `$eq` of a regular expression would match text instead. */
function orderTest(wanted: Value, accepts: (order: number) => boolean): ValueTest {
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

function typeTest(wanted: Value): ValueTest {
  const names = new Set<string>();
  for (const item of Array.isArray(wanted) ? wanted : [wanted]) {
    const name = isNumeric(item) ? TYPE_NUMBERS[toNumber(item)] : String(item);
    if (name === 'number') for (const numeric of ['int', 'long', 'double', 'decimal']) names.add(numeric);
    else if (name !== undefined && TYPE_NAMES.has(name)) names.add(name);
    else throw badValue(`Unknown type name alias: ${String(item)}`);
  }
  return (value) => value !== undefined && names.has(typeOf(value));
}

function modTest(wanted: Value): ValueTest {
  if (!Array.isArray(wanted) || wanted.length !== 2) throw badValue('malformed mod, needs to be an array of two');
  const [divisor, remainder] = wanted.map((item) => Math.trunc(isNumeric(item) ? toNumber(item) : Number.NaN));
  if (!divisor || Number.isNaN(remainder)) throw badValue('divisor cannot be 0');
  return (value) => isNumeric(value) && Math.trunc(toNumber(value)) % divisor === remainder! + 0;
}

function asList(operator: string, value: Value): readonly Value[] {
  if (!Array.isArray(value)) throw badValue(`${operator} needs an array`);
  return value as Value[];
}

function inTest(wanted: Value): ValueTest {
  const list = asList('$in', wanted);
  const tests = list.map((item) => {
    if (isDoc(item) && Object.keys(item)[0]?.startsWith('$')) throw badValue('cannot nest $ under $in');
    return equalTest(item);
  });
  if (list.length > 8 && list.every((item) => typeof item === 'string')) {
    const words = new Set(list);
    return (value) => words.has(value as string);
  }
  return (value) => tests.some((test) => test(value));
}

type FieldPredicate = (doc: Doc, details?: MatchDetails) => boolean;

function onValues(path: readonly string[], test: ValueTest): FieldPredicate {
  if (path.length === 1) {
    const name = path[0]!;
    return (doc, details) => {
      const value = doc[name];
      if (typeof value === 'string' || typeof value === 'number') return test(value);
      return someValueAt(doc, path, true, test, details);
    };
  }
  return (doc, details) => someValueAt(doc, path, true, test, details);
}

function onArrays(path: readonly string[], test: (items: readonly Value[], details?: MatchDetails) => boolean) {
  return (doc: Doc, details?: MatchDetails) =>
    someValueAt(doc, path, false, (value) => Array.isArray(value) && test(value as Value[], details));
}

function isOperatorDoc(value: Value): value is Doc {
  if (!isDoc(value)) return false;
  const first = Object.keys(value)[0];
  return first !== undefined && first.startsWith('$') && first !== '$ref' && first !== '$id' && first !== '$db';
}

function elemMatch(path: readonly string[], wanted: Value, context: MatchContext): FieldPredicate {
  if (!isDoc(wanted)) throw badValue('$elemMatch needs an Object');
  const first = Object.keys(wanted)[0];
  const isOfValues = isOperatorDoc(wanted) && !['$and', '$or', '$nor', '$where', '$expr'].includes(first ?? '');
  const test: Predicate = isOfValues ? valuePredicate(wanted, context) : compileFilter(wanted, context);
  return onArrays(path, (items, details) => {
    const index = items.findIndex((item) => (isOfValues ? test({ item }) : isDoc(item) && test(item)));
    if (index >= 0 && details) details.arrayIndex = index;
    return index >= 0;
  });
}

/** Operators on an array's element itself: as if it were a field, but not looked into when it is an array. */
function valuePredicate(operators: Doc, context: MatchContext): Predicate {
  return fieldPredicate(['item'], operators, context);
}

function allPredicate(path: readonly string[], wanted: Value, context: MatchContext): FieldPredicate {
  const list = asList('$all', wanted);
  const parts = list.map((item) =>
    isDoc(item) && Object.keys(item)[0] === '$elemMatch'
      ? elemMatch(path, item['$elemMatch'], context)
      : onValues(path, equalTest(item)),
  );
  return (doc, details) => parts.length > 0 && parts.every((part) => part(doc, details));
}

function sizePredicate(path: readonly string[], wanted: Value): FieldPredicate {
  const size = isNumeric(wanted) ? toNumber(wanted) : Number.NaN;
  if (!Number.isInteger(size)) throw badValue('Failed to parse $size. Expected an integer');
  if (size < 0) throw badValue('Failed to parse $size. Expected a non-negative number');
  return onArrays(path, (items) => items.length === size);
}

function isTruthy(value: Value): boolean {
  return isNumeric(value) ? toNumber(value) !== 0 : value !== false && value !== null && value !== undefined;
}

function operatorPredicate(
  path: readonly string[],
  operator: string,
  wanted: Value,
  siblings: Doc,
  context: MatchContext,
): FieldPredicate | null {
  switch (operator) {
    case '$eq':
      return onValues(
        path,
        wanted instanceof BSONRegExp ? (value) => value !== undefined && areEqual(value, wanted) : equalTest(wanted),
      );
    case '$ne': {
      if (wanted instanceof BSONRegExp) throw badValue("Can't have regex as arg to $ne.");
      const equal = onValues(path, equalTest(wanted));
      return (doc) => !equal(doc);
    }
    case '$gt':
      return onValues(
        path,
        orderTest(wanted, (order) => order > 0),
      );
    case '$gte':
      return onValues(
        path,
        orderTest(wanted, (order) => order >= 0),
      );
    case '$lt':
      return onValues(
        path,
        orderTest(wanted, (order) => order < 0),
      );
    case '$lte':
      return onValues(
        path,
        orderTest(wanted, (order) => order <= 0),
      );
    case '$in':
      return onValues(path, inTest(wanted));
    case '$nin': {
      const included = onValues(path, inTest(wanted));
      return (doc) => !included(doc);
    }
    case '$exists': {
      const exists = onValues(path, (value) => value !== undefined);
      return isTruthy(wanted) ? exists : (doc) => !exists(doc);
    }
    case '$type':
      return onValues(path, typeTest(wanted));
    case '$regex': {
      const regex = toRegExp(wanted, siblings['$options']);
      return onValues(path, regexTest(regex, wanted));
    }
    case '$options':
      if (siblings['$regex'] === undefined) throw badValue('$options needs a $regex');
      return null;
    case '$not': {
      if (!isOperatorDoc(wanted) && !(wanted instanceof BSONRegExp)) throw badValue('$not needs a regex or a document');
      const inner = fieldPredicate(path, wanted, context);
      return (doc) => !inner(doc);
    }
    case '$elemMatch':
      return elemMatch(path, wanted, context);
    case '$all':
      return allPredicate(path, wanted, context);
    case '$size':
      return sizePredicate(path, wanted);
    case '$mod':
      return onValues(path, modTest(wanted));
    case '$comment':
      return null;
    default:
      if (KNOWN_ELSEWHERE.has(operator)) throw notSupported(`the query operator ${operator}`);
      throw badValue(`unknown operator: ${operator}`);
  }
}

/** Query operators that MongoDB has and the embedded database has not. */
const KNOWN_ELSEWHERE = new Set([
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
  '$within',
  '$bitsAllSet',
  '$bitsAllClear',
  '$bitsAnySet',
  '$bitsAnyClear',
  '$text',
  '$where',
  '$jsonSchema',
  '$sampleRate',
]);

function everyOf(parts: readonly FieldPredicate[]): FieldPredicate {
  if (parts.length === 1) return parts[0]!;
  return (doc, details) => {
    for (const part of parts) if (!part(doc, details)) return false;
    return true;
  };
}

function fieldPredicate(path: readonly string[], wanted: Value, context: MatchContext): FieldPredicate {
  if (!isOperatorDoc(wanted)) return onValues(path, equalTest(wanted));
  const parts: FieldPredicate[] = [];
  for (const [operator, operand] of Object.entries(wanted)) {
    const part = operatorPredicate(path, operator, operand, wanted, context);
    if (part) parts.push(part);
  }
  return everyOf(parts);
}

function branches(operator: string, wanted: Value, context: MatchContext): Predicate[] {
  if (!Array.isArray(wanted)) throw badValue(`${operator} must be an array`);
  if (wanted.length === 0) throw badValue('$and/$or/$nor must be a nonempty array');
  return (wanted as Value[]).map((item) => {
    if (!isDoc(item)) throw badValue('$or/$and/$nor entries need to be full objects');
    return compileFilter(item, context);
  });
}

function topLevelPredicate(operator: string, wanted: Value, context: MatchContext): Predicate | null {
  switch (operator) {
    case '$and':
      return everyOf(branches(operator, wanted, context));
    case '$or': {
      const parts = branches(operator, wanted, context);
      return (doc, details) => parts.some((part) => part(doc, details));
    }
    case '$nor': {
      const parts = branches(operator, wanted, context);
      return (doc) => !parts.some((part) => part(doc));
    }
    case '$expr':
      return (doc) => isTruthy(evaluateExpression(doc, wanted, context.variables));
    case '$comment':
      return null;
    default:
      if (KNOWN_ELSEWHERE.has(operator)) throw notSupported(`the query operator ${operator}`);
      throw badValue(`unknown top level operator: ${operator}`);
  }
}

/** Makes a filter into a function that says whether a document matches; wrong filters throw as in MongoDB. */
export function compileFilter(filter: Doc, context: MatchContext = {}): Predicate {
  const parts: Predicate[] = [];
  for (const [key, wanted] of Object.entries(filter)) {
    const part = key.startsWith('$')
      ? topLevelPredicate(key, wanted, context)
      : fieldPredicate(key.split('.'), wanted, context);
    if (part) parts.push(part);
  }
  return everyOf(parts);
}
