import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { unopenedText } from '../contracts/unopened-text.ts';

/**
 * Encryption at rest for free text about a person and for stored credentials: AES-256-GCM with a ring of keys. The first
 * key seals; every key opens, so that a key can be rotated without stopping. `context` (for example `action:<id>`)
 * is authenticated: a sealed text that is moved to another record no longer opens.
 */
export interface Vault {
  seal(text: string, context: string): string;
  /**
   * For what the tool itself needs, such as a credential. Throws SealBroken where the key is gone, or the text or its context
   * was changed.
   */
  open(sealed: string, context: string): string;
  /** For what people read: one text that can't be opened has `unopenedText` in its place, and takes nothing else with it. */
  read(sealed: string, context: string): string;
  /** Seals a text that replaces one that was read; where that could not be opened and was left alone, it stays as stored. */
  sealChange(text: string, context: string, stored: string | null | undefined): string;
  /** Whether a text was sealed with a key that is no longer the first. */
  needsResealing(sealed: string): boolean;
}

export interface VaultKey {
  /** Letters, digits, `-` and `_`; kept beside what it sealed. */
  readonly id: string;
  /** At least 32 bytes of secret. */
  readonly secret: Uint8Array;
}

export class SealBroken extends Error {
  constructor() {
    super('A stored text could not be opened with any of the configured keys.');
    this.name = 'SealBroken';
  }
}

const version = 'v1';

/**
 * Takes the keys, newest first; throws where there is none or one is too short. `onUnopened` is called with nothing for each
 * text that somebody was to read and no key opens.
 */
export function createVault(
  keys: readonly VaultKey[],
  { onUnopened = () => undefined }: { onUnopened?: () => void } = {},
): Vault {
  const ring = new Map(
    keys.map(({ id, secret }) => {
      if (!/^[\w-]+$/.test(id)) throw new Error('An encryption key id may hold letters, digits, - and _ only.');
      if (secret.byteLength < 32) throw new Error(`Encryption key "${id}" is shorter than 32 bytes.`);
      return [id, Buffer.from(hkdfSync('sha256', secret, 'waymark', 'vault', 32))] as const;
    }),
  );
  const current = keys[0];
  if (!current) throw new Error('At least one encryption key is needed.');
  const seal: Vault['seal'] = (text, context) => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', ring.get(current.id)!, iv).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [version, current.id, iv.toString('base64url'), body.toString('base64url')].join('.');
  };
  const tryOpen = (sealed: string, context: string): string | undefined => {
    const [sealedWith, id, iv, body] = sealed.split('.');
    const key = id === undefined ? undefined : ring.get(id);
    if (sealedWith !== version || !key || !iv || !body) return undefined;
    try {
      const bytes = Buffer.from(body, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  };
  return {
    seal,
    open(sealed, context) {
      const text = tryOpen(sealed, context);
      if (text === undefined) throw new SealBroken();
      return text;
    },
    read(sealed, context) {
      const text = tryOpen(sealed, context);
      if (text === undefined) onUnopened();
      return text ?? unopenedText;
    },
    sealChange(text, context, stored) {
      const isLeftAlone = text === unopenedText && stored && tryOpen(stored, context) === undefined;
      return isLeftAlone ? stored : seal(text, context);
    },
    needsResealing: (sealed) => sealed.split('.')[1] !== current.id,
  };
}
