import { isDoc, isNumeric, toNumber } from '../bson-values.ts';
import type { Doc, Value } from '../bson-values.ts';
import type { Engine } from '../engine.ts';
import { DatabaseError, notSupported } from '../errors.ts';
import type { Sessions } from '../sessions.ts';
import type { Transaction } from '../transactions.ts';

/** What a command's function is given. */
export interface CommandContext {
  readonly engine: Engine;
  readonly sessions: Sessions;
  readonly database: string;
  readonly command: Doc;
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
  readonly transaction: Transaction | null;
}

/** The reply: a document, or one already in bytes. */
export type Reply = Doc | Buffer;
export type Command = (context: CommandContext) => Reply | Promise<Reply>;

export function textOf(command: Doc, field: string): string {
  const value = command[field];
  if (typeof value !== 'string') throw new DatabaseError('InvalidNamespace', `'${field}' has to be a string`);
  return value;
}

export function docOf(command: Doc, field: string): Doc {
  const value = command[field];
  if (value === undefined || value === null) return {};
  if (!isDoc(value)) throw new DatabaseError('TypeMismatch', `'${field}' has to be a document`);
  return value;
}

export function docsOf(value: Value, field: string): readonly Doc[] {
  if (!Array.isArray(value) || !value.every(isDoc)) {
    throw new DatabaseError('TypeMismatch', `'${field}' has to be an array of documents`);
  }
  return value;
}

export function numberOf(value: Value, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isNumeric(value)) throw new DatabaseError('TypeMismatch', `'${name}' has to be a number`);
  return Math.trunc(toNumber(value));
}

/** A count that may not be negative. */
export function countOf(value: Value, name: string): number | undefined {
  const number = numberOf(value, name);
  if (number !== undefined && number < 0) throw new DatabaseError('BadValue', `'${name}' must not be negative`);
  return number;
}

export function isTrue(value: Value): boolean {
  return value === true || (isNumeric(value) && toNumber(value) !== 0);
}

/** Text is compared by its bytes only, so that any other collation must be refused. */
export function refuseCollation(spec: Doc): void {
  const collation = spec['collation'];
  if (isDoc(collation) && collation['locale'] !== undefined && collation['locale'] !== 'simple')
    throw notSupported('collations');
}
