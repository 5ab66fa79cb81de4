import { createHash, randomBytes } from 'node:crypto';
import mongoose, { Schema } from 'mongoose';
import { roles, type Role } from '../../domain/vocabulary.ts';

/**
 * A launch that was accepted: what the client's one-time code is exchanged for, and what a renewal checks. Who may read it:
 * `http/authenticate` only. Retention: hours, by TTL.
 */
export interface Session {
  _id: mongoose.Types.ObjectId;
  platformId: mongoose.Types.ObjectId;
  courseId?: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  role: Role;
  /** SHA-256 of the one-time code; unset once it is used. */
  codeHash?: string | null;
  codeExpiresAt?: Date | null;
  /** Where in the client the launch wanted to go, for example a student's page from submission review. */
  opensAt?: string;
  /** Where the platform wants its people back, checked by `lti/way-back`. */
  wayBack?: string;
  /** Where the platform opens the same link anew. */
  wayIn?: string;
  startedAt: Date;
  expiresAt: Date;
  endedAt?: Date | null;
}

const sessionSchema = new Schema<Session>(
  {
    platformId: { type: Schema.Types.ObjectId, required: true },
    courseId: { type: Schema.Types.ObjectId },
    personId: { type: Schema.Types.ObjectId, required: true },
    role: { type: String, enum: roles, required: true },
    codeHash: { type: String },
    codeExpiresAt: Date,
    opensAt: String,
    wayBack: String,
    wayIn: String,
    startedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    endedAt: { type: Date, default: null },
  },
  { collection: 'sessions' },
);
sessionSchema.index({ codeHash: 1 }, { unique: true, partialFilterExpression: { codeHash: { $type: 'string' } } });
sessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const SessionModel = mongoose.model('Session', sessionSchema);

/** Starts a session for a launch and returns the one-time code that the client exchanges for its token. */
export async function startSession(
  launch: Omit<Session, '_id' | 'codeHash' | 'codeExpiresAt' | 'startedAt' | 'expiresAt' | 'endedAt'>,
  { now, hours, codeSeconds = 120 }: { now: Date; hours: number; codeSeconds?: number },
): Promise<{ code: string; sessionId: string }> {
  const code = randomBytes(32).toString('base64url');
  const session: Session = {
    _id: new mongoose.Types.ObjectId(),
    ...launch,
    codeHash: hashCode(code),
    codeExpiresAt: new Date(now.getTime() + codeSeconds * 1000),
    startedAt: now,
    expiresAt: new Date(now.getTime() + hours * 3_600_000),
    endedAt: null,
  };
  // Everything is of its type already, and a launch is the one write that a whole lecture hall does at once.
  await SessionModel.collection.insertOne(session);
  return { code, sessionId: session._id.toHexString() };
}

/** Uses a code up. Null when it was never given out, was used already, or is too old. */
export function redeemCode(code: string, now: Date): Promise<Session | null> {
  return SessionModel.findOneAndUpdate(
    { codeHash: hashCode(code), codeExpiresAt: { $gt: now }, endedAt: null },
    { $unset: { codeHash: 1, codeExpiresAt: 1 } },
  ).lean<Session>();
}

/** The session while it runs; null once it has ended or its time is over. */
export function findRunningSession(sessionId: string, now: Date): Promise<Session | null> {
  return SessionModel.findOne({ _id: sessionId, expiresAt: { $gt: now }, endedAt: null }).lean<Session>();
}

/** Ends every session of a platform (its registration was disabled) or one session. */
export async function endSessions(filter: { platformId: string } | { sessionId: string }, now: Date): Promise<void> {
  const which = 'platformId' in filter ? { platformId: filter.platformId } : { _id: filter.sessionId };
  await SessionModel.updateMany({ ...which, endedAt: null }, { $set: { endedAt: now } });
}

function hashCode(code: string): string {
  return createHash('sha256').update(code).digest('base64url');
}
