import type { Logger } from 'pino';
import type { Vault } from './database/vault.ts';
import type { SessionTokens } from './http/session-token.ts';

/** What every feature may use. Nothing else reaches it from outside: no globals, no configuration, no clock of its own. */
export interface Deps {
  readonly vault: Vault;
  readonly pack: { readonly id: string; readonly name: string; readonly words: Readonly<Record<string, string>> };
  readonly log: Logger;
  readonly now: () => Date;
  readonly tokens: SessionTokens;
}
