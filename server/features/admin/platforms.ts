import type { NewPlatform, PlatformReply } from '../../contracts/admin.ts';
import { audit } from '../../database/models/audit.ts';
import type { Feed } from '../../database/models/feed.ts';
import type { Platform } from '../../database/models/platform.ts';
import type { Actor } from '../../domain/access.ts';
import { addDeployment, addRegistration, removeDeployment, setRegistrationActive } from '../../lti/registrations.ts';
import { askedScopes } from '../../lti/scopes.ts';
import { moodleFunctions } from '../../sources/moodle/test-token.ts';
import { findOwnPlatform, requireAdministrator, type AdminDeps } from './deps.ts';

/** Registers a platform by hand. Throws InvalidInput for an address that may not be used, Conflict for one that is known. */
export async function addPlatform(deps: AdminDeps, actor: Actor, given: NewPlatform): Promise<PlatformReply> {
  requireAdministrator(actor);
  const { deploymentId, ...rest } = given;
  const registration = { ...rest, deploymentIds: deploymentId ? [deploymentId] : [], scopes: askedScopes };
  const platform = await addRegistration(registration, deps.lti.objectionTo);
  await note(deps, actor);
  return presentPlatform(platform, [], actor);
}

/** Switches a registration off, which ends its sessions, or on again. */
export async function switchPlatform(deps: AdminDeps, actor: Actor, id: string, isActive: boolean): Promise<void> {
  await findOwnPlatform(actor, id);
  await note(deps, actor);
  await setRegistrationActive(id, isActive, deps.now());
}

export async function allowDeployment(deps: AdminDeps, actor: Actor, id: string, deploymentId: string): Promise<void> {
  await findOwnPlatform(actor, id);
  await note(deps, actor);
  await addDeployment(id, deploymentId);
}

export async function forbidDeployment(deps: AdminDeps, actor: Actor, id: string, deploymentId: string): Promise<void> {
  await findOwnPlatform(actor, id);
  await removeDeployment(id, deploymentId);
  await note(deps, actor);
}

/** Every change of a registration leaves a row that says who made it. */
export function note(deps: AdminDeps, actor: Actor): Promise<void> {
  return audit(actor, 'changed-registration', { at: deps.now(), keptDays: deps.pack.retention.auditDays });
}

/** What the page may know of a registration: no sealed value, no hash. */
export function presentPlatform(platform: Platform, feeds: readonly Feed[], actor: Actor): PlatformReply {
  const { name, issuer, clientId, authenticationEndpoint, tokenEndpoint, jwksUri, deploymentIds, isActive } = platform;
  return {
    id: platform._id.toHexString(),
    name,
    issuer,
    clientId,
    authenticationEndpoint,
    tokenEndpoint,
    jwksUri,
    deploymentIds,
    isActive,
    isOwn: platform._id.toHexString() === actor.platformId,
    ...(platform.productFamily && { productFamily: platform.productFamily }),
    ...(platform.moodle && { moodle: presentMoodle(platform.moodle) }),
    feeds: feeds.map(presentFeed),
  };
}

export function presentMoodle(moodle: NonNullable<Platform['moodle']>) {
  const { baseUrl, testedAt, problem, functions } = moodle;
  return {
    baseUrl,
    ...(testedAt && { testedAt: testedAt.getTime() }),
    ...(problem && { problem }),
    missing: problem ? [] : moodleFunctions.filter((needed) => !functions.includes(needed.name)).map((f) => ({ ...f })),
  };
}

function presentFeed(feed: Feed): PlatformReply['feeds'][number] {
  const { kind, name, key, isActive, lastReceivedAt, received, stored, dropped, homes } = feed;
  return {
    id: feed._id.toHexString(),
    kind,
    name,
    key,
    isActive,
    ...(lastReceivedAt && { lastReceivedAt: lastReceivedAt.getTime() }),
    received,
    stored,
    dropped,
    homes: homes.map(({ homePage, names }) => ({ homePage, names })),
  };
}
