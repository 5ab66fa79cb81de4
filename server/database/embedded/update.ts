import { Timestamp } from 'bson';
import { combineNumbers, zeroLike } from './arithmetic.ts';
import { runArrayOperator } from './update-arrays.ts';
import { areEqual, compareValues, isDoc, isNumeric, typeOf } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { DatabaseError, notSupported } from './errors.ts';
import { compileFilter } from './match.ts';
import type { Predicate } from './match.ts';
import { fieldOf, isArrayIndex, valueAt } from './paths.ts';
import { updateByPipeline } from './aggregation.ts';

export interface UpdateOptions {
  readonly arrayFilters?: readonly Doc[] | undefined;
  readonly variables?: Doc | undefined;
}

export interface UpdateContext {
  /** True when an upsert makes the document, so that `$setOnInsert` counts. */
  readonly isInsert: boolean;
  /** Where in an array the query matched, for `$`. */
  readonly arrayIndex?: number | undefined;
}

/** Changes a document, which is the caller's own copy, and returns it or another in its place. */
export type Update = (doc: Doc, context: UpdateContext) => Doc;

const REMOVE = Symbol('remove');
const KEEP = Symbol('keep');
type Change = (current: Value) => Value;

interface FieldUpdate {
  readonly path: readonly string[];
  readonly operator: string;
  readonly change: Change;
  /** Whether the way to the field is made when it is not there. */
  readonly isCreating: boolean;
}

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

function fieldChange(operator: string, operand: Value): { change: Change; isCreating: boolean } {
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

type ArrayFilters = ReadonlyMap<string, Predicate>;

function compileArrayFilters(filters: readonly Doc[]): ArrayFilters {
  const compiled = new Map<string, Predicate>();
  for (const filter of filters) {
    const identifiers = new Set<string>();
    collectIdentifiers(filter, identifiers);
    if (identifiers.size !== 1)
      throw new DatabaseError('FailedToParse', 'Error parsing array filter: expected a single top-level field name');
    compiled.set([...identifiers][0]!, compileFilter(filter));
  }
  return compiled;
}

function collectIdentifiers(filter: Doc, identifiers: Set<string>): void {
  for (const [key, value] of Object.entries(filter)) {
    if (key.startsWith('$')) for (const part of value as Doc[]) collectIdentifiers(part, identifiers);
    else identifiers.add(key.split('.')[0]!);
  }
}

interface Walk {
  readonly update: FieldUpdate;
  readonly filters: ArrayFilters;
  readonly context: UpdateContext;
}

function notViable(part: string, path: readonly string[], depth: number): DatabaseError {
  return new DatabaseError(
    'PathNotViable',
    `Cannot create field '${part}' in element at '${path.slice(0, depth).join('.')}'`,
  );
}

function walk(container: Value, depth: number, state: Walk): void {
  const { path } = state.update;
  const part = path[depth]!;
  if (Array.isArray(container)) walkArray(container as Value[], part, depth, state);
  else if (isDoc(container)) {
    if (part.startsWith('$[') || part === '$') {
      throw new DatabaseError(
        'BadValue',
        `Cannot apply array updates to non-array element at '${path.slice(0, depth).join('.')}'`,
      );
    }
    step(fieldOf(container, part), depth, state, (value) => {
      if (value === REMOVE) delete container[part];
      else container[part] = value;
    });
  } else if (state.update.isCreating) throw notViable(part, path, depth);
}

function walkArray(items: Value[], part: string, depth: number, state: Walk): void {
  const isAll = part === '$[]';
  if (isAll || part.startsWith('$[')) {
    const identifier = part.slice(2, -1);
    const matches = state.filters.get(identifier);
    if (!isAll && !matches)
      throw new DatabaseError(
        'BadValue',
        `No array filter found for identifier '${identifier}' in path '${state.update.path.join('.')}'`,
      );
    for (let i = 0; i < items.length; i++) {
      if (isAll || matches!({ [identifier]: items[i] })) stepItem(items, i, depth, state);
    }
    return;
  }
  if (part === '$') {
    if (state.context.arrayIndex === undefined) {
      throw new DatabaseError('BadValue', 'The positional operator did not find the match needed from the query.');
    }
    stepItem(items, state.context.arrayIndex, depth, state);
    return;
  }
  if (!isArrayIndex(part)) {
    if (state.update.isCreating) throw notViable(part, state.update.path, depth);
    return;
  }
  stepItem(items, Number(part), depth, state);
}

function stepItem(items: Value[], index: number, depth: number, state: Walk): void {
  step(items[index], depth, state, (value) => {
    if (index > items.length + 1_500_000) throw new DatabaseError('BadValue', 'The array would become too large');
    while (items.length < index) items.push(null);
    items[index] = value === REMOVE ? null : value;
  });
}

function step(current: Value, depth: number, state: Walk, assign: (value: Value) => void): void {
  const { path, change, isCreating } = state.update;
  if (depth === path.length - 1) {
    const next = change(current);
    if (next !== KEEP) assign(next);
  } else if (current !== undefined) {
    walk(current, depth + 1, state);
  } else if (isCreating) {
    const made: Doc = {};
    walk(made, depth + 1, state);
    assign(made);
  }
}

function refuseConflicts(paths: readonly string[]): void {
  const sorted = [...paths].sort();
  for (const [i, path] of sorted.entries()) {
    for (let j = i + 1; j < sorted.length && sorted[j]!.startsWith(path); j++) {
      if (sorted[j] === path || sorted[j]!.startsWith(`${path}.`)) {
        throw new DatabaseError(
          'ConflictingUpdateOperators',
          `Updating the path '${sorted[j]}' would create a conflict at '${path}'`,
        );
      }
    }
  }
}

function checkPath(path: string): readonly string[] {
  const parts = path.split('.');
  if (parts.some((part) => part === ''))
    throw new DatabaseError(
      'BadValue',
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  if (parts[0]!.startsWith('$')) {
    throw new DatabaseError(
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${parts[0]}' in '${path}' is not allowed in the context of an update`,
    );
  }
  return parts;
}

interface Rename {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

function rename(doc: Doc, { from, to }: Rename, context: UpdateContext): void {
  const value = valueAt(doc, from);
  if (value === undefined) return;
  const common = { filters: new Map<string, Predicate>(), context };
  walk(doc, 0, { ...common, update: { path: from, operator: '$rename', change: () => REMOVE, isCreating: false } });
  walk(doc, 0, { ...common, update: { path: to, operator: '$rename', change: () => value, isCreating: true } });
}

/** Orders paths as MongoDB applies them: by name, and by number where both parts are numbers. */
function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === y) continue;
    if (isArrayIndex(x) && isArrayIndex(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

function operatorUpdate(spec: Doc, options: UpdateOptions): Update {
  const updates: FieldUpdate[] = [];
  const renames: Rename[] = [];
  const touched: string[] = [];
  for (const [operator, fields] of Object.entries(spec)) {
    if (!operator.startsWith('$')) {
      throw new DatabaseError(
        'FailedToParse',
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDoc(fields))
      throw new DatabaseError(
        'FailedToParse',
        `Modifiers operate on fields but we found type ${typeOf(fields)} instead.`,
      );
    for (const [path, operand] of Object.entries(fields)) {
      touched.push(path);
      if (operator === '$rename') {
        if (typeof operand !== 'string')
          throw new DatabaseError('BadValue', 'The to field for $rename must be a string');
        touched.push(operand);
        renames.push({ from: checkPath(path), to: checkPath(operand) });
      } else {
        updates.push({ path: checkPath(path), operator, ...fieldChange(operator, operand) });
      }
    }
  }
  refuseConflicts(touched);
  updates.sort((a, b) => comparePaths(a.path, b.path));
  const filters = compileArrayFilters(options.arrayFilters ?? []);
  for (const identifier of filters.keys()) {
    if (!updates.some(({ path }) => path.includes(`$[${identifier}]`))) {
      throw new DatabaseError(
        'FailedToParse',
        `The array filter for identifier '${identifier}' was not used in the update`,
      );
    }
  }
  return (doc, context) => {
    for (const item of renames) rename(doc, item, context);
    for (const update of updates) {
      if (update.operator === '$setOnInsert' && !context.isInsert) continue;
      walk(doc, 0, { update, filters, context });
    }
    return doc;
  };
}

function replacement(spec: Doc): Update {
  const odd = Object.keys(spec).find((field) => field.startsWith('$'));
  if (odd !== undefined)
    throw new DatabaseError(
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${odd}' is not valid for storage.`,
    );
  return (doc) => {
    const { _id: _ignored, ...rest } = spec;
    const id = spec['_id'] ?? doc['_id'];
    return id === undefined ? rest : { _id: id, ...rest };
  };
}

/** Makes the `u` of an update command into a function: operators, a whole document, or a pipeline. */
export function compileUpdate(spec: Value, options: UpdateOptions = {}): Update {
  if (Array.isArray(spec)) return (doc) => updateByPipeline(doc, spec as Doc[], options.variables);
  if (!isDoc(spec)) throw new DatabaseError('FailedToParse', 'The update must be an object or an array');
  const isOperators = Object.keys(spec)[0]?.startsWith('$') ?? false;
  return isOperators ? operatorUpdate(spec, options) : replacement(spec);
}

/** The document that an upsert begins with: what the filter says by equality. */
export function docOfFilter(filter: Doc): Doc {
  const doc: Doc = {};
  const visit = (part: Doc) => {
    for (const [key, wanted] of Object.entries(part)) {
      if (key === '$and') for (const inner of wanted as Doc[]) visit(inner);
      else if (key.startsWith('$')) {
        if (key === '$or' && (wanted as Doc[]).length === 1) visit((wanted as Doc[])[0]!);
      } else {
        const value = equalityOf(wanted);
        if (value === undefined) continue;
        const context = { isInsert: true };
        walk(doc, 0, {
          update: { path: key.split('.'), operator: '$set', change: () => value, isCreating: true },
          filters: new Map(),
          context,
        });
      }
    }
  };
  visit(filter);
  return doc;
}

function equalityOf(wanted: Value): Value {
  const isRegex = typeOf(wanted) === 'regex';
  if (isRegex) return undefined;
  if (!isDoc(wanted) || !Object.keys(wanted)[0]?.startsWith('$')) return wanted;
  if ('$eq' in wanted) return wanted['$eq'];
  const list = wanted['$in'] ?? wanted['$all'];
  return Array.isArray(list) && list.length === 1 && !isDoc(list[0]) ? (list[0] as Value) : undefined;
}

/** `_id` can be given by an upsert's update only where the filter does not say another. */
export function refuseIdChange(before: Value, after: Value): void {
  if (before !== undefined && !areEqual(before, after ?? null)) {
    throw new DatabaseError(
      'ImmutableField',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
}
