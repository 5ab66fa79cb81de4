import mongoose from 'mongoose';
import { noteSealCheck } from './models/seal-check.ts';
import { SealBroken, type Vault } from './vault.ts';

/**
 * Where sealed texts lie, and what each is bound to, from the id of its record and the rest of its field's name
 * (`sealedSummary`: `summary`). A test seals a text in every way there is and holds this list against the whole database.
 */
const bindings: Readonly<Record<string, (id: string, field: string) => string>> = {
  actions: (id, field) => `action:${id}:${field}`,
  alerts: (id, field) => `alert:${id}:${field}`,
  challenges: (id, field) => `challenge:${id}:${field}`,
  discussions: (id, field) => `discussion:${id}:${field === 'text' ? 'reply' : field}`,
  goals: (id, field) => `goal:${id}:${field}`,
  platforms: (id) => `platform:${id}:moodle`,
  reflections: (id) => `reflection:${id}`,
  supportrequests: (id, field) => `support-request:${id}:${field}`,
  toolkeys: (id) => `tool-key:${id}`,
};

export interface Resealed {
  /** How many texts were sealed with an older key, and are with the newest now. */
  readonly resealed: number;
  /** How many no configured key opens, by collection; they stay as they are. */
  readonly unreadable: Readonly<Record<string, number>>;
}

/**
 * Seals with the newest key whatever an older one sealed, so that the older can be taken out of the configuration. May run
 * while the tool does, and again after it was interrupted: a text that somebody changes meanwhile is left to them. How
 * many no key opened is kept for the administrator.
 */
export async function resealEverything(vault: Vault): Promise<Resealed> {
  const unreadable: Record<string, number> = {};
  let resealed = 0;
  for (const [name, bindingOf] of Object.entries(bindings)) {
    const collection = mongoose.connection.collection<{ _id: mongoose.Types.ObjectId | string }>(name);
    for await (const record of collection.find({})) {
      for (const { path, field, sealed } of sealedIn(record)) {
        const fresh = sealAnew(vault, sealed, bindingOf(String(record._id), field));
        if (fresh === undefined) unreadable[name] = (unreadable[name] ?? 0) + 1;
        else if (fresh !== sealed) {
          const filter = { _id: record._id, [path]: sealed } as object;
          resealed += (await collection.updateOne(filter, { $set: { [path]: fresh } as object })).modifiedCount;
        }
      }
    }
  }
  const unopened = Object.values(unreadable).reduce((sum, count) => sum + count, 0);
  await noteSealCheck(unopened, new Date());
  return { resealed, unreadable };
}

/** The same text sealed with the newest key, as it was where that sealed it; undefined where no key opens it. */
function sealAnew(vault: Vault, sealed: string, binding: string): string | undefined {
  try {
    const text = vault.open(sealed, binding);
    return vault.needsResealing(sealed) ? vault.seal(text, binding) : sealed;
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
}

interface SealedField {
  /** As an update names it: `corrections.0.sealedSummary`. */
  readonly path: string;
  readonly field: string;
  readonly sealed: string;
}

function* sealedIn(value: unknown, path = ''): Generator<SealedField> {
  if (typeof value !== 'object' || value === null || value instanceof Date || '_bsontype' in value) return;
  for (const [name, inner] of Object.entries(value)) {
    const innerPath = path === '' ? name : `${path}.${name}`;
    const rest = /^sealed([A-Z]\w*)$/.exec(name)?.[1];
    if (rest !== undefined && typeof inner === 'string') {
      yield { path: innerPath, field: rest[0]!.toLowerCase() + rest.slice(1), sealed: inner };
    } else yield* sealedIn(inner, innerPath);
  }
}
