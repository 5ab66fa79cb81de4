import { findLastAcknowledgement } from '../database/models/guidance-acknowledgement.ts';
import { maySeeIndividuals, type Actor, type CourseActor } from '../domain/access.ts';
import type { Deps } from '../deps.ts';
import { NotAllowed } from '../errors.ts';

/**
 * Lets through staff who may see individual students of their course and have acknowledged this year's guidance. Every
 * service of the tutor's side begins with it. Throws NotAllowed.
 */
export async function requireStaff(deps: Deps, actor: Actor): Promise<CourseActor> {
  if (!maySeeIndividuals(actor, deps.pack.access)) throw new NotAllowed();
  if (!(await findValidAcknowledgement(deps, actor.personId))) {
    throw new NotAllowed('Please read and acknowledge this year’s guidance first. Then the list opens.');
  }
  return actor;
}

/** When the person last acknowledged the guidance, if that still holds by the pack's period. */
export async function findValidAcknowledgement(deps: Deps, personId: string): Promise<Date | undefined> {
  const last = await findLastAcknowledgement(personId);
  const validFor = deps.pack.guidance.everyDays * 86_400_000;
  return last && deps.now().getTime() - last.at.getTime() < validFor ? last.at : undefined;
}
