import { isDoc, typeOf } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { DatabaseError } from './errors.ts';
import { updateByPipeline } from './aggregation.ts';
import { comparePaths, fieldChange, KEEP, REMOVE } from './field-changes.ts';
import { compileFilter } from './match.ts';
import type { Predicate } from './match.ts';
import { valueAt } from './paths.ts';
import { applyAtPath } from './update-walk.ts';
import type { ArrayFilters, FieldUpdate, UpdateContext } from './update-walk.ts';

export interface UpdateOptions {
  readonly arrayFilters?: readonly Doc[] | undefined;
  readonly variables?: Doc | undefined;
}

/** Changes a document, which is the caller's own copy, and returns it or another in its place. */
export type Update = (doc: Doc, context: UpdateContext) => Doc;

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

function refuseElements(doc: Doc, path: readonly string[], end: 'source' | 'destination'): void {
  const isWithinArray = path.some((_, depth) => depth > 0 && Array.isArray(valueAt(doc, path.slice(0, depth))));
  if (isWithinArray)
    throw new DatabaseError('BadValue', `The ${end} field of $rename cannot be an array element: '${path.join('.')}'`);
}

function rename(doc: Doc, { from, to }: Rename, context: UpdateContext): void {
  const value = valueAt(doc, from);
  if (value === undefined) {
    applyAtPath(doc, { path: from, operator: '$rename', change: () => KEEP, isCreating: false }, context);
    return;
  }
  refuseElements(doc, from, 'source');
  refuseElements(doc, to, 'destination');
  applyAtPath(doc, { path: from, operator: '$rename', change: () => REMOVE, isCreating: false }, context);
  applyAtPath(doc, { path: to, operator: '$rename', change: () => value, isCreating: true }, context);
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
      applyAtPath(doc, update, context, filters);
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
