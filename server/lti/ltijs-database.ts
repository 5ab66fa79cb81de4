import type { DatabasePlugin } from 'ltijs';
import type { Platform } from '../database/models/platform.ts';
import type { KnownPlatforms } from './known-platforms.ts';
import type { ToolKeys } from './tool-keys.ts';

/**
 * What ltijs sees of our database: registrations and public keys, to read. Whatever it would store (tokens with names and
 * e-mail addresses in clear, nonces that it checks before it inserts) is answered as done and kept nowhere.
 */
export function createLtijsDatabase(toolKeys: ToolKeys, platforms: KnownPlatforms): DatabasePlugin {
  return {
    setup: () => Promise.resolve(true),
    Close: () => Promise.resolve(true),
    Insert: () => Promise.resolve(true),
    Replace: () => Promise.resolve(true),
    Modify: () => Promise.resolve(true),
    Delete: () => Promise.resolve(true),
    async Get(_key, collection, query = {}) {
      if (collection === 'platform') {
        const { platformUrl, clientId } = query;
        if (typeof platformUrl !== 'string' || typeof clientId !== 'string') return false;
        const platform = await platforms.find(platformUrl, clientId);
        return platform ? [describePlatform(platform)] : false;
      }
      if (collection === 'platformStatus') return [{ active: query['id'] === idOfActive }];
      if (collection === 'publickey') {
        return (await toolKeys.published()).map(({ kid, publicPem }) => ({ kid, key: publicPem }));
      }
      return false;
    },
  };
}

/** ltijs asks for the status by this id right after it has read the platform, so the id tells it, without a second query. */
const idOfActive = 'active';

function describePlatform(platform: Platform): object {
  return {
    platformName: platform.name,
    platformUrl: platform.issuer,
    clientId: platform.clientId,
    authEndpoint: platform.authenticationEndpoint,
    accesstokenEndpoint: platform.tokenEndpoint,
    authorizationServer: platform.tokenAudience,
    kid: platform.isActive ? idOfActive : 'disabled',
    // The only field that ltijs hands through unread; the login gets the registration from here.
    authConfig: { method: 'JWK_SET', key: platform.jwksUri, registration: platform },
  };
}
