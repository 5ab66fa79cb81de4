import type { MoodleTestReply } from '../../contracts/admin.ts';
import {
  moodleTokenSeal,
  openMoodleToken,
  PlatformModel,
  type MoodleConnection,
  type Platform,
} from '../../database/models/platform.ts';
import type { Actor } from '../../domain/access.ts';
import { InvalidInput, NotFound } from '../../errors.ts';
import { unopenedToken } from '../../sources/moodle/failure.ts';
import { testToken, type TokenTest } from '../../sources/moodle/test-token.ts';
import { findOwnPlatform, type AdminDeps } from './deps.ts';
import { note, presentMoodle } from './platforms.ts';

/**
 * Tries a web-service token and keeps it, sealed, also where the site does not accept it yet: what is missing is then shown until
 * it is put right. The platform's running courses are then read at once. Throws InvalidInput for an address that may not be used.
 */
export async function connectMoodle(
  deps: AdminDeps,
  actor: Actor,
  id: string,
  { baseUrl, token }: { baseUrl: string; token: string },
): Promise<MoodleTestReply> {
  const platform = await findOwnPlatform(actor, id);
  const objection = deps.lti.objectionTo(baseUrl);
  if (objection) throw new InvalidInput({ baseUrl: objection });
  await note(deps, actor);
  const sealedToken = deps.vault.seal(token, moodleTokenSeal(platform));
  return test(deps, platform, { baseUrl, sealedToken, functions: [] }, token);
}

/** Tries the token that is kept once more. Throws NotFound where there is none. */
export async function retestMoodle(deps: AdminDeps, actor: Actor, id: string): Promise<MoodleTestReply> {
  const platform = await findOwnPlatform(actor, id);
  if (!platform.moodle) throw new NotFound();
  return test(deps, platform, platform.moodle, openMoodleToken(platform, deps.vault));
}

/** Forgets address and token. Doing so twice is harmless. */
export async function disconnectMoodle(deps: AdminDeps, actor: Actor, id: string): Promise<void> {
  const platform = await findOwnPlatform(actor, id);
  await note(deps, actor);
  await PlatformModel.updateOne({ _id: platform._id }, { $unset: { moodle: 1 } });
}

async function test(
  deps: AdminDeps,
  platform: Platform,
  { baseUrl, sealedToken, functions: before }: MoodleConnection,
  token: string | undefined,
): Promise<MoodleTestReply> {
  const result: TokenTest =
    token === undefined
      ? { isAccepted: false, problem: unopenedToken }
      : await testToken(deps.createMoodleClient({ baseUrl, token, tries: 1, timeoutMs: 10_000 }), baseUrl);
  const moodle: MoodleConnection = {
    baseUrl,
    sealedToken,
    testedAt: deps.now(),
    functions: result.isAccepted ? [...result.functions] : [],
    ...(!result.isAccepted && { problem: result.problem }),
  };
  await PlatformModel.updateOne({ _id: platform._id }, { $set: { moodle } });
  const mayDoMore = moodle.functions.some((name) => !before.includes(name));
  return {
    coursesQueued: mayDoMore ? await deps.readCoursesSoon(platform._id.toHexString()) : 0,
    state: presentMoodle(moodle),
    isAccepted: result.isAccepted,
    ...(result.isAccepted && result.release && { release: result.release }),
    warnings: result.isAccepted ? [...result.warnings] : [],
  };
}
