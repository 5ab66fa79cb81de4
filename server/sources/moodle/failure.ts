import { adviceOn } from '../../outbound/advice.ts';
import { OutboundFailed, OutboundRefused, OutboundTooLarge } from '../../outbound/outbound.ts';

export type MoodleTrouble =
  | 'token' // the token is unknown, expired, or its service is switched off
  | 'not-permitted' // the service user may not do this
  | 'no-function' // the function is not in the token's service
  | 'nobody' // the person asked about is no longer in the course, or of the site
  | 'refused' // Moodle answered with any other exception
  | 'unreachable' // no answer, too slow, or an HTTP error, also after trying again
  | 'unreadable'; // HTML, half a JSON, or a shape that we don't know

/** Said where the token is kept and can’t be read. */
export const unopenedToken =
  'the token that is kept here can’t be opened with this server’s encryption keys; please enter it again';

/** Why one call failed, in words for an administrator; never quotes what Moodle sent, which may name people. */
export class MoodleFailure extends Error {
  readonly trouble: MoodleTrouble;
  readonly functionName: string;
  readonly detail: string;
  constructor(trouble: MoodleTrouble, functionName: string, detail: string) {
    super(`${functionName}: ${detail}`);
    this.name = 'MoodleFailure';
    this.trouble = trouble;
    this.functionName = functionName;
    this.detail = detail;
  }
}

/** What an answer other than success means, whoever gave it: Moodle, or what stands in front of it. */
export function describeStatus(name: string, status: number): MoodleFailure {
  const said = (why: string) => `the site answered with status ${status}: ${why}`;
  if (status >= 500 || status === 429 || status === 408) {
    return new MoodleFailure(
      'unreachable',
      name,
      said('it is in maintenance, too busy or broken; Waymark tries again'),
    );
  }
  return new MoodleFailure('refused', name, said(whyRefused(status)));
}

function whyRefused(status: number): string {
  if (status >= 300 && status < 400) {
    return 'it sends on to another address; enter the one that browsers end up at, and let /webservice/rest/server.php pass without sign-in';
  }
  // Moodle answers so where web services are off.
  if (status === 401 || status === 403) {
    return 'web services or the REST protocol are switched off in Moodle, or something in front of it turns Waymark away';
  }
  if (status === 404) return 'there are no web services at this address; check it, with its path if it has one';
  return 'something in front of Moodle does not take the request';
}

/** Names what came instead of data, and quotes none of it. */
export function describeNoJson(name: string, text: string): MoodleFailure {
  const what = /^\s*</.test(text)
    ? 'a web page instead of data: a sign-in page or firewall stands before /webservice/rest/server.php, or this is not Moodle’s address'
    : 'data that breaks off or is not JSON: it may have printed a warning of PHP, or a proxy cut it off';
  return new MoodleFailure('unreadable', name, `the site sent ${what}`);
}

/** A failure on the way, as one of this function; what is none comes back as it is. */
export function describeOutbound(name: string, error: unknown): unknown {
  if (error instanceof OutboundTooLarge) {
    return new MoodleFailure('unreadable', name, `the site ${error.message}, which is more than Waymark takes`);
  }
  if (error instanceof OutboundRefused) {
    return new MoodleFailure('refused', name, `the site’s address may not be used: it ${error.message}`);
  }
  if (error instanceof OutboundFailed) {
    const advice = adviceOn(error.message);
    const detail = `the site could not be reached (${error.message})${advice ? `. ${advice}` : ''}`;
    return new MoodleFailure('unreachable', name, detail);
  }
  return error;
}

const tokenCodes = ['invalidtoken', 'accessexception_token', 'servicenotavailable'];
const goneCodes = ['userdeleted', 'invaliduser', 'usernotconfirmed', 'usernotincourse'];

/** What an error of Moodle means and what an administrator can do. Takes its code: messages may name people. */
export function describeException(name: string, errorcode: string): MoodleFailure {
  const failure = (trouble: MoodleTrouble, detail: string) => new MoodleFailure(trouble, name, `${detail} (${code})`);
  const code = /^[\w/-]{1,60}$/.test(errorcode) ? errorcode : 'unnamed';
  if (tokenCodes.includes(code)) {
    return failure(
      'token',
      'the token is not accepted: it is mistyped, was withdrawn or has expired; make a new one for the service user in Moodle',
    );
  }
  if (code.startsWith('wsaccessuser')) {
    return failure(
      'token',
      'the token is not accepted: the account of its user is suspended, expired or unconfirmed, or may not sign in',
    );
  }
  if (code === 'sitemaintenance' || code.startsWith('upgrade')) {
    return failure('unreachable', 'the site is in maintenance or being upgraded; Waymark tries again');
  }
  if (code === 'accessexception') {
    return failure(
      'no-function',
      'the token may not call this function: it is not in the token’s service, the service is off, the token has expired or is for other IP addresses, or its user lacks webservice/rest:use',
    );
  }
  // A function or a course that the site has no record of.
  if (code === 'invalidrecord') {
    return failure(
      'no-function',
      'the site does not know this function or this course: the course may have been deleted',
    );
  }
  if (goneCodes.includes(code)) return failure('nobody', 'the person is not to be found in the course');
  if (code === 'errorcoursecontextnotvalid') {
    return failure(
      'not-permitted',
      'the service user may not see this course: it lacks moodle/course:view, or has to change its password or agree to policies first',
    );
  }
  if (['nopermissions', 'nopermission', 'requireloginerror', 'notenrolled'].includes(code)) {
    return failure('not-permitted', 'the service user may not do this: a capability of its role is missing');
  }
  return failure('refused', 'Moodle answered with an error');
}
