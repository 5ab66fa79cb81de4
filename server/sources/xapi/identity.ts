import { hash as digest } from 'node:crypto';
import type { Statement } from './statement.ts';

const eventNameKey = 'http://lrs.learninglocker.net/define/extensions/info';

/**
 * The id of a statement whose sender gave none (logstore_xapi never does): made from what happened, so that a batch that
 * is sent again counts once. Session and software versions are left out, as they change between two tries.
 */
export function deriveId(statement: Statement): string {
  const info = statement.context?.extensions?.[eventNameKey];
  const eventName =
    typeof info === 'object' && info !== null ? (info as Record<string, unknown>)['event_name'] : undefined;
  const { objectType: _, ...actor } = statement.actor;
  const identifying = { mbox: actor.mbox, sum: actor.mbox_sha1sum, openid: actor.openid, account: actor.account };
  const hash = hashContent([
    identifying,
    statement.verb.id,
    statement.object.id ?? statement.object,
    statement.timestamp,
    statement.result,
    eventName,
  ]);
  // Version 8 of a UUID is for ids that are made by a rule of one's own.
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

/** A hash of a statement without what the receiver sets: equal for equal content in whatever order of keys. */
export function hashStatement(statement: object): string {
  const {
    id: _id,
    stored: _stored,
    authority: _authority,
    version: _version,
    ...rest
  } = statement as Record<string, unknown>;
  return hashContent(rest);
}

/** Equal for equal content, in whatever order its keys are written. */
export function hashContent(value: unknown): string {
  return digest('sha256', canonical(value), 'hex');
}

/** JSON with the keys of every object in order. Runs for every statement: texts are put together in one go. */
function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const entry of value) text += `${text && ','}${canonical(entry)}`;
    return `[${text}]`;
  }
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object).sort()) {
    const inner = object[key];
    if (inner !== undefined) text += `${text && ','}${JSON.stringify(key)}:${canonical(inner)}`;
  }
  return `{${text}}`;
}
