import { isDoc, isNumeric, toNumber, typeOf } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { areEqual } from './compare-values.ts';
import { DatabaseError } from './errors.ts';
import { compileFilter } from './match.ts';
import { sortItems } from './sort.ts';

interface ArrayOperator {
  /** The array after the change; undefined when nothing changes. */
  readonly change: (current: Value) => Value;
  readonly isCreating: boolean;
}

function arrayOrThrow(operator: string, current: Value): readonly Value[] {
  if (!Array.isArray(current)) {
    throw new DatabaseError('BadValue', `Cannot apply ${operator} to a non-array field of type ${typeOf(current)}`);
  }
  return current as Value[];
}

function eachOf(operator: string, operand: Value): { items: readonly Value[]; modifiers: Doc } {
  if (!isDoc(operand) || !('$each' in operand)) return { items: [operand], modifiers: {} };
  const items = operand['$each'];
  if (!Array.isArray(items))
    throw new DatabaseError('BadValue', `The argument to $each in ${operator} must be an array`);
  return { items: items as Value[], modifiers: operand };
}

function wholeNumber(name: string, value: Value): number {
  const number = isNumeric(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(number)) throw new DatabaseError('BadValue', `The value for ${name} must be an integer value`);
  return number;
}

function push(operand: Value): ArrayOperator {
  const { items, modifiers } = eachOf('$push', operand);
  const position = modifiers['$position'] === undefined ? undefined : wholeNumber('$position', modifiers['$position']);
  const slice = modifiers['$slice'] === undefined ? undefined : wholeNumber('$slice', modifiers['$slice']);
  for (const name of Object.keys(modifiers)) {
    if (!['$each', '$position', '$slice', '$sort'].includes(name))
      throw new DatabaseError('BadValue', `Unrecognized clause in $push: ${name}`);
  }
  return {
    isCreating: true,
    change: (current) => {
      let next = current === undefined ? [] : [...arrayOrThrow('$push', current)];
      if (position === undefined) next.push(...items);
      else next.splice(position, 0, ...items);
      if (modifiers['$sort'] !== undefined) next = sortItems(next, modifiers['$sort']);
      if (slice !== undefined) next = slice >= 0 ? next.slice(0, slice) : next.slice(slice);
      return next;
    },
  };
}

function addToSet(operand: Value): ArrayOperator {
  const { items } = eachOf('$addToSet', operand);
  return {
    isCreating: true,
    change: (current) => {
      const next = current === undefined ? [] : [...arrayOrThrow('$addToSet', current)];
      for (const item of items) if (!next.some((held) => areEqual(held, item))) next.push(item);
      return current !== undefined && next.length === (current as Value[]).length ? undefined : next;
    },
  };
}

function pull(operand: Value): ArrayOperator {
  const isOfValues =
    (isDoc(operand) && (Object.keys(operand)[0]?.startsWith('$') ?? false)) || typeOf(operand) === 'regex';
  const matches: (item: Value) => boolean = (() => {
    if (isOfValues) {
      const test = compileFilter({ item: operand });
      return (item) => test({ item });
    }
    if (isDoc(operand)) {
      const test = compileFilter(operand);
      return (item) => isDoc(item) && test(item);
    }
    return (item) => areEqual(item, operand);
  })();
  return filtered('$pull', matches);
}

function filtered(operator: string, isPulled: (item: Value) => boolean): ArrayOperator {
  return {
    isCreating: false,
    change: (current) => {
      if (current === undefined) return undefined;
      const items = arrayOrThrow(operator, current);
      const kept = items.filter((item) => !isPulled(item));
      return kept.length === items.length ? undefined : kept;
    },
  };
}

function pop(operand: Value): ArrayOperator {
  const end = wholeNumber('$pop', operand);
  if (Math.abs(end) !== 1) throw new DatabaseError('FailedToParse', `$pop expects 1 or -1, found: ${end}`);
  return {
    isCreating: false,
    change: (current) => {
      if (current === undefined) return undefined;
      const items = arrayOrThrow('$pop', current);
      return end === 1 ? items.slice(0, -1) : items.slice(1);
    },
  };
}

/** The update operators that change arrays; null of any other name. */
export function runArrayOperator(operator: string, operand: Value): ArrayOperator | null {
  switch (operator) {
    case '$push':
      return push(operand);
    case '$addToSet':
      return addToSet(operand);
    case '$pull':
      return pull(operand);
    case '$pop':
      return pop(operand);
    case '$pullAll': {
      if (!Array.isArray(operand)) throw new DatabaseError('BadValue', '$pullAll requires an array argument');
      return filtered('$pullAll', (item) => (operand as Value[]).some((wanted) => areEqual(item, wanted)));
    }
    default:
      return null;
  }
}
