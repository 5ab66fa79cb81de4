import { Long } from 'bson';
import { aggregate as runPipeline } from '../aggregation.ts';
import { decodeFields, encodeDoc } from '../bson-codec.ts';
import { isDoc } from '../bson-values.ts';
import type { Doc, Value } from '../bson-values.ts';
import { areEqual } from '../compare-values.ts';
import { cursorReply } from '../cursor-reply.ts';
import { DatabaseError, notSupported } from '../errors.ts';
import { compileFilter } from '../match.ts';
import { someValueAt } from '../paths.ts';
import { planQuery } from '../planner.ts';
import type { Plan } from '../planner.ts';
import { readsNoFields } from '../prepare-stage.ts';
import { compileFieldChoice, compileProjection } from '../projection.ts';
import { pickFields } from '../raw-doc.ts';
import { findDocuments } from '../scan.ts';
import type { Query, ScanCounts } from '../scan.ts';
import { parseSort } from '../sort.ts';
import type { Store } from '../store.ts';
import { countOf, docOf, docsOf, isTrue, numberOf, refuseCollation, textOf } from './command.ts';
import type { Command, CommandContext, Reply } from './command.ts';

function letOf(command: Doc): Doc | undefined {
  return isDoc(command['let']) ? command['let'] : undefined;
}

function queryOf(command: Doc, filterField: string): Query {
  return {
    filter: docOf(command, filterField),
    variables: letOf(command),
    sort: command['sort'],
    skip: countOf(command['skip'], 'skip') ?? 0,
    limit: Math.abs(numberOf(command['limit'], 'limit') ?? 0),
  };
}

function* rowsOf(
  context: CommandContext,
  name: string,
  query: Query,
  projectionSpec: Value,
  counts?: ScanCounts,
): Generator<Buffer> {
  const { engine, database } = context;
  const projection = compileProjection(projectionSpec, query.variables);
  const collection = engine.catalog.find(database, name);
  if (!collection) return;
  const choice = projection && compileFieldChoice(projectionSpec);
  const store = engine.readStore(context.transaction);
  for (const found of findDocuments(store, collection, query, counts)) {
    if (!projection) yield found.bytes;
    else if (choice) yield pickFields(found.bytes, choice);
    else yield encodeDoc(projection(found.doc, found.details));
  }
}

export const find: Command = (context) => {
  const { engine, command, database } = context;
  refuseCollation(command);
  for (const option of ['tailable', 'min', 'max', 'returnKey', 'showRecordId']) {
    if (isTrue(command[option]) || isDoc(command[option])) throw notSupported(`the find option ${option}`);
  }
  const name = textOf(command, 'find');
  const limit = numberOf(command['limit'], 'limit') ?? 0;
  const query = queryOf(command, 'filter');
  // Wrong queries are refused even where there is nothing to read.
  compileFilter(query.filter);
  const rows = rowsOf(context, name, query, command['projection']);
  const isSingle = isTrue(command['singleBatch']) || limit < 0;
  const batch = engine.cursors.start(rows, `${database}.${name}`, countOf(command['batchSize'], 'batchSize'), isSingle);
  return cursorReply('firstBatch', batch);
};

export const getMore: Command = ({ engine, command }) => {
  const id = command['getMore'];
  if (!(id instanceof Long)) throw new DatabaseError('TypeMismatch', "'getMore' has to be a long");
  const batchSize = countOf(command['batchSize'], 'batchSize');
  return cursorReply('nextBatch', engine.cursors.more(id, batchSize === 0 ? undefined : batchSize));
};

export const killCursors: Command = ({ engine, command }) => {
  const ids = command['cursors'] as Long[];
  const killed = ids.filter((id) => engine.cursors.kill(id));
  return {
    cursorsKilled: killed,
    cursorsNotFound: ids.filter((id) => !killed.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
    ok: 1,
  };
};

export const count: Command = (context) => {
  const { engine, command, database } = context;
  refuseCollation(command);
  const collection = engine.catalog.find(database, textOf(command, 'count'));
  let n = 0;
  if (collection) {
    for (const _ of findDocuments(engine.readStore(context.transaction), collection, queryOf(command, 'query'))) n++;
  }
  return { n, ok: 1 };
};

export const distinct: Command = (context) => {
  const { engine, command, database } = context;
  refuseCollation(command);
  const path = textOf(command, 'key').split('.');
  const collection = engine.catalog.find(database, textOf(command, 'distinct'));
  const values: Value[] = [];
  const seenText = new Set<string>();
  const note = (value: Value): void => {
    if (value === undefined) return;
    if (typeof value === 'string') {
      if (!seenText.has(value)) {
        seenText.add(value);
        values.push(value);
      }
    } else if (!values.some((held) => areEqual(held, value))) values.push(value);
  };
  // Of an array each element counts, an array among them as it is.
  const noteAll = (value: Value): boolean => {
    if (Array.isArray(value)) value.forEach(note);
    else note(value);
    return false;
  };
  if (collection) {
    const query = { filter: docOf(command, 'query') };
    const needed = new Set([path[0]!]);
    for (const { bytes } of findDocuments(engine.readStore(context.transaction), collection, query)) {
      someValueAt(decodeFields(bytes, needed), path, false, noteAll);
    }
  }
  return { values, ok: 1 };
};

/** The stages at the beginning of a pipeline that are a query, which can use an index; and the rest. */
function splitPipeline(pipeline: readonly Doc[]): { query: Query; rest: readonly Doc[] } {
  let at = 0;
  const filters: Doc[] = [];
  let sort: Value;
  let skip = 0;
  let limit = 0;
  while (isDoc(pipeline[at]?.['$match'])) filters.push(pipeline[at++]!['$match'] as Doc);
  if (pipeline[at] && '$sort' in pipeline[at]!) sort = pipeline[at++]!['$sort'];
  if (pipeline[at] && '$skip' in pipeline[at]!) skip = countOf(pipeline[at++]!['$skip'], '$skip') ?? 0;
  if (pipeline[at] && '$limit' in pipeline[at]!) {
    limit = countOf(pipeline[at++]!['$limit'], '$limit') ?? 0;
    if (limit === 0) throw new DatabaseError('BadValue', 'the limit must be positive');
  }
  const filter = filters.length === 1 ? filters[0]! : filters.length === 0 ? {} : { $and: filters };
  return { query: { filter, sort, skip, limit }, rest: pipeline.slice(at) };
}

function* pipelineRows(context: CommandContext, name: string | null, pipeline: readonly Doc[]): Generator<Buffer> {
  const { engine, database, command } = context;
  const store: Store = engine.readStore(context.transaction);
  const variables = letOf(command);
  const { query, rest } = splitPipeline(pipeline);
  const collection = name === null ? undefined : engine.catalog.find(database, name);
  const found = collection ? findDocuments(store, collection, { ...query, variables }) : [];
  if (rest.length === 0) {
    for (const { bytes } of found) yield bytes;
    return;
  }
  const isCount = readsNoFields(rest[0]);
  const docs = function* () {
    for (const item of found) yield isCount ? {} : item.doc;
  };
  const findIn = function* (other: string, filter: Doc) {
    const foreign = engine.catalog.find(database, other);
    if (foreign) for (const { doc } of findDocuments(store, foreign, { filter })) yield doc;
  };
  for (const doc of runPipeline(docs(), rest, findIn, variables)) yield encodeDoc(doc);
}

export const aggregate: Command = (context) => {
  const { engine, command, database } = context;
  refuseCollation(command);
  const target = command['aggregate'];
  const name = typeof target === 'string' ? target : null;
  const pipeline = docsOf(command['pipeline'], 'pipeline');
  const namespace = `${database}.${name ?? '$cmd.aggregate'}`;
  if (isTrue(command['explain'])) throw notSupported('explain of an aggregation');
  const batchSize = countOf(docOf(command, 'cursor')['batchSize'], 'batchSize');
  return cursorReply('firstBatch', engine.cursors.start(pipelineRows(context, name, pipeline), namespace, batchSize));
};

function presentPlan(plan: Plan): Doc {
  if (plan.branches)
    return { stage: 'SUBPLAN', inputStage: { stage: 'OR', inputStages: plan.branches.map(presentPlan) } };
  if (!plan.isNarrow && !plan.isSorted) return { stage: 'COLLSCAN' };
  const direction = plan.isReverse ? 'backward' : 'forward';
  return { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: plan.index.name, direction } };
}

/** Says how a find would be done, and with `executionStats` does it and counts. */
export const explain: Command = (context): Reply => {
  const { engine, database } = context;
  const command = docOf(context.command, 'explain');
  if (typeof command['find'] !== 'string') throw notSupported('explain of anything but find');
  const collection = engine.catalog.find(database, command['find']);
  if (!collection) return { queryPlanner: { winningPlan: { stage: 'EOF' } }, ok: 1 };
  const query = queryOf(command, 'filter');
  const plan = planQuery(collection, query.filter, parseSort(query.sort));
  const counts: ScanCounts = { keysExamined: 0, documentsExamined: 0 };
  const returned = [...rowsOf({ ...context, command }, command['find'], query, command['projection'], counts)].length;
  return {
    queryPlanner: {
      namespace: `${database}.${command['find']}`,
      winningPlan: presentPlan(plan),
    },
    executionStats: {
      executionSuccess: true,
      nReturned: returned,
      totalKeysExamined: plan.isNarrow || plan.isSorted ? counts.keysExamined : 0,
      totalDocsExamined: counts.documentsExamined,
    },
    ok: 1,
  };
};
