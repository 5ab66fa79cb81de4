import { isDoc, typeOf } from './bson-values.ts';
import type { Value } from './bson-values.ts';
import { DatabaseError } from './errors.ts';

const SWITCH_FIELDS = new Set(['branches', 'default']);
const BRANCH_FIELDS = new Set(['case', 'then']);
const COND_FIELDS = new Set(['if', 'then', 'else']);

function checkBranch(branch: Value): void {
  if (!isDoc(branch))
    throw new DatabaseError(
      'Location40062',
      `$switch expected each branch to be an object, found: ${typeOf(branch ?? null)}`,
    );
  const odd = Object.keys(branch).find((name) => !BRANCH_FIELDS.has(name));
  if (odd !== undefined)
    throw new DatabaseError('Location40063', `$switch found an unknown argument to a branch: ${odd}`);
  if (!('case' in branch))
    throw new DatabaseError('Location40064', "$switch requires each branch have a 'case' expression");
  if (!('then' in branch))
    throw new DatabaseError('Location40065', "$switch requires each branch have a 'then' expression.");
}

function checkSwitch(operand: Value): void {
  if (!isDoc(operand))
    throw new DatabaseError(
      'Location40060',
      `$switch requires an object as an argument, found: ${typeOf(operand ?? null)}`,
    );
  const odd = Object.keys(operand).find((name) => !SWITCH_FIELDS.has(name));
  if (odd !== undefined) throw new DatabaseError('Location40067', `$switch found an unknown argument: ${odd}`);
  const branches = operand['branches'] ?? [];
  if (!Array.isArray(branches))
    throw new DatabaseError('Location40061', `$switch expected an array for 'branches', found: ${typeOf(branches)}`);
  branches.forEach(checkBranch);
  if (branches.length === 0) throw new DatabaseError('Location40068', '$switch requires at least one branch.');
}

function checkCond(operand: Value): void {
  if (!isDoc(operand)) return;
  const odd = Object.keys(operand).find((name) => !COND_FIELDS.has(name));
  if (odd !== undefined) throw new DatabaseError('Location17083', `Unrecognized parameter to $cond: ${odd}`);
  if (!('if' in operand)) throw new DatabaseError('Location17080', "Missing 'if' parameter to $cond");
  if (!('then' in operand)) throw new DatabaseError('Location17081', "Missing 'then' parameter to $cond");
  if (!('else' in operand)) throw new DatabaseError('Location17082', "Missing 'else' parameter to $cond");
}

/** Throws where an operator's arguments are wrong whatever the documents are, with MongoDB's codes. */
export function checkArguments(operator: string, operand: Value): void {
  if (operator === '$switch') checkSwitch(operand);
  if (operator === '$cond') checkCond(operand);
}
