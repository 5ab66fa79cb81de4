import { BSONRegExp } from 'bson';
import { isDoc, isNumeric, toNumber } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { areEqual } from './compare-values.ts';
import { notSupported } from './errors.ts';
import { evaluateExpression } from './expressions.ts';
import { someValueAt } from './paths.ts';
import type { MatchDetails } from './paths.ts';
import {
  asList,
  badValue,
  equalTest,
  inTest,
  modTest,
  orderTest,
  regexTest,
  toRegExp,
  typeTest,
} from './value-tests.ts';
import type { ValueTest } from './value-tests.ts';

export type Predicate = (doc: Doc, details?: MatchDetails) => boolean;

export interface MatchContext {
  /** Variables of the command's `let`, for `$expr`. */
  readonly variables?: Doc | undefined;
  /** True where the value is an array's element: then one that is itself an array counts as it is. */
  readonly isElement?: boolean;
}

type FieldPredicate = (doc: Doc, details?: MatchDetails) => boolean;

function onValues(path: readonly string[], test: ValueTest, { isElement }: MatchContext): FieldPredicate {
  if (isElement) return (doc) => test(doc[path[0]!]);
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

/** `$elemMatch` takes an array within an array for a document of its places. */
export function isElementLike(item: Value): item is Doc {
  return isDoc(item) || Array.isArray(item);
}

function elemMatch(path: readonly string[], wanted: Value, context: MatchContext): FieldPredicate {
  if (!isDoc(wanted)) throw badValue('$elemMatch needs an Object');
  const first = Object.keys(wanted)[0];
  const isOfValues = isOperatorDoc(wanted) && !['$and', '$or', '$nor', '$where', '$expr'].includes(first ?? '');
  const test: Predicate = isOfValues
    ? valuePredicate(wanted, context)
    : compileFilter(wanted, { variables: context.variables });
  return onArrays(path, (items, details) => {
    const index = items.findIndex((item) => (isOfValues ? test({ item }) : isElementLike(item) && test({ ...item })));
    if (index >= 0 && details) details.arrayIndex = index;
    return index >= 0;
  });
}

/** Operators on an array's element itself: as if it were a field, but not looked into when it is an array. */
function valuePredicate(operators: Doc, context: MatchContext): Predicate {
  return fieldPredicate(['item'], operators, { ...context, isElement: true });
}

function allPredicate(path: readonly string[], wanted: Value, context: MatchContext): FieldPredicate {
  const list = asList('$all', wanted);
  const parts = list.map((item) =>
    isDoc(item) && Object.keys(item)[0] === '$elemMatch'
      ? elemMatch(path, item['$elemMatch'], context)
      : onValues(path, equalTest(item), context),
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
        context,
      );
    case '$ne': {
      if (wanted instanceof BSONRegExp) throw badValue("Can't have regex as arg to $ne.");
      const equal = onValues(path, equalTest(wanted), context);
      return (doc) => !equal(doc);
    }
    case '$gt':
      return onValues(
        path,
        orderTest(wanted, (order) => order > 0),
        context,
      );
    case '$gte':
      return onValues(
        path,
        orderTest(wanted, (order) => order >= 0),
        context,
      );
    case '$lt':
      return onValues(
        path,
        orderTest(wanted, (order) => order < 0),
        context,
      );
    case '$lte':
      return onValues(
        path,
        orderTest(wanted, (order) => order <= 0),
        context,
      );
    case '$in':
      return onValues(path, inTest(wanted), context);
    case '$nin': {
      const included = onValues(path, inTest(wanted), context);
      return (doc) => !included(doc);
    }
    case '$exists': {
      const exists = onValues(path, (value) => value !== undefined, context);
      return isTruthy(wanted) ? exists : (doc) => !exists(doc);
    }
    case '$type':
      return onValues(path, typeTest(wanted), context);
    case '$regex': {
      const options = siblings['$options'];
      const regex = toRegExp(wanted, options);
      // A stored expression is found by one that is the same in pattern and options.
      const isOfText = typeof wanted === 'string' && (options === undefined || typeof options === 'string');
      return onValues(path, regexTest(regex, isOfText ? new BSONRegExp(wanted, options) : wanted), context);
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
      return onValues(path, modTest(wanted), context);
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
  if (!isOperatorDoc(wanted)) return onValues(path, equalTest(wanted), context);
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
