import { generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { importPKCS8 } from 'jose';
import mongoose from 'mongoose';
import type { Vault } from '../database/vault.ts';
import { ToolKeyModel, type ToolKey } from './models/tool-key.ts';

/** Platforms may keep our key set for a day; a new key is published that long before it signs. */
const publishedBeforeHours = 24;
/** And stays published this long after a newer one took over. */
const publishedAfterDays = 14;
/** How long this process trusts what it last read; another process may have rotated meanwhile. */
const rereadAfterMs = 60_000;

export interface ToolKeys {
  /** Every key that a signature of ours may carry, as PEM, for the key set. */
  published(): Promise<{ kid: string; publicPem: string }[]>;
  /** The key that signs now. */
  signing(): Promise<{ kid: string; key: CryptoKey }>;
  /** Adds the next key: published at once, signing a day later (or at once), after which the others retire. */
  rotate(options?: { isUrgent?: boolean }): Promise<{ kid: string; signsFrom: Date }>;
  list(): Promise<{ kid: string; signsFrom: Date; deletedFrom: Date | undefined; isSigning: boolean }[]>;
}

/** Keeps our own RSA keys in the database, private halves sealed by the vault. Makes the first one when there is none. */
export function createToolKeys({ vault, now }: { vault: Vault; now: () => Date }): ToolKeys {
  let known: { at: number; keys: ToolKey[] } | undefined;
  const opened = new Map<string, CryptoKey>();

  async function addKey(signsFrom: Date, more: Pick<ToolKey, 'isFirst'> = {}): Promise<ToolKey> {
    const kid = randomUUID();
    const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const key: ToolKey = {
      _id: kid,
      publicPem: publicKey,
      sealedPrivatePem: vault.seal(privateKey, `tool-key:${kid}`),
      signsFrom,
      createdAt: now(),
      ...more,
    };
    await ToolKeyModel.create(key);
    known = undefined;
    return key;
  }

  async function findKeys(): Promise<ToolKey[]> {
    const stored = await ToolKeyModel.find({}).sort({ signsFrom: -1, _id: 1 }).lean<ToolKey[]>();
    return stored.filter((key) => !key.deletedFrom || key.deletedFrom > now());
  }

  /** Newest first. */
  async function read(): Promise<ToolKey[]> {
    const at = now().getTime();
    if (known && at - known.at < rereadAfterMs && at >= known.at) return known.keys;
    let keys = await findKeys();
    if (keys.length === 0) {
      await addKey(now(), { isFirst: true }).catch((error: unknown) => {
        const isRaced = error instanceof mongoose.mongo.MongoServerError && error.code === 11_000;
        if (!isRaced) throw error;
      });
      keys = await findKeys();
    }
    known = { at, keys };
    return keys;
  }

  async function current(): Promise<ToolKey> {
    const keys = await read();
    return keys.find((key) => key.signsFrom <= now()) ?? keys.at(-1)!;
  }

  return {
    async published() {
      return (await read()).map((key) => ({ kid: key._id, publicPem: key.publicPem }));
    },
    async signing() {
      const stored = await current();
      let key = opened.get(stored._id);
      if (!key) {
        key = await importPKCS8(vault.open(stored.sealedPrivatePem, `tool-key:${stored._id}`), 'RS256');
        opened.set(stored._id, key);
      }
      return { kid: stored._id, key };
    },
    async rotate({ isUrgent = false } = {}) {
      await read();
      const signsFrom = new Date(now().getTime() + (isUrgent ? 0 : publishedBeforeHours * 3_600_000));
      const added = await addKey(signsFrom);
      const deletedFrom = new Date(signsFrom.getTime() + publishedAfterDays * 86_400_000);
      await ToolKeyModel.updateMany({ _id: { $ne: added._id }, deletedFrom: null }, { $set: { deletedFrom } });
      known = undefined;
      return { kid: added._id, signsFrom };
    },
    async list() {
      const [keys, signing] = [await read(), await current()];
      return keys.map((key) => ({
        kid: key._id,
        signsFrom: key.signsFrom,
        deletedFrom: key.deletedFrom ?? undefined,
        isSigning: key._id === signing._id,
      }));
    },
  };
}
