/**
 * Why a login, a launch or a registration was refused: the reason code (in the page, the log and the
 * `X-Waymark-Refusal` header), and what a person can do. Nothing is stored for a refused launch.
 */

interface Words {
  readonly status: number;
  /** What went wrong, for somebody who wanted to open a course page. */
  readonly what: string;
  /** Who can put it right: the person by trying again, the VLE's administrator, or whoever runs Waymark. */
  readonly ask: 'reopen' | 'administrator' | 'operator';
}

const tooOld = 'This page was open for too long, or was opened twice.';
const unlike = 'The course site sent something that Waymark could not trust.';
const incomplete = 'The course site left out something that Waymark needs.';
const misregistered = 'Waymark and the course site do not agree on how they are connected.';

const words = {
  // How the request itself looks.
  'request-malformed': { status: 400, what: 'This address only works when a course site opens it.', ask: 'reopen' },
  'login-incomplete': { status: 400, what: incomplete, ask: 'administrator' },
  'redirect-foreign': { status: 400, what: misregistered, ask: 'administrator' },
  // Who is asking.
  'platform-unknown': { status: 403, what: 'Waymark does not know this course site.', ask: 'administrator' },
  'platform-disabled': {
    status: 403,
    what: 'Waymark has been switched off for this course site.',
    ask: 'administrator',
  },
  'client-id-needed': { status: 400, what: misregistered, ask: 'administrator' },
  'deployment-missing': { status: 400, what: incomplete, ask: 'administrator' },
  'deployment-unknown': {
    status: 403,
    what: 'Waymark has not been switched on for this part of the course site.',
    ask: 'administrator',
  },
  'deployment-mismatch': { status: 400, what: unlike, ask: 'reopen' },
  'platform-declined': { status: 403, what: 'The course site did not let you open Waymark.', ask: 'reopen' },
  // The same browser, once.
  'state-missing': { status: 400, what: unlike, ask: 'reopen' },
  'state-unknown': { status: 400, what: tooOld, ask: 'reopen' },
  'state-used': { status: 400, what: tooOld, ask: 'reopen' },
  'browser-mismatch': {
    status: 400,
    what: 'Waymark could not tell that this is the browser in which you began. It may block cookies from other sites.',
    ask: 'reopen',
  },
  // The token.
  'token-malformed': { status: 400, what: unlike, ask: 'administrator' },
  'alg-not-allowed': { status: 400, what: unlike, ask: 'administrator' },
  'kid-missing': { status: 400, what: unlike, ask: 'administrator' },
  'kid-unknown': { status: 400, what: unlike, ask: 'administrator' },
  'key-unsuitable': { status: 400, what: unlike, ask: 'administrator' },
  'keys-unavailable': {
    status: 503,
    what: 'The course site did not answer when Waymark asked for its keys.',
    ask: 'reopen',
  },
  'signature-wrong': { status: 400, what: unlike, ask: 'administrator' },
  'issuer-wrong': { status: 400, what: misregistered, ask: 'administrator' },
  'audience-wrong': { status: 400, what: misregistered, ask: 'administrator' },
  'azp-missing': { status: 400, what: unlike, ask: 'administrator' },
  'azp-wrong': { status: 400, what: unlike, ask: 'administrator' },
  'exp-missing': { status: 400, what: incomplete, ask: 'administrator' },
  'exp-too-far': { status: 400, what: unlike, ask: 'administrator' },
  expired: { status: 400, what: tooOld, ask: 'reopen' },
  'iat-missing': { status: 400, what: incomplete, ask: 'administrator' },
  'iat-in-future': { status: 400, what: 'The clocks of Waymark and the course site differ.', ask: 'administrator' },
  'iat-too-old': { status: 400, what: tooOld, ask: 'reopen' },
  'not-yet-valid': { status: 400, what: 'The clocks of Waymark and the course site differ.', ask: 'administrator' },
  'nonce-missing': { status: 400, what: incomplete, ask: 'administrator' },
  'nonce-wrong': { status: 400, what: unlike, ask: 'reopen' },
  // The message.
  'message-type-missing': { status: 400, what: incomplete, ask: 'administrator' },
  'message-type-unknown': {
    status: 400,
    what: 'The course site asked for something that Waymark does not offer.',
    ask: 'administrator',
  },
  'version-missing': { status: 400, what: incomplete, ask: 'administrator' },
  'version-wrong': {
    status: 400,
    what: 'The course site speaks another version of LTI than Waymark does.',
    ask: 'administrator',
  },
  'user-missing': { status: 400, what: 'The course site did not say who you are.', ask: 'administrator' },
  'user-malformed': { status: 400, what: unlike, ask: 'administrator' },
  'roles-missing': { status: 400, what: 'The course site did not say what your role is.', ask: 'administrator' },
  'roles-malformed': { status: 400, what: unlike, ask: 'administrator' },
  'context-malformed': { status: 400, what: unlike, ask: 'administrator' },
  'resource-link-missing': { status: 400, what: incomplete, ask: 'administrator' },
  'target-link-missing': { status: 400, what: incomplete, ask: 'administrator' },
  'target-link-foreign': { status: 400, what: misregistered, ask: 'administrator' },
  'target-link-mismatch': { status: 400, what: unlike, ask: 'reopen' },
  'deep-linking-incomplete': { status: 400, what: incomplete, ask: 'administrator' },
  'deep-linking-return-unsafe': { status: 400, what: unlike, ask: 'administrator' },
  'deep-linking-not-for-role': {
    status: 403,
    what: 'Only somebody who teaches this course can place Waymark in it.',
    ask: 'administrator',
  },
  'submission-review-incomplete': { status: 400, what: incomplete, ask: 'administrator' },
  // Registration: read by an administrator.
  'registration-closed': {
    status: 403,
    what: 'Registration by address is closed: Waymark was started without a registration secret.',
    ask: 'operator',
  },
  'registration-secret-wrong': {
    status: 403,
    what: 'The registration secret in this address is missing or wrong.',
    ask: 'operator',
  },
  'registration-expired': {
    status: 403,
    what: 'The time in which Waymark could be registered is over.',
    ask: 'operator',
  },
  'registration-url-refused': {
    status: 400,
    what: 'The course site named an address that Waymark may not use: it must be https, and on the public internet, unless WAYMARK_ALLOWED_HOSTS names its host.',
    ask: 'operator',
  },
  'registration-unreachable': {
    status: 502,
    what: 'Waymark could not reach the course site to register with it.',
    ask: 'operator',
  },
  'registration-unreadable': {
    status: 502,
    what: 'What the course site says of itself could not be read.',
    ask: 'administrator',
  },
  'registration-issuer-mismatch': {
    status: 400,
    what: 'The address and the issuer that the course site named do not belong together. Where they really do, WAYMARK_ALLOWED_HOSTS can name the issuer’s host.',
    ask: 'operator',
  },
  'registration-declined': {
    status: 502,
    what: 'The course site did not accept the registration. Its registration links often work only once, and for an hour.',
    ask: 'administrator',
  },
  'registration-alg-unsupported': {
    status: 400,
    what: 'The course site does not sign launches with RS256, the only way that Waymark accepts.',
    ask: 'administrator',
  },
  // Ourselves.
  'too-many-requests': { status: 429, what: 'That was a lot at once. Please wait a moment.', ask: 'reopen' },
  'database-away': {
    status: 503,
    what: 'Waymark can’t reach its own records at the moment. Please try again in a few minutes.',
    ask: 'reopen',
  },
  internal: { status: 500, what: 'Something went wrong on our side. Nothing was stored.', ask: 'reopen' },
} as const satisfies Record<string, Words>;

export type RefusalCode = keyof typeof words;

/** Thrown anywhere on the way through login and launch; the gateway turns it into a page. */
export class LaunchRefused extends Error {
  readonly code: RefusalCode;
  /** For the log: what was compared, never who it was about. */
  readonly detail: string | undefined;
  constructor(code: RefusalCode, detail?: string, options?: ErrorOptions) {
    super(`Launch refused: ${code}`, options);
    this.name = 'LaunchRefused';
    this.code = code;
    this.detail = detail;
  }
}

/** Takes a code; returns the status and the sentences of the page that explains it. */
export function explainRefusal(code: RefusalCode): { status: number; what: string; advice: string } {
  const { status, what, ask } = words[code];
  return { status, what, advice: advice[ask] };
}

const advice = {
  reopen:
    'Go back to your course and open Waymark from there once more. If this page comes again, tell your IT service desk and quote the code below.',
  administrator:
    'You did nothing wrong, and trying again will not help. Please tell your IT service desk or VLE team, and quote the code below: the administrator of the course site can put it right.',
  operator: 'Please tell the people who run Waymark at your institution, and quote the code below.',
} as const;
