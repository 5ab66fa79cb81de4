import type { Deps } from '../../deps.ts';
import { mayAdminister, type Actor } from '../../domain/access.ts';
import { isId } from '../../database/connect.ts';
import { PlatformModel, type Platform } from '../../database/models/platform.ts';
import { NotAllowed, NotFound } from '../../errors.ts';
import type { MoodleClient, MoodleConnectionOptions } from '../../sources/moodle/client.ts';

export interface AdminDeps extends Deps {
  readonly createMoodleClient: (options: MoodleConnectionOptions) => MoodleClient;
  readonly lti: {
    /** Why an address may not be used; undefined when it may. */
    readonly objectionTo: (url: string) => string | undefined;
    readonly tool: {
      readonly login: string;
      readonly launch: string;
      readonly keys: string;
      readonly register: string;
    };
    readonly registration: { readonly secret: string; readonly until: Date | undefined } | undefined;
  };
  readonly publicUrl: string;
  /** Whether the data is in Waymark's own database and not on a server. */
  readonly isEmbedded: boolean;
  /** Has the running courses of a platform read now, a few at a time; resolves to how many, not to what they say. */
  readonly readCoursesSoon: (platformId: string) => Promise<number>;
}

export function requireAdministrator(actor: Actor): void {
  if (!mayAdminister(actor)) throw new NotAllowed('Only an administrator of the VLE can see this.');
}

/**
 * Registrations that an administrator looks after: those of the issuer they came from. Another institution's platform on
 * the same Waymark is not theirs, whoever they are at home.
 */
export async function findOwnPlatforms(actor: Actor): Promise<Platform[]> {
  const own = await PlatformModel.findById(actor.platformId, { issuer: 1 }).lean();
  if (!own) throw new NotFound();
  return PlatformModel.find({ issuer: own.issuer }).sort({ name: 1, _id: 1 }).lean<Platform[]>();
}

/** One of them. Throws NotFound for any other, and for what is no id. */
export async function findOwnPlatform(actor: Actor, id: string): Promise<Platform> {
  requireAdministrator(actor);
  const platform = isId(id) && (await findOwnPlatforms(actor)).find(({ _id }) => _id.toHexString() === id);
  if (!platform) throw new NotFound();
  return platform;
}
