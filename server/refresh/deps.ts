import type { Logger } from 'pino';
import type { Vault } from '../database/vault.ts';
import type { Ruleset } from '../domain/rules.ts';
import type { Role } from '../domain/vocabulary.ts';
import type { MoodleClient, MoodleClientOptions } from '../sources/moodle/client.ts';

/** One member of a course as its roster names them, the roles already read. */
export interface RosterMember {
  /** LTI `sub`. */
  readonly sub: string;
  readonly name?: string | undefined;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly email?: string | undefined;
  readonly sourcedId?: string | undefined;
  readonly username?: string | undefined;
  /** Undefined where the platform gives no role that Waymark knows. */
  readonly role: Role | undefined;
  readonly isActive: boolean;
}

/** What a refresh needs besides the database. */
export interface RefreshDeps {
  readonly vault: Vault;
  readonly log: Logger;
  readonly now: () => Date;
  /** The rules of a course that has set none of its own: its policy pack's. */
  readonly defaultRuleset: Ruleset;
  /** All pages of the course's roster. Rejects where the platform does not give it. */
  readonly readRoster: (courseId: string) => Promise<readonly RosterMember[]>;
  readonly createMoodleClient: (options: MoodleClientOptions) => MoodleClient;
}

export type ComputeDeps = Pick<RefreshDeps, 'now' | 'log' | 'defaultRuleset'>;
