import { checkActor } from './check-actor.ts';
import { checkAttachments } from './attachments.ts';
import { isIri, isLanguageTag, isObject, isTimestamp, isUuid, Problems, textOf } from './checks.ts';
import { contextActivityKeys, voidedVerb } from './statement.ts';

/**
 * Checks one statement against the data rules of xAPI 1.0.3. Returns the first things that are wrong, each with its
 * place; an empty list where the statement is sound. Values are not repeated, as they may name people.
 */
export function checkStatement(value: unknown): string[] {
  const problems = new Problems();
  checkBody(value, '', problems, false);
  return problems.list;
}

const statementKeys = [
  'id',
  'actor',
  'verb',
  'object',
  'result',
  'context',
  'timestamp',
  'stored',
  'authority',
  'version',
  'attachments',
];
const subStatementKeys = ['objectType', 'actor', 'verb', 'object', 'result', 'context', 'timestamp', 'attachments'];

function checkBody(value: unknown, at: string, p: Problems, isSub: boolean): void {
  if (!p.object(value, at)) return;
  p.onlyKeys(value, isSub ? subStatementKeys : statementKeys, at);
  p.noNulls(value, at);
  if (value['id'] !== undefined && !isUuid(value['id'])) p.add(`${at}id`, 'must be a UUID');
  for (const key of ['actor', 'verb', 'object']) if (value[key] === undefined) p.add(`${at}${key}`, 'is missing');
  if (value['actor'] !== undefined) checkActor(value['actor'], `${at}actor`, p);
  if (value['verb'] !== undefined) checkVerb(value['verb'], `${at}verb`, p);
  if (value['object'] !== undefined) checkObject(value['object'], `${at}object`, p, isSub);
  if (value['result'] !== undefined) checkResult(value['result'], `${at}result`, p);
  if (value['context'] !== undefined) checkContext(value['context'], value['object'], `${at}context`, p);
  for (const key of ['timestamp', 'stored']) {
    if (value[key] !== undefined && !isTimestamp(value[key])) p.add(`${at}${key}`, 'must be an ISO 8601 timestamp');
  }
  if (value['authority'] !== undefined) checkActor(value['authority'], `${at}authority`, p);
  if (value['version'] !== undefined && !/^(1\.0\.\d+|1\.0|2\.0\.\d+)$/.test(textOf(value['version']))) {
    p.add(`${at}version`, 'must be 1.0.x or 2.0.x');
  }
  if (value['attachments'] !== undefined) checkAttachments(value['attachments'], `${at}attachments`, p);
  const verb = isObject(value['verb']) ? value['verb']['id'] : undefined;
  const objectType = isObject(value['object']) ? value['object']['objectType'] : undefined;
  if (verb === voidedVerb && objectType !== 'StatementRef') p.add(`${at}object`, 'of a voiding must be a StatementRef');
}

function checkVerb(value: unknown, at: string, p: Problems): void {
  if (!p.object(value, at)) return;
  p.onlyKeys(value, ['id', 'display'], at);
  if (!isIri(value['id'])) p.add(`${at}.id`, 'must be an IRI');
  if (value['display'] !== undefined) checkLanguageMap(value['display'], `${at}.display`, p);
}

function checkLanguageMap(value: unknown, at: string, p: Problems): void {
  if (!p.object(value, at)) return;
  for (const [tag, text] of Object.entries(value)) {
    if (!isLanguageTag(tag)) p.add(at, 'has a key that is not a language tag');
    if (typeof text !== 'string') p.add(at, 'has a value that is not a text');
  }
}

function checkObject(value: unknown, at: string, p: Problems, isSub: boolean): void {
  if (!p.object(value, at)) return;
  switch (value['objectType'] ?? 'Activity') {
    case 'Activity':
      return checkActivity(value, at, p);
    case 'Agent':
    case 'Group':
      return checkActor(value, at, p);
    case 'StatementRef':
      p.onlyKeys(value, ['objectType', 'id'], at);
      return isUuid(value['id']) ? undefined : p.add(`${at}.id`, 'must be a UUID');
    case 'SubStatement':
      return isSub ? p.add(at, 'must not hold another SubStatement') : checkBody(value, `${at}.`, p, true);
    default:
      return p.add(`${at}.objectType`, 'is not known');
  }
}

const definitionKeys = [
  'name',
  'description',
  'type',
  'moreInfo',
  'interactionType',
  'correctResponsesPattern',
  'choices',
  'scale',
  'source',
  'target',
  'steps',
  'extensions',
];

function checkActivity(value: unknown, at: string, p: Problems): void {
  if (!p.object(value, at)) return;
  p.onlyKeys(value, ['objectType', 'id', 'definition'], at);
  if (value['objectType'] !== undefined && value['objectType'] !== 'Activity') p.add(at, 'must be an Activity');
  if (!isIri(value['id'])) p.add(`${at}.id`, 'must be an IRI');
  const definition = value['definition'];
  if (definition === undefined || !p.object(definition, `${at}.definition`)) return;
  p.onlyKeys(definition, definitionKeys, `${at}.definition`);
  for (const key of ['name', 'description']) {
    if (definition[key] !== undefined) checkLanguageMap(definition[key], `${at}.definition.${key}`, p);
  }
  for (const key of ['type', 'moreInfo']) {
    if (definition[key] !== undefined && !isIri(definition[key])) p.add(`${at}.definition.${key}`, 'must be an IRI');
  }
  if (definition['extensions'] !== undefined)
    checkExtensions(definition['extensions'], `${at}.definition.extensions`, p);
}

function checkExtensions(value: unknown, at: string, p: Problems): void {
  if (!p.object(value, at)) return;
  if (!Object.keys(value).every(isIri)) p.add(at, 'has a key that is not an IRI');
}

function checkResult(value: unknown, at: string, p: Problems): void {
  if (!p.object(value, at)) return;
  p.onlyKeys(value, ['score', 'success', 'completion', 'response', 'duration', 'extensions'], at);
  p.noNulls(value, at);
  for (const key of ['success', 'completion']) {
    if (value[key] !== undefined && typeof value[key] !== 'boolean') p.add(`${at}.${key}`, 'must be true or false');
  }
  if (value['response'] !== undefined && typeof value['response'] !== 'string')
    p.add(`${at}.response`, 'must be a text');
  const { duration, score, extensions } = value;
  if (duration !== undefined && !/^P(?=.)(\d+(\.\d+)?[YMWD])*(T(?=.)(\d+(\.\d+)?[HMS])+)?$/.test(textOf(duration))) {
    p.add(`${at}.duration`, 'must be an ISO 8601 duration');
  }
  if (score !== undefined && p.object(score, `${at}.score`)) {
    p.onlyKeys(score, ['scaled', 'raw', 'min', 'max'], `${at}.score`);
    for (const key of ['scaled', 'raw', 'min', 'max']) {
      if (score[key] !== undefined && typeof score[key] !== 'number') p.add(`${at}.score.${key}`, 'must be a number');
    }
    if (typeof score['scaled'] === 'number' && Math.abs(score['scaled']) > 1) {
      p.add(`${at}.score.scaled`, 'must lie between -1 and 1');
    }
  }
  if (extensions !== undefined) checkExtensions(extensions, `${at}.extensions`, p);
}

function checkContext(value: unknown, object: unknown, at: string, p: Problems): void {
  if (!p.object(value, at)) return;
  const known = [
    'registration',
    'instructor',
    'team',
    'contextActivities',
    'revision',
    'platform',
    'language',
    'statement',
  ];
  p.onlyKeys(value, [...known, 'extensions', 'contextAgents', 'contextGroups'], at);
  p.noNulls(value, at);
  if (value['registration'] !== undefined && !isUuid(value['registration']))
    p.add(`${at}.registration`, 'must be a UUID');
  for (const key of ['instructor', 'team']) if (value[key] !== undefined) checkActor(value[key], `${at}.${key}`, p);
  const isActivity = !isObject(object) || (object['objectType'] ?? 'Activity') === 'Activity';
  for (const key of ['revision', 'platform']) {
    if (value[key] === undefined) continue;
    if (!isActivity) p.add(`${at}.${key}`, 'is only allowed where the object is an Activity');
    if (typeof value[key] !== 'string') p.add(`${at}.${key}`, 'must be a text');
  }
  if (value['language'] !== undefined && !isLanguageTag(value['language']))
    p.add(`${at}.language`, 'must be a language tag');
  const { contextActivities: activities, extensions } = value;
  if (activities !== undefined && p.object(activities, `${at}.contextActivities`)) {
    p.onlyKeys(activities, contextActivityKeys, `${at}.contextActivities`);
    for (const [key, list] of Object.entries(activities)) {
      for (const [index, activity] of [list].flat().entries()) {
        checkActivity(activity, `${at}.contextActivities.${key}.${index}`, p);
      }
    }
  }
  if (extensions !== undefined) checkExtensions(extensions, `${at}.extensions`, p);
}
