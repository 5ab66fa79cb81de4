import { Aggregator } from 'mingo/aggregator';
import { Context } from 'mingo/core';
import { Lazy } from 'mingo/lazy';
import type { Iterator as LazyIterator } from 'mingo/lazy';
import * as stages from 'mingo/operators/pipeline';
import { isDoc } from './bson-values.ts';
import type { Doc, Value } from './bson-values.ts';
import { areEqual } from './compare-values.ts';
import { DatabaseError, notSupported } from './errors.ts';
import { expressionContext, expressionError, expressionOptions, toPlain } from './expressions.ts';
import { compileFilter } from './match.ts';
import { FIELD_STAGES } from './field-stages.ts';
import { prepareStage } from './prepare-stage.ts';
import { parseSort, sortDocs } from './sort.ts';
import { compileUnwind } from './unwind.ts';

/** Gives the documents of another collection that match a filter, for `$lookup` and `$unionWith`. */
export type FindIn = (collection: string, filter: Doc) => Iterable<Doc>;

/** Stages that only a server has, that write, or in which the library does otherwise than MongoDB. */
const REFUSED_STAGES = new Set([
  '$bucket',
  '$bucketAuto',
  '$out',
  '$merge',
  '$documents',
  '$densify',
  '$fill',
  '$graphLookup',
  '$redact',
  '$setWindowFields',
]);

const UPDATE_STAGES = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith']);

interface StageOptions {
  readonly variables?: Doc;
}

function matchStage(docs: LazyIterator, filter: Doc, options: StageOptions): LazyIterator {
  const matches = compileFilter(filter, { variables: options.variables });
  return docs.filter((doc) => matches(doc as Doc));
}

function sortStage(docs: LazyIterator, spec: Doc): LazyIterator {
  const key = parseSort(spec);
  return docs.transform((items) => Lazy(sortDocs(items as Doc[], key, (doc) => doc)));
}

function unwindStage(docs: LazyIterator, spec: Value): LazyIterator {
  const unwind = compileUnwind(spec);
  return docs.transform((items) => Lazy((items as Doc[]).flatMap(unwind)));
}

function countStage(docs: LazyIterator, field: string): LazyIterator {
  return docs.transform((items) => Lazy((items as Doc[]).length === 0 ? [] : [{ [field]: (items as Doc[]).length }]));
}

function lookupStage(findIn: FindIn) {
  return (docs: LazyIterator, spec: Doc): LazyIterator => {
    const {
      from,
      localField,
      foreignField,
      as,
      pipeline,
      let: variables,
    } = spec as Record<string, string | undefined> & Doc;
    if (typeof from !== 'string' || typeof as !== 'string')
      throw new DatabaseError('FailedToParse', "$lookup needs 'from' and 'as'");
    if (as.includes('.')) throw notSupported("$lookup with a path of several fields as its 'as'");
    const inner = (pipeline as Doc[] | undefined) ?? [];
    return docs.map((item) => {
      const doc = item as Doc;
      const isByField = typeof localField === 'string' && typeof foreignField === 'string';
      const filter = isByField ? { [foreignField]: lookupOperand(doc, localField) } : {};
      const found = [...findIn(from, filter)];
      const bound = Object.fromEntries(
        Object.entries((variables ?? {}) as Doc).map(([name, expression]) => [name, computeOver(doc, expression)]),
      );
      const joined =
        inner.length > 0 ? runStages(found, inner, findIn, bound) : found.map((one) => toPlain(one) as Doc);
      return { ...doc, [as]: [...joined] };
    });
  };
}

function computeOver(doc: Doc, expression: Value): Value {
  return [...runStages([doc], [{ $project: { _id: 0, value: expression } }], () => [])][0]?.['value'];
}

function lookupOperand(doc: Doc, field: string): Value {
  const value = field.split('.').reduce<Value>((current, part) => {
    if (Array.isArray(current)) return current.map((item) => (isDoc(item) ? item[part] : undefined));
    return isDoc(current) ? current[part] : undefined;
  }, doc);
  if (Array.isArray(value)) return { $in: value.map((item) => (item === undefined ? null : (item as Value))) };
  return { $eq: value === undefined ? null : value };
}

function unionStage(findIn: FindIn) {
  return (docs: LazyIterator, spec: Value): LazyIterator => {
    const { coll, pipeline } = (typeof spec === 'string' ? { coll: spec, pipeline: [] } : spec) as {
      coll: string;
      pipeline?: Doc[];
    };
    return docs.transform((items) =>
      Lazy([...(items as Doc[]), ...runStages(findIn(coll, {}), pipeline ?? [], findIn)]),
    );
  };
}

function stageContext(findIn: FindIn): Context {
  const pipeline: Record<string, unknown> = {
    ...stages,
    $match: matchStage,
    ...FIELD_STAGES,
    $sort: sortStage,
    $unwind: unwindStage,
    $count: countStage,
    $lookup: lookupStage(findIn),
    $unionWith: unionStage(findIn),
  };
  for (const name of REFUSED_STAGES) delete pipeline[name];
  return Context.from(expressionContext, Context.init({ pipeline: pipeline as never }));
}

function checkStages(pipeline: readonly Doc[]): void {
  for (const stage of pipeline) {
    const names = Object.keys(stage);
    if (names.length !== 1)
      throw new DatabaseError('FailedToParse', 'A pipeline stage specification object must contain exactly one field.');
    const name = names[0]!;
    if (REFUSED_STAGES.has(name) || !(name in stages)) throw notSupported(`the aggregation stage ${name}`);
    if (name === '$facet') for (const inner of Object.values(stage[name] as Doc)) checkStages(inner as Doc[]);
  }
}

function runStages(docs: Iterable<Doc>, pipeline: readonly Doc[], findIn: FindIn, variables?: Doc): Iterable<Doc> {
  const options = expressionOptions(stageContext(findIn), variables);
  const plain = function* () {
    for (const doc of docs) yield toPlain(doc) as Doc;
  };
  const aggregator = new Aggregator(pipeline.map(prepareStage), options);
  return aggregator.stream(plain()) as unknown as Iterable<Doc>;
}

/**
 * Runs aggregation stages over documents. Numbers are computed as JavaScript's; what those cannot hold is refused.
 */
export function* aggregate(
  docs: Iterable<Doc>,
  pipeline: readonly Doc[],
  findIn: FindIn,
  variables?: Doc,
): Generator<Doc> {
  checkStages(pipeline);
  try {
    for (const doc of runStages(docs, pipeline, findIn, variables)) yield doc;
  } catch (error) {
    throw expressionError(error);
  }
}

/** Gives back the stored type of every value that a pipeline left as it was. */
function restoreTypes(before: Value, after: Value): Value {
  if (after === undefined || before === undefined) return after;
  if (areEqual(before, after)) return before;
  if (isDoc(before) && isDoc(after)) {
    const restored: Doc = {};
    for (const [field, value] of Object.entries(after)) restored[field] = restoreTypes(before[field], value);
    return restored;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return after.map((item, i) => restoreTypes(before[i], item));
  }
  return after;
}

/** An update given as a pipeline: the document after its stages. */
export function updateByPipeline(doc: Doc, pipeline: readonly Doc[], variables?: Doc): Doc {
  for (const stage of pipeline) {
    const name = Object.keys(stage)[0] ?? '';
    if (!UPDATE_STAGES.has(name))
      throw new DatabaseError('InvalidOptions', `${name} is not allowed to be used within an update`);
  }
  const [result] = aggregate([structuredCopy(doc)], pipeline, () => [], variables);
  return restoreTypes(doc, result ?? {}) as Doc;
}

function structuredCopy(doc: Doc): Doc {
  return toPlain(doc) as Doc;
}
