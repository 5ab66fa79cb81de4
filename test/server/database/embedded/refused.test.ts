import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openInFolder } from './open-in-folder.ts';

const { MongoClient } = mongoose.mongo;
const COMMAND_NOT_SUPPORTED = 115;

let embedded: Awaited<ReturnType<typeof openInFolder>>;
let client: mongoose.mongo.MongoClient;

beforeAll(async () => {
  embedded = await openInFolder();
  client = await MongoClient.connect(embedded.uri);
  await client
    .db('test')
    .collection('things')
    .insertOne({ n: 1, list: [1, 2] });
});
afterAll(async () => {
  await client?.close();
  await embedded?.remove();
});

/** Commands that MongoDB servers have and the embedded database has not. */
const COMMANDS = [
  'addShard',
  'analyze',
  'appendOplogNote',
  'authenticate',
  'balancerStatus',
  'bulkWrite',
  'cleanupOrphaned',
  'cloneCollectionAsCapped',
  'collStats',
  'compact',
  'connPoolStats',
  'convertToCapped',
  'createRole',
  'createSearchIndexes',
  'createUser',
  'currentOp',
  'dataSize',
  'dbHash',
  'dbStats',
  'dropAllUsersFromDatabase',
  'dropConnections',
  'dropRole',
  'dropUser',
  'enableSharding',
  'features',
  'filemd5',
  'fsync',
  'fsyncUnlock',
  'getClusterParameter',
  'getCmdLineOpts',
  'getDefaultRWConcern',
  'getLog',
  'getParameter',
  'getShardMap',
  'grantPrivilegesToRole',
  'grantRolesToUser',
  'hostInfo',
  'invalidateUserCache',
  'isdbgrid',
  'killAllSessions',
  'killOp',
  'listCommands',
  'listShards',
  'lockInfo',
  'logout',
  'logRotate',
  'mapReduce',
  'moveChunk',
  'netstat',
  'planCacheClear',
  'planCacheClearFilters',
  'planCacheListFilters',
  'planCacheSetFilter',
  'profile',
  'refineCollectionShardKey',
  'reIndex',
  'renameCollection',
  'replSetGetConfig',
  'replSetGetStatus',
  'replSetInitiate',
  'reshardCollection',
  'revokeRolesFromUser',
  'rolesInfo',
  'rotateCertificates',
  'saslContinue',
  'saslStart',
  'setDefaultRWConcern',
  'setFeatureCompatibilityVersion',
  'setParameter',
  'setQuerySettings',
  'shardCollection',
  'shutdown',
  'startSession',
  'top',
  'updateSearchIndex',
  'updateUser',
  'usersInfo',
  'validate',
  'validateDBMetadata',
  'whatsmyuri',
];

describe('what MongoDB has and the embedded database has not is refused by its name', () => {
  test.each(COMMANDS)('the command %s', async (name) => {
    await expect(client.db('test').command({ [name]: 'things' })).rejects.toMatchObject({
      code: COMMAND_NOT_SUPPORTED,
      codeName: 'CommandNotSupported',
      message: expect.stringContaining(name) as string,
    });
  });

  test.each([
    ['$bucket', { groupBy: '$n', boundaries: [0, 1, 2] }],
    ['$bucketAuto', { groupBy: '$n', buckets: 2 }],
    ['$changeStream', {}],
    ['$collStats', {}],
    ['$currentOp', {}],
    ['$densify', { field: 'n', range: { step: 1, bounds: 'full' } }],
    ['$fill', { output: { n: { value: 0 } } }],
    ['$geoNear', { near: [0, 0], distanceField: 'd' }],
    ['$graphLookup', { from: 'things', startWith: '$n', connectFromField: 'n', connectToField: 'n', as: 'found' }],
    ['$indexStats', {}],
    ['$listSessions', {}],
    ['$merge', 'other'],
    ['$out', 'other'],
    ['$planCacheStats', {}],
    ['$redact', '$$KEEP'],
    ['$search', {}],
    ['$setWindowFields', { output: {} }],
  ])('the stage %s', async (name, spec) => {
    const rows = client
      .db('test')
      .collection('things')
      .aggregate([{ [name]: spec }]);
    await expect(rows.toArray()).rejects.toMatchObject({
      code: COMMAND_NOT_SUPPORTED,
      message: expect.stringContaining(name) as string,
    });
  });

  test.each([
    ['$text', { $text: { $search: 'x' } }],
    ['$where', { $where: 'true' }],
    ['$jsonSchema', { $jsonSchema: {} }],
    ['$near', { at: { $near: [0, 0] } }],
    ['$geoWithin', { at: { $geoWithin: {} } }],
    ['$bitsAllSet', { n: { $bitsAllSet: 1 } }],
    ['$week', { $expr: { $gt: [{ $week: '$at' }, 1] } }],
    ['$dateFromParts', { $expr: { $gt: [{ $dateFromParts: { year: 2026, day: 40 } }, 1] } }],
    ['$function', { $expr: { $function: { body: 'x', args: [], lang: 'js' } } }],
  ])('the condition %s', async (name, filter) => {
    await expect(client.db('test').collection('things').find(filter).toArray()).rejects.toMatchObject({
      code: COMMAND_NOT_SUPPORTED,
      message: expect.stringContaining(name) as string,
    });
  });

  test.each([
    [40066, { $switch: { branches: [{ case: { $gt: ['$n', 5] }, then: 'more' }] } }],
    [40068, { $switch: { branches: [] } }],
    [40065, { $switch: { branches: [{ case: true }] } }],
    [40063, { $switch: { branches: [{ case: true, then: 1, else: 2 }] } }],
    [40060, { $switch: 5 }],
    [17082, { $cond: { if: true, then: 1 } }],
    [28766, { $ln: 0 }],
    [28689, { $last: '$n' }],
    [COMMAND_NOT_SUPPORTED, { $sin: '$n' }],
    [COMMAND_NOT_SUPPORTED, { $bitAnd: ['$n', 1] }],
    [COMMAND_NOT_SUPPORTED, { $strcasecmp: ['a', 'A'] }],
    [COMMAND_NOT_SUPPORTED, { $dateTrunc: { date: '$$NOW', unit: 'week', binSize: 3 } }],
    [COMMAND_NOT_SUPPORTED, { $hour: { date: '$$NOW', timezone: 'Europe/London' } }],
    [COMMAND_NOT_SUPPORTED, { $dateToString: { date: '$$NOW', format: '%w' } }],
    [COMMAND_NOT_SUPPORTED, { $range: [0, 2_000_000_000] }],
    [COMMAND_NOT_SUPPORTED, { $multiply: [9_007_199_254_740_991, 3] }],
    [16020, { $last: [] }],
    [16020, { $size: ['$list', '$list'] }],
    [16020, { $eq: ['$n'] }],
    [28667, { $range: [0] }],
    [2, { $range: [0, 10_000_000_000] }],
    [2, { $zip: { inputs: ['$list', 5] } }],
    [2, { $zip: { inputs: [[1]], longest: true } }],
    [2, { $split: ['a', ''] }],
    [2, { $arrayToObject: [[{ a: 1 }]] }],
    [2, { $mergeObjects: [true] }],
    [2, { $divide: ['$n', 0] }],
    [2, { $toInt: 3_000_000_000 }],
    [COMMAND_NOT_SUPPORTED, { $toDate: '$n' }],
    [COMMAND_NOT_SUPPORTED, { $atPath: ['$n'] }],
  ])('with the code %i, an expression that has no answer: %j', async (code, expression) => {
    const rows = client
      .db('test')
      .collection('things')
      .aggregate([{ $project: { answer: expression } }]);
    await expect(rows.toArray()).rejects.toMatchObject({ code });
  });

  test.each([
    ['text', { n: 'text' }, {}],
    ['2dsphere', { n: '2dsphere' }, {}],
    ['hashed', { n: 'hashed' }, {}],
    ['wildcard', { '$**': 1 }, {}],
    ['collation', { n: 1 }, { collation: { locale: 'en' } }],
  ])('an index of the kind %s', async (name, key, options) => {
    const things = client.db('test').collection('things');
    await expect(things.createIndex(key as never, options)).rejects.toMatchObject({
      code: COMMAND_NOT_SUPPORTED,
      message: expect.stringContaining(name) as string,
    });
  });

  test.each([
    ['capped', { capped: true, size: 1000 }],
    ['timeseries', { timeseries: { timeField: 'at' } }],
    ['viewOn', { viewOn: 'things', pipeline: [] }],
    ['validator', { validator: { n: 1 } }],
  ])('a collection that is %s', async (name, options) => {
    await expect(client.db('test').createCollection('special', options)).rejects.toMatchObject({
      code: COMMAND_NOT_SUPPORTED,
      message: expect.stringContaining(name) as string,
    });
  });

  test('and a find by another collation, a tailable find, $bit', async () => {
    const things = client.db('test').collection('things');
    const refused = { code: COMMAND_NOT_SUPPORTED };
    await expect(things.find({}, { collation: { locale: 'en' } }).toArray()).rejects.toMatchObject(refused);
    await expect(things.find({}, { tailable: true }).toArray()).rejects.toMatchObject(refused);
    await expect(things.updateOne({}, { $bit: { n: { and: 1 } } })).rejects.toMatchObject(refused);
  });
});
