import mongoose, { Schema } from 'mongoose';
import type { Actor } from '../../domain/access.ts';
import type { Role } from '../../domain/vocabulary.ts';

/** What was done; a closed list, so that it can be shown to the student in words. */
export const auditedDeeds = [
  'viewed-student',
  'viewed-list',
  'exported-list',
  'took-address',
  'recorded-action',
  'corrected-action',
  'changed-flag',
  'answered-request',
  'answered-challenge',
  'set-pause',
  'set-rules',
  'downloaded-own-data',
  'imported-file',
  'undid-import',
  'sent-alert',
  'discussed',
  'exported-research',
  'changed-registration',
] as const;
export type AuditedDeed = (typeof auditedDeeds)[number];

/**
 * Who looked at or changed what about whom. Who may read it: the student it is about (their own rows). Retention: the
 * policy pack's audit period, by TTL on `expiresAt`. Rows are written once and never changed.
 */
export interface Audit {
  _id: mongoose.Types.ObjectId;
  /** Absent for deeds outside any course (a registration changed by an administrator). */
  courseId?: mongoose.Types.ObjectId;
  /** The student it concerns; absent where it concerns a whole list. */
  subjectId?: mongoose.Types.ObjectId;
  actorId: mongoose.Types.ObjectId;
  actorRole: Role;
  deed: AuditedDeed;
  at: Date;
  /** Of the approval of an export for research. */
  reference?: string;
  sessionId: string;
  expiresAt: Date;
}

const auditSchema = new Schema<Audit>(
  {
    courseId: { type: Schema.Types.ObjectId },
    subjectId: { type: Schema.Types.ObjectId },
    actorId: { type: Schema.Types.ObjectId, required: true },
    actorRole: { type: String, required: true },
    deed: { type: String, enum: auditedDeeds, required: true },
    at: { type: Date, required: true },
    reference: String,
    sessionId: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'audits' },
);
auditSchema.index({ courseId: 1, subjectId: 1, at: -1 });
auditSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const AuditModel = mongoose.model('Audit', auditSchema);

/**
 * Writes one row, before the answer leaves: what can't be audited is not shown. `keptDays` is the policy pack's audit
 * retention.
 */
export async function audit(
  actor: Actor,
  deed: AuditedDeed,
  { subjectId, at, keptDays, reference }: { subjectId?: string; at: Date; keptDays: number; reference?: string },
): Promise<void> {
  await AuditModel.create({
    courseId: actor.courseId,
    subjectId,
    actorId: actor.personId,
    actorRole: actor.role,
    deed,
    at,
    reference,
    sessionId: actor.sessionId,
    expiresAt: new Date(at.getTime() + keptDays * 86_400_000),
  });
}
