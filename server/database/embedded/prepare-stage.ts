import { isDoc } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { toPlain } from './expressions.ts';
import { prepareExpressions } from './field-paths.ts';

/** Stages whose fields are expressions. */
const COMPUTED_STAGES = new Set([
  '$addFields',
  '$group',
  '$project',
  '$replaceRoot',
  '$replaceWith',
  '$set',
  '$sortByCount',
]);

/** A stage as the library is given it: filters keep their exact numbers; all else is computed with plain ones. */
export function prepareStage(stage: Doc): Doc {
  if ('$match' in stage) return stage;
  if (isDoc(stage['$facet'])) {
    const facets = Object.entries(stage['$facet']);
    return { $facet: Object.fromEntries(facets.map(([name, inner]) => [name, (inner as Doc[]).map(prepareStage)])) };
  }
  const plain = toPlain(stage) as Doc;
  return COMPUTED_STAGES.has(Object.keys(plain)[0] ?? '') ? (prepareExpressions(plain) as Doc) : plain;
}

function hasPath(value: Value): boolean {
  if (typeof value === 'string') return value.startsWith('$');
  return typeof value === 'object' && value !== null && Object.values(value).some(hasPath);
}

/** Whether a stage only counts documents, whatever is in them, as drivers do for `countDocuments`. */
export function readsNoFields(stage: Doc | undefined): boolean {
  return stage !== undefined && ('$count' in stage || ('$group' in stage && !hasPath(stage['$group'])));
}
