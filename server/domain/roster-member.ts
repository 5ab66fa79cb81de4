import type { Role } from './vocabulary.ts';

/** One member of a course as a roster names them, whichever roster it is; the roles already read. */
export interface RosterMember {
  /** LTI `sub`. */
  readonly sub: string;
  readonly name?: string | undefined;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly email?: string | undefined;
  readonly sourcedId?: string | undefined;
  readonly username?: string | undefined;
  /** Undefined where the platform gives no role that Waymark knows (a guest, an observer without mentees). */
  readonly role: Role | undefined;
  readonly isActive: boolean;
}
