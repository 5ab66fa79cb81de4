import { createHash } from 'node:crypto';
import type { Guidance, Route } from '../../contracts/guidance.ts';
import { GuidanceAcknowledgementModel } from '../../database/models/guidance-acknowledgement.ts';
import type { Deps } from '../../deps.ts';
import { maySeeIndividuals, type Actor } from '../../domain/access.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { Conflict, NotAllowed } from '../../errors.ts';
import type { PolicyPack } from '../../policy/schema.ts';
import { findValidAcknowledgement } from '../../staff/require-staff.ts';

const yearsKept = 3;

/** What the actor is to read before the list opens, and whether they have. Throws NotAllowed for anybody but staff. */
export async function readGuidance(deps: Deps, actor: Actor): Promise<Guidance> {
  const { pack } = deps;
  if (!maySeeIndividuals(actor, pack.access)) throw new NotAllowed();
  const acknowledgedAt = await findValidAcknowledgement(deps, actor.personId);
  const say = (text: string) => fillWords(text, pack.words);
  const sayRoute = ({ name, description, url, phone }: Route): Route => ({
    name: say(name),
    description: say(description),
    ...(url && { url }),
    ...(phone && { phone }),
  });
  return {
    version: versionOf(pack),
    title: say(pack.guidance.title),
    points: pack.guidance.points.map(say),
    acknowledgement: say(pack.guidance.acknowledgement),
    ...(acknowledgedAt && {
      acknowledgedAt: acknowledgedAt.getTime(),
      validUntil: acknowledgedAt.getTime() + pack.guidance.everyDays * 86_400_000,
    }),
    principles: pack.principles.map(say),
    sources: pack.sources.map(({ title, url }) => ({ title, ...(url && { url }) })),
    crisis: {
      intro: say(pack.routes.crisis.intro),
      forStaff: say(pack.routes.crisis.forStaff),
      contacts: pack.routes.crisis.contacts.map(sayRoute),
    },
    confidentiality: say(pack.confidentiality),
    roleLimits: say(pack.roleLimits),
    support: sayRoute(pack.routes.support),
  };
}

/** Records that the actor has read this wording. Throws Conflict where the wording changed while it was being read. */
export async function acknowledgeGuidance(deps: Deps, actor: Actor, version: string): Promise<Guidance> {
  if (!maySeeIndividuals(actor, deps.pack.access)) throw new NotAllowed();
  if (version !== versionOf(deps.pack)) throw new Conflict('The guidance has changed. Please read it again.');
  const at = deps.now();
  const expiresAt = new Date(at);
  expiresAt.setUTCFullYear(expiresAt.getUTCFullYear() + yearsKept);
  await GuidanceAcknowledgementModel.create({
    platformId: actor.platformId,
    personId: actor.personId,
    version,
    at,
    expiresAt,
  });
  return readGuidance(deps, actor);
}

function versionOf({ id, guidance }: PolicyPack): string {
  const digest = createHash('sha256').update(JSON.stringify([guidance.points, guidance.acknowledgement]));
  return `${id}-${digest.digest('hex').slice(0, 12)}`.slice(-40);
}
