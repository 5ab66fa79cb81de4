import { isDoc } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { DatabaseError } from './errors.ts';

/** Works a field out of the whole document. */
export type Compute = (root: Doc) => Value;

/** What a projection or `$set` does with a field: by a rule of its own, or else through the fields within it. */
export interface ProjectionNode {
  readonly children: Map<string, ProjectionNode>;
  rule: 'include' | 'exclude' | Compute | null;
  /** True where it or anything within it is worked out. */
  isComputing: boolean;
}

export function newNode(): ProjectionNode {
  return { children: new Map(), rule: null, isComputing: false };
}

/** Puts a rule at a path; two of which one leads through the other are refused. */
export function place(root: ProjectionNode, path: string, rule: Exclude<ProjectionNode['rule'], null>): void {
  const parts = path.split('.');
  if (parts.includes('')) throw new DatabaseError('Location15998', 'FieldPath field names may not be empty strings.');
  let node = root;
  node.isComputing ||= typeof rule === 'function';
  for (const [depth, part] of parts.entries()) {
    if (part.startsWith('$'))
      throw new DatabaseError('Location16410', `FieldPath field names may not start with '$': '${path}'.`);
    if (node.rule !== null)
      throw new DatabaseError(
        'Location31249',
        `Path collision at ${path} remaining portion ${parts.slice(depth).join('.')}`,
      );
    let child = node.children.get(part);
    if (!child) node.children.set(part, (child = newNode()));
    node = child;
    node.isComputing ||= typeof rule === 'function';
  }
  if (node.rule !== null || node.children.size > 0)
    throw new DatabaseError('Location31250', `Path collision at ${path}`);
  node.rule = rule;
}

/** The paths and values of a specification, which may say `{ a: { b: … } }` for `{ 'a.b': … }`. */
export function flattenSpec(spec: Doc, prefix = ''): [path: string, value: Value][] {
  return Object.entries(spec).flatMap(([field, value]) => {
    const path = `${prefix}${field}`;
    if (!isDoc(value) || Object.keys(value)[0]?.startsWith('$')) return [[path, value] as [string, Value]];
    if (Object.keys(value).length === 0)
      throw new DatabaseError(
        'Location51270',
        `An empty sub-projection is not a valid value. Found empty object at path ${path}`,
      );
    return flattenSpec(value, `${path}.`);
  });
}

/** What included fields leave of a value; elements that are to be worked out stay as undefined. */
function included(value: Value, node: ProjectionNode): Value {
  if (node.rule === 'include') return value;
  if (node.rule !== null) return undefined;
  if (Array.isArray(value)) {
    const items = (value as Value[]).map((item) => included(item, node));
    return node.isComputing ? items : items.filter((item) => item !== undefined);
  }
  if (!isDoc(value)) return undefined;
  const result: Doc = {};
  for (const field of Object.keys(value)) {
    const child = node.children.get(field);
    const kept = child && included(value[field], child);
    if (kept !== undefined) result[field] = kept;
  }
  return result;
}

/** The same value with what is worked out put in; every element of an array is given it, and what is no document makes room. */
function computed(value: Value, node: ProjectionNode, root: Doc): Value {
  if (Array.isArray(value)) return (value as Value[]).map((item) => computed(item, node, root));
  const result: Doc = isDoc(value) ? { ...value } : {};
  for (const [field, child] of node.children) {
    if (!child.isComputing) continue;
    const own = Object.hasOwn(result, field) ? result[field] : undefined;
    const next = typeof child.rule === 'function' ? child.rule(root) : computed(own, child, root);
    if (next === undefined) delete result[field];
    else result[field] = next;
  }
  return result;
}

/** A document with only the fields that a tree includes, and those that it works out. */
export function includeFields(doc: Doc, node: ProjectionNode): Doc {
  const kept = included(doc, node) as Doc;
  return node.isComputing ? (computed(kept, node, doc) as Doc) : kept;
}

/** A document with the fields that a tree works out beside its own, as `$set` gives it. */
export function addFields(doc: Doc, node: ProjectionNode): Doc {
  return computed(doc, node, doc) as Doc;
}

/** A value without the fields that a tree excludes. */
export function excludeFields(value: Value, node: ProjectionNode): Value {
  if (Array.isArray(value)) return (value as Value[]).map((item) => excludeFields(item, node));
  if (!isDoc(value)) return value;
  const result: Doc = {};
  for (const field of Object.keys(value)) {
    const child = node.children.get(field);
    if (!child) result[field] = value[field];
    else if (typeof child.rule === 'function') result[field] = value[field];
    else if (child.rule !== 'exclude') result[field] = excludeFields(value[field], child);
  }
  return result;
}
