import type { Platform } from '../database/models/platform.ts';
import type { LaunchClaims } from './claims.ts';
import { originsOf } from './platforms.ts';

/**
 * Takes a verified launch. Returns where a page that fills the window can lead its reader back to: the launch's own return
 * address, where it is a web address on an origin of the registration, or on that of a service which this launch names (a
 * platform of many schools has its endpoints elsewhere). Undefined for any other: Waymark sends nobody to a stranger's page.
 */
export function readWayBack(platform: Platform, claims: LaunchClaims): string | undefined {
  const given = claims.launchPresentation?.return_url;
  if (given === undefined || !URL.canParse(given)) return undefined;
  const url = new URL(given);
  if (!['https:', 'http:'].includes(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  const services = [claims.namesAndRoles?.context_memberships_url, claims.grades?.lineitems];
  const origins = services.flatMap((service) => (service && URL.canParse(service) ? [new URL(service).origin] : []));
  if (![...originsOf(platform), ...origins].includes(url.origin)) return undefined;
  return moodleCourse(url) ?? url.href;
}

/**
 * Moodle's return page leads to the course page, but for an embedded tool it only breaks out of frames: at the top of a window
 * it stays empty. It also asks for a key of the Moodle session, which Waymark has no business to keep. So the course page it is.
 */
function moodleCourse(url: URL): string | undefined {
  const site = /^(.*)\/mod\/lti\/return\.php$/.exec(url.pathname)?.[1];
  const course = url.searchParams.get('course') ?? '';
  if (site === undefined || !/^\d{1,18}$/.test(course)) return undefined;
  return `${url.origin}${site}/course/view.php?id=${course}`;
}

/**
 * Takes what a login names. Returns where the platform opens this very link anew, for whoever is then signed in there: a page
 * that lost its session (the browser's Back loads the frame as it last was, without any launch) goes there by itself. Only
 * Moodle's hint tells, and only over https does Chrome send Moodle's session from our frame into its own: without it Moodle would
 * begin a session anew, and sign its person out. Undefined otherwise.
 */
export function readWayIn(platform: Pick<Platform, 'authenticationEndpoint'>, messageHint = ''): string | undefined {
  const site = /^(https:\/\/[^?#]+)\/mod\/lti\/auth\.php$/.exec(platform.authenticationEndpoint)?.[1];
  const id = /"cmid":\s*"?(\d{1,18})["},\s]/.exec(messageHint)?.[1];
  // The view was counted when it was first opened.
  return site && id ? `${site}/mod/lti/launch.php?id=${id}&triggerview=0` : undefined;
}
