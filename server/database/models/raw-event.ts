import mongoose, { Schema } from 'mongoose';
import type { ActivityKind, SourceId } from '../../domain/vocabulary.ts';

/**
 * One event as a feed or a file brought it, already reduced to what Waymark uses: no name, no text, no result. Who may read
 * it: nobody on a page; it serves duplicates, conflicts, claiming by people who appear later, undoing an import, and
 * rebuilding roll-ups. Retention: the policy pack's period for raw events, by TTL on `expiresAt`. `_id` is platform and event
 * id, so that a cluster can split on it and an event is stored once.
 */
export interface RawEvent {
  /** `<platformId>:<event id>` */
  _id: string;
  platformId: mongoose.Types.ObjectId;
  courseId?: mongoose.Types.ObjectId;
  personId?: mongoose.Types.ObjectId;
  /** While the person is in no roster: how the feed names them, as `by:value`. */
  waitsFor?: string;
  source: SourceId;
  at: Date;
  kind?: ActivityKind;
  objectId?: string;
  /** Attendance and recordings, as the student's record keeps them. */
  session?: { sessionId: string; at: number; wasAttended: boolean; isExcused?: boolean };
  recording?: { recordingId: string; watchedAt: number };
  importId?: mongoose.Types.ObjectId;
  /** Of the content under an id that the sender chose. */
  hash?: string;
  expiresAt: Date;
}

const rawEventSchema = new Schema<RawEvent>(
  {
    _id: { type: String, required: true },
    platformId: { type: Schema.Types.ObjectId, required: true },
    courseId: { type: Schema.Types.ObjectId },
    personId: { type: Schema.Types.ObjectId },
    waitsFor: String,
    source: { type: String, required: true },
    at: { type: Date, required: true },
    kind: String,
    objectId: String,
    session: { type: Schema.Types.Mixed },
    recording: { type: Schema.Types.Mixed },
    importId: { type: Schema.Types.ObjectId },
    hash: String,
    expiresAt: { type: Date, required: true },
  },
  { collection: 'rawevents', minimize: false },
);
rawEventSchema.index({ courseId: 1, personId: 1, at: 1 });
rawEventSchema.index({ courseId: 1, waitsFor: 1 }, { partialFilterExpression: { waitsFor: { $exists: true } } });
rawEventSchema.index({ importId: 1 }, { partialFilterExpression: { importId: { $exists: true } } });
rawEventSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const RawEventModel = mongoose.model('RawEvent', rawEventSchema);
