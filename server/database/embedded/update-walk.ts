import { isDoc } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { DatabaseError } from './errors.ts';
import { KEEP, REMOVE } from './field-changes.ts';
import type { Change } from './field-changes.ts';
import type { Predicate } from './match.ts';
import { fieldOf, isArrayIndex } from './paths.ts';

export interface UpdateContext {
  /** True when an upsert makes the document, so that `$setOnInsert` counts. */
  readonly isInsert: boolean;
  /** Where in an array the query matched, for `$`. */
  readonly arrayIndex?: number | undefined;
}

export interface FieldUpdate {
  readonly path: readonly string[];
  readonly operator: string;
  readonly change: Change;
  /** Whether the way to the field is made when it is not there. */
  readonly isCreating: boolean;
}

export type ArrayFilters = ReadonlyMap<string, Predicate>;

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

/** Only `$unset` is content with a path that could not be there. */
function isContent({ update }: Walk): boolean {
  return update.operator === '$unset';
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
  } else if (!isContent(state)) throw notViable(part, path, depth);
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
    if (!isContent(state)) throw notViable(part, state.update.path, depth);
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

/** Applies one operator at its path to the caller's own copy of a document. */
export function applyAtPath(
  doc: Doc,
  update: FieldUpdate,
  context: UpdateContext,
  filters: ArrayFilters = NO_FILTERS,
): void {
  walk(doc, 0, { update, filters, context });
}

const NO_FILTERS: ArrayFilters = new Map();
