import type { Logger } from 'pino';
import type { Vault } from '../database/vault.ts';
import type { RosterMember } from '../domain/roster-member.ts';
import type { Ruleset } from '../domain/rules.ts';
import type { MoodleClient, MoodleConnectionOptions } from '../sources/moodle/client.ts';

/** What a refresh needs besides the database. */
export interface RefreshDeps {
  readonly vault: Vault;
  readonly log: Logger;
  readonly now: () => Date;
  /** The rules of a course that has set none of its own: its policy pack's. */
  readonly defaultRuleset: Ruleset;
  /** All pages of the course's roster. Rejects where the platform does not give it. */
  readonly readRoster: (courseId: string) => Promise<readonly RosterMember[]>;
  readonly createMoodleClient: (options: MoodleConnectionOptions) => MoodleClient;
}

export type ComputeDeps = Pick<RefreshDeps, 'now' | 'log' | 'defaultRuleset'>;
