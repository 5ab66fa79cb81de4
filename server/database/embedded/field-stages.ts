import { evalExpr } from 'mingo/core';
import type { Iterator as LazyIterator } from 'mingo/lazy';
import type { Options } from 'mingo/types';
import { isDoc } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { DatabaseError } from './errors.ts';
import { compileStageProjection } from './projection.ts';
import { addFields, newNode, place } from './projection-tree.ts';
import type { ProjectionNode } from './projection-tree.ts';

/** The stages that choose and work out fields. The library's own put objects in the place of arrays, and into its input. */

function projectStage(docs: LazyIterator, spec: Doc, options: Options): LazyIterator {
  if (Object.keys(spec).length === 0)
    throw new DatabaseError('Location51272', 'Invalid $project: projection specification must have at least one field');
  const project = compileStageProjection(spec, (doc, expression) => evalExpr(doc, expression, options));
  return docs.map((doc) => project(doc as Doc));
}

function unsetStage(docs: LazyIterator, fields: Value, options: Options): LazyIterator {
  const paths: readonly Value[] = Array.isArray(fields) ? fields : [fields];
  if (paths.length === 0 || !paths.every((path) => typeof path === 'string'))
    throw new DatabaseError(
      'Location31119',
      '$unset specification must be a string or an array containing at least one field',
    );
  return projectStage(docs, Object.fromEntries(paths.map((path) => [path, false])), options);
}

/** Flags have no meaning here, other than in a projection: `1` is a value like any other. */
function parseNewFields(spec: Doc, options: Options, tree = newNode(), prefix = ''): ProjectionNode {
  for (const [field, value] of Object.entries(spec)) {
    const path = `${prefix}${field}`;
    if (prefix !== '' && field.includes('.'))
      throw new DatabaseError('Location40183', `cannot use dotted field name '${field}' in a sub object`);
    const isNested = isDoc(value) && !Object.keys(value)[0]?.startsWith('$');
    if (!isNested) placeNewField(tree, path, (doc) => evalExpr(doc, value, options));
    else if (Object.keys(value).length > 0) parseNewFields(value, options, tree, `${path}.`);
    else
      throw new DatabaseError(
        'Location40180',
        `an empty object is not a valid value. Found empty object at path ${path}`,
      );
  }
  return tree;
}

function placeNewField(tree: ProjectionNode, path: string, compute: (doc: Doc) => Value): void {
  try {
    place(tree, path, compute);
  } catch (error) {
    const isCollision =
      error instanceof DatabaseError && (error.codeName === 'Location31249' || error.codeName === 'Location31250');
    if (!isCollision) throw error;
    throw new DatabaseError('Location40176', `specification contains two conflicting paths, one of them '${path}'`);
  }
}

function addFieldsStage(docs: LazyIterator, spec: Doc, options: Options): LazyIterator {
  if (Object.keys(spec).length === 0)
    throw new DatabaseError('Location40177', 'Invalid $addFields: specification must have at least one field');
  const tree = parseNewFields(spec, options);
  return docs.map((doc) => addFields(doc as Doc, tree));
}

export const FIELD_STAGES = {
  $project: projectStage,
  $unset: unsetStage,
  $addFields: addFieldsStage,
  $set: addFieldsStage,
};
