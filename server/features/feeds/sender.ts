import type { Feed } from '../../database/models/feed.ts';
import { countPlatformWrites, PlatformModel, type Platform } from '../../database/models/platform.ts';
import { InvalidInput, NotSignedIn } from '../../errors.ts';
import { createKeptBriefly } from '../../lti/kept-briefly.ts';
import { foldHome, type AccountHome } from '../../sources/xapi/map-statement.ts';

const hourMs = 3_600_000;
/** How soon disabling a platform in another process takes effect in this one, in milliseconds. */
const freshForMs = 2_000;
type Site = Pick<Platform, 'issuer' | 'moodle'>;
const kept = createKeptBriefly<Site | null>({ freshForMs, now: () => new Date(), version: countPlatformWrites });

function readSite(platformId: Feed['platformId']): Promise<Site | null> {
  return PlatformModel.collection.findOne<Site>(
    { _id: platformId, isActive: true },
    { projection: { issuer: 1, 'moodle.baseUrl': 1 } },
  );
}

const earliest = Date.UTC(2000, 0, 1);

/**
 * The sites whose accounts a feed may speak of: its platform's own, where an account's name is the LTI `sub`, and those that
 * an administrator named for it. Throws NotSignedIn where the platform was disabled.
 */
export async function loadHomes(feed: Feed): Promise<AccountHome[]> {
  const platform = await kept.get(feed.platformId.toHexString(), () => readSite(feed.platformId));
  if (!platform) throw new NotSignedIn('The platform that this feed belongs to is disabled.');
  const own = [platform.issuer, platform.moodle?.baseUrl].flatMap((url) =>
    url ? [{ homePage: foldHome(url), names: 'sub' as const }] : [],
  );
  return [...own, ...feed.homes.map(({ homePage, names }) => ({ homePage: foldHome(homePage), names }))];
}

/** A clock may run ahead by an hour; what claims to come from later, or from before 2000, was never a student's doing. */
export function checkTime(at: number, now: number, field: string): void {
  if (at > now + hourMs) throw new InvalidInput({ [field]: 'lies in the future' }, 'A time lies in the future.');
  if (at < earliest)
    throw new InvalidInput({ [field]: 'lies before the year 2000' }, 'A time lies before the year 2000.');
}
