import type { Course } from '../database/models/course.ts';
import type { Role } from '../domain/vocabulary.ts';

/** One member of a course as its platform's roster names them; the roles already read (see roles.ts). */
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

/** What the platform of a course can be asked, once a launch has told where. */
export interface LtiServices {
  /**
   * Everybody in the course, all pages of it. Throws Unavailable where the platform does not answer, and where the course's
   * last launch named no roster.
   */
  readRoster(course: Pick<Course, '_id' | 'platformId' | 'membershipsUrl'>): Promise<readonly RosterMember[]>;
}
