import type { Feed } from '../../database/models/feed.ts';
import { InvalidInput, NotAllowed } from '../../errors.ts';
import { isDeeperThan, isObject } from '../../sources/xapi/checks.ts';
import { ForeignAccount, mapStatement } from '../../sources/xapi/map-statement.ts';
import { type Statement } from '../../sources/xapi/statement.ts';
import { checkStatement } from '../../sources/xapi/check-statement.ts';
import type { SourceEvent } from '../../sources/source-event.ts';
import { matchAttachments, readParts, UnsoundParts, type AttachmentPart } from '../../sources/xapi/attachments.ts';
import type { FeedDeps } from './deps.ts';
import { checkTime, loadHomes } from './sender.ts';

const mostStatements = 2_000;
const deepest = 30;

/** What came in a request: the statements, and the hashes of attachments that came with them. */
export interface SentStatements {
  readonly statements: unknown;
  readonly attachments: readonly AttachmentPart[];
}

/** Reads the body of a request as JSON or, with attachments, `multipart/mixed`. Throws InvalidInput. */
export function readStatements(body: unknown, contentType: string): SentStatements {
  if (body === undefined) {
    const message = 'Send statements as application/json or, with attachments, as multipart/mixed.';
    throw new InvalidInput({ 'Content-Type': 'is neither application/json nor multipart/mixed' }, message);
  }
  if (!Buffer.isBuffer(body)) return { statements: body, attachments: [] };
  try {
    return readParts(body, contentType);
  } catch (error) {
    if (error instanceof UnsoundParts) throw new InvalidInput({ body: error.message }, error.message);
    throw error;
  }
}

/**
 * Takes statements in for a feed and returns their ids in the same order. All are stored, or none; what is attached to them is
 * not kept. `statementId` is the id that a PUT names. Throws InvalidInput (what is wrong, by statement), NotAllowed (about another platform's account), Conflict.
 */
export async function receiveStatements(
  feed: Feed,
  sent: SentStatements,
  deps: FeedDeps,
  statementId?: string,
): Promise<string[]> {
  const statements = parseStatements(sent, statementId);
  const homes = await loadHomes(feed);
  const receivedAt = deps.now().getTime();
  const events = statements.map((statement, index): SourceEvent => {
    try {
      const event = mapStatement(statement, { homes, receivedAt });
      checkTime(event.at, receivedAt, `statements.${index}.timestamp`);
      return event;
    } catch (error) {
      if (error instanceof ForeignAccount) throw new NotAllowed(`Statement ${index + 1} ${error.message}.`);
      throw error;
    }
  });
  await deps.intake.receive(feed, events);
  return events.map(({ id }) => id);
}

function parseStatements(
  { statements: body, attachments }: SentStatements,
  statementId: string | undefined,
): readonly Statement[] {
  if (statementId !== undefined) {
    if (!isObject(body)) throw new InvalidInput({ body: 'must be one statement' }, 'A PUT takes one statement.');
    const id = body['id'] ?? statementId;
    if (id !== statementId) throw new InvalidInput({ id: 'is not the statementId that was named' });
    body = { ...body, id };
  }
  const list: unknown[] = Array.isArray(body) ? body : [body];
  if (list.length > mostStatements) {
    throw new InvalidInput({ body: `holds more than ${mostStatements} statements` }, 'Send smaller batches.');
  }
  if (isDeeperThan(list, deepest)) throw new InvalidInput({ body: 'is nested too deeply' }, 'That nests too deeply.');
  const fields: Record<string, string> = {};
  const ids = new Set<string>();
  for (const [index, statement] of list.entries()) {
    const problems = checkStatement(statement);
    const id = isObject(statement) && typeof statement['id'] === 'string' ? statement['id'].toLowerCase() : undefined;
    if (id !== undefined && ids.has(id)) problems.push('id stands in this batch twice');
    if (id !== undefined) ids.add(id);
    if (problems.length > 0) fields[`statements.${index}`] = problems.join('; ');
    if (Object.keys(fields).length >= 10) break;
  }
  const [first] = Object.entries(fields);
  if (first) {
    const number = Number(first[0].split('.')[1]) + 1;
    throw new InvalidInput(fields, `Statement ${number}: ${first[1]}. Nothing of this batch was stored.`);
  }
  const unfit = matchAttachments(list, attachments);
  if (unfit) {
    const { statement, problem } = unfit;
    if (statement < 0) throw new InvalidInput({ body: problem }, problem);
    throw new InvalidInput({ [`statements.${statement}`]: problem }, `Statement ${statement + 1} ${problem}.`);
  }
  return list as Statement[];
}
