import { Timestamp } from 'bson';
import { combineNumbers, zeroLike } from './arithmetic.ts';
import { isDoc, isNumeric, typeOf } from './bson-values.ts';
import type { Value } from './bson-values.ts';
import { compareValues } from './compare-values.ts';
import { DatabaseError, notSupported } from './errors.ts';
import { isArrayIndex } from './paths.ts';
import { runArrayOperator } from './update-arrays.ts';

/** What an update operator does with the value of one field, wherever that field is. */
export type Change = (current: Value) => Value;

/** What a change gives for a field that goes. */
export const REMOVE = Symbol('remove');
/** What a change gives for a field that stays as it is. */
export const KEEP = Symbol('keep');

function needNumber(operator: string, value: Value, what: string): void {
  if (!isNumeric(value))
    throw new DatabaseError('TypeMismatch', `Cannot apply ${operator} to a value of non-numeric type ${what}`);
}

function currentDate(spec: Value): Value {
  const type = isDoc(spec) ? spec['$type'] : 'date';
  if (type === 'timestamp') return new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 });
  if (type !== 'date')
    throw new DatabaseError('BadValue', "The '$type' string field is required to be 'date' or 'timestamp'");
  return new Date();
}

function numberChange(operator: '$inc' | '$mul', operand: Value): Change {
  if (!isNumeric(operand))
    throw new DatabaseError(
      'TypeMismatch',
      `Cannot ${operator === '$inc' ? 'increment' : 'multiply'} with non-numeric argument`,
    );
  return (current) => {
    if (current === undefined) return operator === '$inc' ? operand : zeroLike(operand);
    needNumber(operator, current, typeOf(current));
    return combineNumbers(current, operand, operator === '$inc' ? 'add' : 'multiply');
  };
}

/** The change of one operator; `isCreating` says whether the way to the field is made when it is not there. */
export function fieldChange(operator: string, operand: Value): { change: Change; isCreating: boolean } {
  switch (operator) {
    case '$set':
    case '$setOnInsert':
      return { change: () => operand, isCreating: true };
    case '$unset':
      return { change: (current) => (current === undefined ? KEEP : REMOVE), isCreating: false };
    case '$inc':
    case '$mul':
      return { change: numberChange(operator, operand), isCreating: true };
    case '$min':
      return {
        change: (current) => (current === undefined || compareValues(operand, current) < 0 ? operand : KEEP),
        isCreating: true,
      };
    case '$max':
      return {
        change: (current) => (current === undefined || compareValues(operand, current) > 0 ? operand : KEEP),
        isCreating: true,
      };
    case '$currentDate':
      return { change: () => currentDate(operand), isCreating: true };
    default: {
      const arrays = runArrayOperator(operator, operand);
      if (arrays) {
        return {
          change: (current) => {
            const next = arrays.change(current);
            return next === undefined ? KEEP : next;
          },
          isCreating: arrays.isCreating,
        };
      }
      if (operator === '$bit') throw notSupported('the update operator $bit');
      throw new DatabaseError(
        'FailedToParse',
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
  }
}

/** Orders paths as MongoDB applies them: by name, and by number where both parts are numbers. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === y) continue;
    if (isArrayIndex(x) && isArrayIndex(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}
