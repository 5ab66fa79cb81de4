import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Outbound } from '../outbound/outbound.ts';
import { LaunchRefused } from './refusals.ts';

/** How long a platform's key set is used without asking again. */
const freshForMs = 10 * 60_000;
/** A platform that does not answer may still launch for so long with the keys last seen. */
const usableForMs = 60 * 60_000;
/** After a failed fetch the platform is left alone for so long. */
const restAfterFailureMs = 5_000;
/** An unknown kid makes us ask again; anybody can invent one, so only so often per key set. */
const refetches = { burst: 3, oneEveryMs: 20_000 };

const keySetSchema = z.object({
  keys: z
    .array(z.looseObject({ kid: z.string().optional(), kty: z.string().optional(), use: z.string().optional() }))
    .max(100),
});

export interface KeySets {
  /** The platform's key with this id. Throws LaunchRefused: kid-unknown, key-unsuitable, keys-unavailable. */
  find(jwksUri: string, kid: string): Promise<KeyObject>;
}

interface Cached {
  keys: Map<string, KeyObject | 'unsuitable'>;
  fetchedAt: number;
  failedAt: number;
  allowance: number;
  allowanceAt: number;
  running: Promise<void> | undefined;
}

/** Platforms' public keys, cached in this process as ready key objects: parsing and fetching cost more than verifying. */
export function createKeySets({ outbound, now }: { outbound: Outbound; now: () => Date }): KeySets {
  const cache = new Map<string, Cached>();

  function entryOf(jwksUri: string): Cached {
    let entry = cache.get(jwksUri);
    if (!entry) {
      entry = {
        keys: new Map(),
        fetchedAt: -Infinity,
        failedAt: -Infinity,
        allowance: refetches.burst,
        allowanceAt: now().getTime(),
        running: undefined,
      };
      cache.set(jwksUri, entry);
    }
    return entry;
  }

  async function fetchInto(entry: Cached, jwksUri: string): Promise<void> {
    try {
      const reply = await outbound.request(jwksUri, { timeoutMs: 4_000, maxBytes: 200_000 });
      if (reply.status !== 200) throw new Error(`answered ${reply.status}`);
      const { keys } = keySetSchema.parse(JSON.parse(reply.text));
      entry.keys = new Map(keys.flatMap((jwk) => (jwk.kid === undefined ? [] : [[jwk.kid, readKey(jwk)] as const])));
      entry.fetchedAt = now().getTime();
    } catch (error) {
      entry.failedAt = now().getTime();
      throw new LaunchRefused('keys-unavailable', undefined, { cause: error });
    }
  }

  /** One fetch at a time for one key set, whoever asks. */
  function fetchOnce(entry: Cached, jwksUri: string): Promise<void> {
    entry.running ??= fetchInto(entry, jwksUri).finally(() => {
      entry.running = undefined;
    });
    return entry.running;
  }

  function mayRefetch(entry: Cached): boolean {
    const at = now().getTime();
    const earned = (at - entry.allowanceAt) / refetches.oneEveryMs;
    entry.allowance = Math.min(refetches.burst, entry.allowance + earned);
    entry.allowanceAt = at;
    if (entry.allowance < 1) return false;
    entry.allowance -= 1;
    return true;
  }

  return {
    async find(jwksUri, kid) {
      const entry = entryOf(jwksUri);
      const at = now().getTime();
      const isResting = at - entry.failedAt < restAfterFailureMs;
      if (at - entry.fetchedAt > freshForMs) {
        const isUsable = entry.keys.has(kid) && at - entry.fetchedAt < usableForMs;
        if (!isUsable && isResting) throw new LaunchRefused('keys-unavailable');
        if (!isResting) {
          await fetchOnce(entry, jwksUri).catch((error: unknown) => {
            if (!isUsable) throw error;
          });
        }
      } else if (!entry.keys.has(kid) && (entry.running || (!isResting && mayRefetch(entry)))) {
        await fetchOnce(entry, jwksUri);
      }
      const key = entry.keys.get(kid);
      if (!key) throw new LaunchRefused('kid-unknown');
      if (key === 'unsuitable') throw new LaunchRefused('key-unsuitable');
      return key;
    },
  };
}

/** RSA of at least 2048 bits, meant for signatures; anything else can't sign a launch. */
function readKey(jwk: Record<string, unknown>): KeyObject | 'unsuitable' {
  if (jwk['kty'] !== 'RSA' || (jwk['use'] !== undefined && jwk['use'] !== 'sig')) return 'unsuitable';
  if (jwk['alg'] !== undefined && jwk['alg'] !== 'RS256') return 'unsuitable';
  if (Array.isArray(jwk['key_ops']) && !jwk['key_ops'].includes('verify')) return 'unsuitable';
  try {
    const { kty, n, e } = jwk as Record<string, string>;
    const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? key : 'unsuitable';
  } catch {
    return 'unsuitable';
  }
}
