import type { Logger } from 'pino';
import type { Vault } from './database/vault.ts';
import type { SessionTokens } from './http/session-token.ts';
import type { PolicyPack } from './policy/schema.ts';

/** What every feature may use. Nothing else reaches it from outside: no globals, no configuration, no clock of its own. */
export interface Deps {
  readonly vault: Vault;
  readonly pack: PolicyPack;
  readonly log: Logger;
  readonly now: () => Date;
  readonly tokens: SessionTokens;
}
