import { isDoc, isNumeric, toNumber } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { DatabaseError, notSupported } from './errors.ts';
import { evaluateExpression } from './expressions.ts';
import { compileFilter } from './match.ts';
import type { MatchDetails } from './paths.ts';

export type Projection = (doc: Doc, details?: MatchDetails) => Doc;

interface Node {
  children: Map<string, Node>;
  rule: 'include' | 'exclude' | { compute: (doc: Doc, current: Value) => Value } | null;
}

function newNode(): Node {
  return { children: new Map(), rule: null };
}

function isFlag(value: Value): boolean {
  return typeof value === 'boolean' || isNumeric(value);
}

function isOn(value: Value): boolean {
  return typeof value === 'boolean' ? value : toNumber(value) !== 0;
}

function flatten(spec: Doc, prefix = ''): [path: string, value: Value][] {
  return Object.entries(spec).flatMap(([field, value]) => {
    const isNested = isDoc(value) && !Object.keys(value)[0]?.startsWith('$') && Object.keys(value).length > 0;
    return isNested ? flatten(value, `${prefix}${field}.`) : [[`${prefix}${field}`, value] as [string, Value]];
  });
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

function computedRule(value: Value, variables: Doc | undefined): Exclude<Node['rule'], null> {
  const operator = isDoc(value) ? Object.keys(value)[0] : undefined;
  const operand = operator === undefined ? undefined : (value as Doc)[operator];
  if (operator === '$meta') throw notSupported('$meta projections');
  if (operator === '$elemMatch') {
    if (!isDoc(operand)) throw new DatabaseError('BadValue', '$elemMatch needs an object');
    const isOfValues = Object.keys(operand)[0]?.startsWith('$') ?? false;
    const matches = compileFilter(isOfValues ? { item: operand } : operand);
    return {
      compute: (_doc, current) => {
        if (!Array.isArray(current)) return undefined;
        const found = (current as Value[]).find((item) =>
          isOfValues ? matches({ item }) : isDoc(item) && matches(item),
        );
        return found === undefined ? undefined : [found];
      },
    };
  }
  return { compute: (doc) => evaluateExpression(doc, value, variables) };
}

function include(doc: Doc, node: Node, root: Doc): Doc {
  const result: Doc = {};
  for (const field of Object.keys(doc)) {
    const child = node.children.get(field);
    if (!child || (child.rule !== null && typeof child.rule === 'object')) continue;
    const value = child.rule === 'include' ? doc[field] : includeValue(doc[field], child, root);
    if (value !== undefined) result[field] = value;
  }
  for (const [field, child] of node.children) {
    if (child.rule !== null && typeof child.rule === 'object') {
      const value = child.rule.compute(root, doc[field]);
      if (value !== undefined) result[field] = value;
    } else if (child.children.size > 0 && !(field in result) && hasComputed(child)) {
      const nested = include({}, child, root);
      if (Object.keys(nested).length > 0) result[field] = nested;
    }
  }
  return result;
}

function hasComputed(node: Node): boolean {
  for (const child of node.children.values()) {
    if ((child.rule !== null && typeof child.rule === 'object') || hasComputed(child)) return true;
  }
  return false;
}

function includeValue(value: Value, node: Node, root: Doc): Value {
  if (Array.isArray(value)) {
    return (value as Value[]).map((item) => includeValue(item, node, root)).filter((item) => item !== undefined);
  }
  return isDoc(value) ? include(value, node, root) : undefined;
}

function exclude(value: Value, node: Node, root: Doc): Value {
  if (Array.isArray(value)) return (value as Value[]).map((item) => exclude(item, node, root));
  if (!isDoc(value)) return value;
  const result: Doc = {};
  for (const field of Object.keys(value)) {
    const child = node.children.get(field);
    if (!child) result[field] = value[field];
    else if (child.rule === 'exclude') continue;
    else if (child.rule !== null && typeof child.rule === 'object') {
      const computed = child.rule.compute(root, value[field]);
      if (computed !== undefined) result[field] = computed;
    } else result[field] = exclude(value[field], child, root);
  }
  return result;
}

/**
 * Makes a projection into a function of a document, or null when it keeps everything. `_id` is kept unless left out by
 * name.
 */
export function compileProjection(spec: Value, variables?: Doc): Projection | null {
  if (spec === undefined || spec === null) return null;
  if (!isDoc(spec)) throw new DatabaseError('TypeMismatch', 'The projection must be an object');
  const entries = flatten(spec);
  if (entries.length === 0) return null;
  const root = newNode();
  let mode: 'include' | 'exclude' | null = null;
  let keepsId: boolean | null = null;
  const slices: [readonly string[], Value][] = [];
  let positional: string | null = null;
  let hasExpression = false;
  for (const [rawPath, value] of entries) {
    let path = rawPath;
    if (path === '_id' && isFlag(value)) {
      keepsId = isOn(value);
      continue;
    }
    if (path.endsWith('.$')) {
      path = path.slice(0, -2);
      positional = path;
    }
    if (isDoc(value) && '$slice' in value) {
      slices.push([path.split('.'), value['$slice']]);
      if (mode !== null && mode === 'include') place(root, path, 'include');
      continue;
    }
    if (isFlag(value)) {
      const wanted = isOn(value) ? 'include' : 'exclude';
      if (mode !== null && mode !== wanted) {
        throw new DatabaseError(
          'BadValue',
          `Cannot do ${wanted === 'include' ? 'inclusion' : 'exclusion'} on field ${path} in ${mode === 'include' ? 'inclusion' : 'exclusion'} projection`,
        );
      }
      mode = wanted;
      place(root, path, wanted);
    } else {
      hasExpression ||= !(isDoc(value) && '$elemMatch' in value);
      place(root, path, computedRule(value, variables));
    }
  }
  if (mode === null)
    mode =
      hasExpression ||
      (keepsId === true && slices.length === 0 && root.children.size === 0) ||
      (root.children.size > 0 && keepsId !== false)
        ? 'include'
        : 'exclude';
  if (mode === 'exclude' && hasExpression)
    throw new DatabaseError('BadValue', 'Bad projection specification, cannot use expressions in exclusion');
  if (mode === 'include') {
    for (const [path] of slices) place(root, path.join('.'), 'include');
    if (keepsId !== false) place(root, '_id', 'include');
  } else if (keepsId === false) place(root, '_id', 'exclude');

  return (doc, details) => {
    let result = mode === 'include' ? include(doc, root, doc) : (exclude(doc, root, doc) as Doc);
    for (const [path, slice] of slices) result = withSlice(result, path, (items) => sliceOf(items, slice)) as Doc;
    if (positional !== null) {
      const index = details?.arrayIndex;
      if (index === undefined) {
        throw new DatabaseError(
          'BadValue',
          "Executor error during find command: positional operator '.$' couldn't find a matching element in the array",
        );
      }
      result = withSlice(result, positional.split('.'), (items) => items.slice(index, index + 1)) as Doc;
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

function place(root: Node, path: string, rule: Node['rule']): void {
  let node = root;
  for (const part of path.split('.')) {
    let child = node.children.get(part);
    if (!child) node.children.set(part, (child = newNode()));
    node = child;
  }
  node.rule = rule;
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
