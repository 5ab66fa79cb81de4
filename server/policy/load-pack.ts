import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { aston } from './packs/aston.ts';
import { gloucestershire } from './packs/gloucestershire.ts';
import { jisc } from './packs/jisc.ts';
import { qmul } from './packs/qmul.ts';
import { findUnfit, policyPackSchema, type PolicyPack, type PolicyPackInput } from './schema.ts';

const shipped: Readonly<Record<string, PolicyPackInput>> = { qmul, aston, gloucestershire, jisc };

/** The names of the packs that come with Waymark. */
export const shippedPackNames: readonly string[] = Object.keys(shipped);

/** A pack that cannot be used: which one, and every problem with the path to it. */
export class InvalidPolicyPack extends Error {
  readonly problems: readonly string[];
  constructor(pack: string, problems: readonly string[]) {
    super(`The policy pack ${pack} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'InvalidPolicyPack';
    this.problems = problems;
  }
}

/**
 * Reads a policy pack once, at start.
 *
 * @param nameOrFile the name of a shipped pack, or the path of an institution's own JSON file. Such a file may begin
 *   with `"extends": "qmul"` and then holds only what differs: objects are merged, lists are replaced.
 * @throws InvalidPolicyPack with path and reason of everything that is wrong.
 */
export function loadPolicyPack(nameOrFile: string): PolicyPack {
  const own = shipped[nameOrFile];
  if (own) return check(nameOrFile, own);
  if (!nameOrFile.endsWith('.json'))
    throw new InvalidPolicyPack(nameOrFile, [
      `there is no pack of this name; choose ${shippedPackNames.join(', ')}, or the path of a .json file`,
    ]);
  const { extends: base, ...changes } = readJsonObject(nameOrFile);
  if (base === undefined) return check(nameOrFile, changes);
  const start = typeof base === 'string' ? shipped[base] : undefined;
  if (!start) throw new InvalidPolicyPack(nameOrFile, [`extends: must be one of ${shippedPackNames.join(', ')}`]);
  return check(nameOrFile, mergeInto(start, changes));
}

function readJsonObject(file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? `is not JSON (${error.message})` : 'cannot be read';
    throw new InvalidPolicyPack(file, [`the file ${reason}`]);
  }
  if (!isPlainObject(value)) throw new InvalidPolicyPack(file, ['the file must hold one JSON object']);
  return value;
}

function check(name: string, input: unknown): PolicyPack {
  const result = policyPackSchema.safeParse(input);
  if (!result.success)
    throw new InvalidPolicyPack(name, [
      ...new Set(
        [...result.error.issues, ...findUnfit(input)].map(
          ({ path, message }) => `${z.core.toDotPath(path) || 'the pack'}: ${message}`,
        ),
      ),
    ]);
  return deepFreeze(result.data);
}

function mergeInto(base: unknown, change: unknown): unknown {
  if (!isPlainObject(base) || !isPlainObject(change)) return change;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) merged[key] = mergeInto(base[key], value);
  return merged;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
