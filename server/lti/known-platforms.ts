import { countPlatformWrites, PlatformModel, type Platform } from '../database/models/platform.ts';
import { withinPatience } from './database-patience.ts';
import { createKeptBriefly } from './kept-briefly.ts';

/**
 * How long a login or a launch goes by a registration read before, in milliseconds: so soon does switching one off in another
 * process take effect in this one. No session comes of a launch in between: tokens are issued by what the database says.
 */
const freshForMs = 2_000;

/** Registrations as login and launch need them: read once for everybody who comes at the same moment. */
export interface KnownPlatforms {
  /** The registration with this issuer and client id, active or not. */
  find(issuer: string, clientId: string): Promise<Platform | null>;
  findById(id: Platform['_id']): Promise<Platform | null>;
}

export function createKnownPlatforms(now: () => Date): KnownPlatforms {
  const kept = createKeptBriefly<Platform | null>({ freshForMs, now, version: countPlatformWrites });
  return {
    find: (issuer, clientId) =>
      kept.get(JSON.stringify([issuer, clientId]), () =>
        withinPatience(PlatformModel.findOne({ issuer, clientId }).lean<Platform>().exec()),
      ),
    findById: (id) =>
      kept.get(id.toHexString(), () => withinPatience(PlatformModel.findById(id).lean<Platform>().exec())),
  };
}
