import type { Deps } from '../../deps.ts';
import { audit } from '../../database/models/audit.ts';
import type { Actor } from '../../domain/access.ts';
import { collectEverything } from './collect-everything.ts';
import { renderEverything } from './render-everything.ts';
import { ownerOf } from './owner.ts';

/** Everything held about the student in this course, as JSON with names that explain themselves. */
export async function downloadAsJson(actor: Actor, deps: Deps): Promise<string> {
  return JSON.stringify(await collect(actor, deps), undefined, 2);
}

/** The same as one page that opens in any browser, without scripts and without anything from elsewhere. */
export async function downloadAsHtml(actor: Actor, deps: Deps): Promise<string> {
  return renderEverything(await collect(actor, deps), deps.pack.words);
}

async function collect(actor: Actor, deps: Deps) {
  const student = ownerOf(actor);
  await audit(student, 'downloaded-own-data', {
    subjectId: student.personId,
    at: deps.now(),
    keptDays: deps.pack.retention.auditDays,
  });
  return collectEverything(student, deps);
}
