import { PlatformModel, type Platform } from '../database/models/platform.ts';

/** What login and launch ask about registrations. Registering and changing them is in registrations.ts. */

/** All registrations of an issuer: a login that names no client id is answered only where one of them can be meant. */
export function findPlatformsOf(issuer: string): Promise<Platform[]> {
  return PlatformModel.find({ issuer }).limit(20).lean<Platform[]>();
}

export function findPlatformById(id: Platform['_id']): Promise<Platform | null> {
  return PlatformModel.findById(id).lean<Platform>();
}

/** Origins of the registration's own endpoints. */
export function originsOf(platform: Platform): string[] {
  const urls = [platform.issuer, platform.authenticationEndpoint, platform.tokenEndpoint, platform.jwksUri];
  return [...new Set([...urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin)])];
}

/** Whether a deployment may launch. With none known yet, the first launch's is taken, and shown to the administrator. */
export function isKnownDeployment(platform: Platform, deploymentId: string): boolean {
  return platform.deploymentIds.length === 0 || platform.deploymentIds.includes(deploymentId);
}

/** A platform of many schools launches from its schools' own hosts; so many are remembered for one registration. */
const mostLearnedOrigins = 5;

/**
 * Remembers what a verified launch says of its platform: the first deployment, origins beyond its endpoints' from which it
 * frames Waymark and offers services, and which of the services that Waymark asks for it grants. Writes only when there is something new.
 */
export async function learnFromLaunch(
  platform: Platform,
  {
    deploymentId,
    urls,
    productFamily,
    scopes,
  }: {
    deploymentId: string;
    urls: readonly string[];
    productFamily?: string | undefined;
    scopes: readonly string[];
  },
): Promise<Platform> {
  const known = new Set([...originsOf(platform), ...platform.learnedOrigins]);
  const origins = urls
    .filter((url) => URL.canParse(url) && /^https?:/.test(url))
    .map((url) => new URL(url).origin)
    .filter((origin) => !known.has(origin));
  const fresh = [...new Set(origins)].slice(0, Math.max(0, mostLearnedOrigins - platform.learnedOrigins.length));
  const isFirstDeployment = platform.deploymentIds.length === 0;
  const isNewFamily = productFamily !== undefined && platform.productFamily === undefined;
  // A service that was switched on after registering is named by launches; a list that nobody has told stays untold.
  const granted = platform.scopes.length === 0 ? [] : scopes.filter((scope) => !platform.scopes.includes(scope));
  if (fresh.length === 0 && granted.length === 0 && !isFirstDeployment && !isNewFamily) return platform;
  await PlatformModel.updateOne(
    { _id: platform._id },
    {
      ...((fresh.length > 0 || granted.length > 0) && {
        $addToSet: { learnedOrigins: { $each: fresh }, scopes: { $each: granted } },
      }),
      ...(isNewFamily && { $set: { productFamily } }),
    },
  );
  if (isFirstDeployment) {
    await PlatformModel.updateOne(
      { _id: platform._id, deploymentIds: { $size: 0 } },
      { deploymentIds: [deploymentId] },
    );
  }
  return (await findPlatformById(platform._id)) ?? platform;
}

/** Whether a service of the platform may be called at this URL: its own endpoints' origins, or one a launch has named. */
export function isOwnService(platform: Platform, url: string): boolean {
  if (!URL.canParse(url)) return false;
  return [...originsOf(platform), ...platform.learnedOrigins].includes(new URL(url).origin);
}

/** Origins of active platforms, which may frame Waymark. */
export async function listFrameOrigins(): Promise<string[]> {
  const platforms = await PlatformModel.find({ isActive: true }).lean<Platform[]>();
  return [...new Set(platforms.flatMap((platform) => [...originsOf(platform), ...platform.learnedOrigins]))];
}
