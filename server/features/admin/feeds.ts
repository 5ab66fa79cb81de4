import type { NewFeed, NewFeedReply } from '../../contracts/admin.ts';
import { isId } from '../../database/connect.ts';
import { createFeed, FeedModel, type FeedKind } from '../../database/models/feed.ts';
import type { Actor } from '../../domain/access.ts';
import { NotFound } from '../../errors.ts';
import { findOwnPlatform, findOwnPlatforms, requireAdministrator, type AdminDeps } from './deps.ts';
import { note } from './platforms.ts';

const endpoints = { xapi: '/xapi', caliper: '/caliper/events' } as const satisfies Record<FeedKind, string>;

/** Makes the credential of a system that sends events. Its secret is in this answer and can't be read again. */
export async function addFeed(
  deps: AdminDeps,
  actor: Actor,
  platformId: string,
  { kind, name, homePage, names }: NewFeed,
): Promise<NewFeedReply> {
  await findOwnPlatform(actor, platformId);
  const { feedId, key, secret, bearerToken } = await createFeed(
    { kind, name, platformId, homes: homePage ? [{ homePage, names }] : [] },
    deps.now(),
  );
  await note(deps, actor);
  return { id: feedId, key, secret, bearerToken, endpoint: `${deps.publicUrl}${endpoints[kind]}` };
}

/** Lets a feed in again, or nothing more of it. Throws NotFound for a feed of another platform. */
export async function switchFeed(deps: AdminDeps, actor: Actor, feedId: string, isActive: boolean): Promise<void> {
  requireAdministrator(actor);
  const platformIds = (await findOwnPlatforms(actor)).map(({ _id }) => _id);
  const filter = { _id: feedId, platformId: { $in: platformIds } };
  const found = isId(feedId) && (await FeedModel.updateOne(filter, { $set: { isActive } })).matchedCount > 0;
  if (!found) throw new NotFound();
  await note(deps, actor);
}
