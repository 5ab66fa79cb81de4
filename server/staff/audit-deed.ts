import { audit, type AuditedDeed } from '../database/models/audit.ts';
import type { Actor } from '../domain/access.ts';
import type { Deps } from '../deps.ts';

/** Writes who did what, about whom, before the answer leaves. */
export async function auditDeed(deps: Deps, actor: Actor, deed: AuditedDeed, subjectId?: string): Promise<void> {
  await audit(actor, deed, {
    at: deps.now(),
    keptDays: deps.pack.retention.auditDays,
    ...(subjectId !== undefined && { subjectId }),
  });
}
