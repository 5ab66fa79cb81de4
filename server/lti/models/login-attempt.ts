import { hash } from 'node:crypto';
import mongoose, { Schema } from 'mongoose';

/**
 * A login that was begun and not yet answered: what ties the platform's answer to this browser and lets it be used once, by
 * whichever process it reaches. Holds nothing about a person. Who may read it: `lti/` only. Retention: minutes, by TTL.
 */
export interface LoginAttempt {
  /** SHA-256 of the state: the database alone is not enough to answer a login. */
  _id: string;
  nonce: string;
  /** SHA-256 of what only this browser was given, by cookie or by the platform's storage. */
  bindingHash: string;
  platformId: mongoose.Types.ObjectId;
  /** As named at login, where the platform names it. */
  deploymentId?: string;
  targetLinkUri: string;
  /** The frame that offers the platform's storage, where it does. */
  storageTarget?: string;
  /** Where the platform opens the same link anew, where its hint tells. */
  wayIn?: string;
  usedAt?: Date | null;
  expiresAt: Date;
}

const loginAttemptSchema = new Schema<LoginAttempt>(
  {
    _id: { type: String, required: true },
    nonce: { type: String, required: true },
    bindingHash: { type: String, required: true },
    platformId: { type: Schema.Types.ObjectId, required: true },
    deploymentId: String,
    targetLinkUri: { type: String, required: true },
    storageTarget: String,
    wayIn: String,
    usedAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'loginattempts', versionKey: false },
);
loginAttemptSchema.index({ nonce: 1 }, { unique: true });
loginAttemptSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const LoginAttemptModel = mongoose.model('LoginAttempt', loginAttemptSchema);

export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

export async function saveAttempt(attempt: Omit<LoginAttempt, 'usedAt'>): Promise<void> {
  await LoginAttemptModel.collection.insertOne({ ...attempt, usedAt: null } as never);
}

/** Uses an attempt up, if it is there, unused, in time, and this browser's. Only one caller of any process gets it. */
export async function useAttempt(state: string, binding: string, now: Date): Promise<LoginAttempt | null> {
  const used = await LoginAttemptModel.collection.findOneAndUpdate(
    { _id: hashSecret(state), bindingHash: hashSecret(binding), usedAt: null, expiresAt: { $gt: now } } as object,
    { $set: { usedAt: now } },
  );
  return used as LoginAttempt | null;
}

/** Looks without using up: to say why an attempt can't be used, or which storage to ask. */
export function findAttempt(state: string): Promise<LoginAttempt | null> {
  return LoginAttemptModel.findById(hashSecret(state)).lean<LoginAttempt>();
}
