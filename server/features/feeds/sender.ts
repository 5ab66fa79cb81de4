import type { Feed } from '../../database/models/feed.ts';
import { PlatformModel, type Platform } from '../../database/models/platform.ts';
import { InvalidInput, NotSignedIn } from '../../errors.ts';
import { foldHome, type AccountHome } from '../../sources/xapi/map-statement.ts';

const hourMs = 3_600_000;
const earliest = Date.UTC(2000, 0, 1);

/**
 * The sites whose accounts a feed may speak of: its platform's own, where an account's name is the LTI `sub`, and those that
 * an administrator named for it. Throws NotSignedIn where the platform was disabled.
 */
export async function loadHomes(feed: Feed): Promise<AccountHome[]> {
  const platform = await PlatformModel.findOne(
    { _id: feed.platformId, isActive: true },
    { issuer: 1, moodle: 1 },
  ).lean<Platform>();
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
