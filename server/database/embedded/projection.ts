import { isDoc, isNumeric, toNumber } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { DatabaseError, notSupported } from './errors.ts';
import { evaluateExpression } from './expressions.ts';
import { compileFilter, isElementLike } from './match.ts';
import type { MatchDetails } from './paths.ts';
import { addFields, excludeFields, flattenSpec, includeFields, newNode, place } from './projection-tree.ts';
import type { Compute } from './projection-tree.ts';

export type Projection = (doc: Doc, details?: MatchDetails) => Doc;

function isFlag(value: Value): boolean {
  return typeof value === 'boolean' || isNumeric(value);
}

function isOn(value: Value): boolean {
  return typeof value === 'boolean' ? value : toNumber(value) !== 0;
}

function sliceOf(items: readonly Value[], spec: Value): readonly Value[] {
  const numbers = (Array.isArray(spec) ? spec : [spec]).map((item) => (isNumeric(item) ? toNumber(item) : Number.NaN));
  if (numbers.some(Number.isNaN) || numbers.length > 2) throw new DatabaseError('BadValue', 'Invalid $slice syntax.');
  if (numbers.length === 1) return numbers[0]! >= 0 ? items.slice(0, numbers[0]) : items.slice(numbers[0]);
  const [skip, count] = numbers as [number, number];
  if (count <= 0) throw new DatabaseError('BadValue', 'The limit of $slice must be positive.');
  const start = skip >= 0 ? skip : Math.max(0, items.length + skip);
  return items.slice(start, start + count);
}

/** The first element that a condition holds of, alone in an array. */
function elemMatchRule(field: string, condition: Value): Compute {
  if (field.includes('.'))
    throw new DatabaseError('Location31275', 'Cannot use $elemMatch projection on a nested field');
  if (!isDoc(condition)) throw new DatabaseError('Location31274', 'elemMatch: Invalid argument, object required');
  const isOfValues = Object.keys(condition)[0]?.startsWith('$') ?? false;
  const matches = compileFilter(isOfValues ? { item: condition } : condition);
  return (root) => {
    const current = root[field];
    if (!Array.isArray(current)) return undefined;
    const found = (current as Value[]).find((item) =>
      isOfValues ? matches({ item }) : isElementLike(item) && matches({ ...item }),
    );
    return found === undefined ? undefined : [found];
  };
}

/** Works an expression out over a document. */
export type Evaluate = (doc: Doc, expression: Value) => Value;

/** The tree of a projection, and whether it says what stays or what goes. */
class ProjectionTree {
  readonly root = newNode();
  mode: 'include' | 'exclude' | null = null;
  keepsId: boolean | null = null;
  hasExpression = false;

  /** A flag, or an expression, at a path. */
  add(path: string, value: Value, evaluate: Evaluate): void {
    if (path === '_id' && isFlag(value)) this.keepsId = isOn(value);
    else if (isFlag(value)) this.choose(path, isOn(value) ? 'include' : 'exclude');
    else {
      this.hasExpression = true;
      place(this.root, path, (doc) => evaluate(doc, value));
    }
  }

  private choose(path: string, wanted: 'include' | 'exclude'): void {
    if (this.mode !== null && this.mode !== wanted) {
      const [what, within] = wanted === 'include' ? ['inclusion', 'exclusion'] : ['exclusion', 'inclusion'];
      throw new DatabaseError(
        wanted === 'include' ? 'Location31253' : 'Location31254',
        `Cannot do ${what} on field ${path} in ${within} projection`,
      );
    }
    this.mode = wanted;
    place(this.root, path, wanted);
  }

  /** Settles the mode where only `_id` and what is worked out are named; `extras` are further fields that stay. */
  finish(extras: readonly string[]): (doc: Doc) => Doc {
    const { root, keepsId } = this;
    const isOfIdOnly = keepsId === true && extras.length === 0 && root.children.size === 0;
    const isOfElements = root.children.size > 0 && keepsId !== false;
    this.mode ??= this.hasExpression || isOfIdOnly || isOfElements ? 'include' : 'exclude';
    if (this.mode === 'exclude') {
      if (this.hasExpression)
        throw new DatabaseError('Location31252', 'Cannot use an expression in an exclusion projection');
      if (keepsId === false) place(root, '_id', 'exclude');
      return (doc) => {
        const left = excludeFields(doc, root) as Doc;
        return root.isComputing ? addFields(left, root) : left;
      };
    }
    for (const path of extras) place(root, path, 'include');
    if (keepsId !== false && !root.children.has('_id')) place(root, '_id', 'include');
    return (doc) => includeFields(doc, root);
  }
}

/** The projection of an aggregation's `$project`. `_id` stays unless left out by name, and comes first. */
export function compileStageProjection(spec: Doc, evaluate: Evaluate): (doc: Doc) => Doc {
  const tree = new ProjectionTree();
  for (const [path, value] of flattenSpec(spec)) tree.add(path, value, evaluate);
  const project = tree.finish([]);
  return (given) => {
    const doc = project(given);
    return '_id' in doc && Object.keys(doc)[0] !== '_id' ? { _id: doc['_id'], ...doc } : doc;
  };
}

/** `$slice` of a find takes numbers; with a list before them it is the expression. */
function isSliceOfFind(value: Value): value is Doc {
  if (!isDoc(value) || !('$slice' in value)) return false;
  const operand = value['$slice'];
  return !Array.isArray(operand) || isNumeric(operand[0]);
}

/**
 * Makes a projection of a find into a function of a document, or null when it keeps everything. `_id` is kept unless left
 * out by name.
 */
export function compileProjection(spec: Value, variables?: Doc): Projection | null {
  if (spec === undefined || spec === null) return null;
  if (!isDoc(spec)) throw new DatabaseError('TypeMismatch', 'The projection must be an object');
  const entries = flattenSpec(spec);
  if (entries.length === 0) return null;
  const tree = new ProjectionTree();
  const slices: [readonly string[], Value][] = [];
  let positional: string | null = null;
  for (const [rawPath, value] of entries) {
    const path = rawPath.endsWith('.$') ? rawPath.slice(0, -2) : rawPath;
    if (path !== rawPath) positional = path;
    if (isDoc(value) && '$meta' in value) throw notSupported('$meta projections');
    if (isSliceOfFind(value)) slices.push([path.split('.'), value['$slice']]);
    else if (isDoc(value) && '$elemMatch' in value) place(tree.root, path, elemMatchRule(path, value['$elemMatch']));
    else tree.add(path, value, (doc, expression) => evaluateExpression(doc, expression, variables));
  }
  const project = tree.finish(slices.map(([path]) => path.join('.')));
  return (doc, details) => {
    let result = project(doc);
    for (const [path, slice] of slices) result = withSlice(result, path, (items) => sliceOf(items, slice)) as Doc;
    if (positional !== null) {
      const index = details?.arrayIndex;
      if (index === undefined) {
        throw new DatabaseError(
          'BadValue',
          "Executor error during find command: positional operator '.$' couldn't find a matching element in the array",
        );
      }
      result = withElement(result, positional.split('.'), index) as Doc;
    }
    return result;
  };
}

/**
 * The same as a choice among a document's own fields, which can be made on its bytes; null when a projection does more
 * than that, or keeps everything.
 */
export function compileFieldChoice(spec: Value): ((name: string) => boolean) | null {
  if (!isDoc(spec)) return null;
  const entries = Object.entries(spec);
  const named = entries.filter(([field]) => field !== '_id');
  const isSimple = entries.every(([field, value]) => isFlag(value) && !field.includes('.') && !field.startsWith('$'));
  if (!isSimple || named.length === 0) return null;
  const isIncluding = isOn(named[0]![1]);
  const keepsId = isOn(spec['_id'] ?? true);
  const names = new Set(named.map(([field]) => field));
  return (name) => (name === '_id' ? keepsId : names.has(name) === isIncluding);
}

/** With only one element of the first array on the way. */
function withElement(value: Value, [field, ...rest]: readonly string[], index: number): Value {
  if (Array.isArray(value)) return (value as Value[]).slice(index, index + 1);
  if (!isDoc(value) || field === undefined || !(field in value)) return value;
  return { ...value, [field]: withElement(value[field], rest, index) };
}

function withSlice(
  value: Value,
  path: readonly string[],
  change: (items: readonly Value[]) => readonly Value[],
  depth = 0,
): Value {
  if (Array.isArray(value)) {
    if (depth === path.length) return change(value as Value[]);
    return (value as Value[]).map((item) => withSlice(item, path, change, depth));
  }
  if (!isDoc(value) || depth === path.length) return value;
  const field = path[depth]!;
  return field in value ? { ...value, [field]: withSlice(value[field], path, change, depth + 1) } : value;
}
