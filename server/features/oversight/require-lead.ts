import type { Actor } from '../../domain/access.ts';
import { NotAllowed } from '../../errors.ts';

/** What is taken out of Waymark about a whole platform is for its engagement lead alone. */
export function requireLead(actor: Actor): void {
  if (actor.role !== 'lead') throw new NotAllowed();
}
