import mongoose, { Schema } from 'mongoose';
import type { ActivityKind, SourceId } from '../../domain/vocabulary.ts';

/**
 * One event as a feed or a file brought it, already reduced to what Waymark uses: no name, no text, no result. Who may read
 * it: nobody on a page; it serves duplicates, conflicts, claiming by people who appear later, undoing an import, and
 * rebuilding roll-ups. Retention: the policy pack's period for raw events, or for unmatched ones, by TTL on `expiresAt`. `_id` is platform and event
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
  /** While it waits: until when it is kept once its person has appeared. */
  keptUntil?: Date;
  source: SourceId;
  at: Date;
  kind?: ActivityKind;
  objectId?: string;
  /** Attendance and recordings, as the student's record keeps them. */
  session?: { sessionId: string; at: number; wasAttended: boolean; isExcused?: boolean };
  recording?: { recordingId: string; watchedAt: number };
  /** A row of files: what each import said of it, the latest last; that one is what counts. */
  versions?: RowVersion[];
  /** Its sender has taken it back: only the id is kept, so that it can't come again. May stand before the event comes. */
  isVoided?: true;
  /** A statement that voids another: it can't be voided itself. */
  voids?: string;
  /** Of the content under an id that the sender chose. */
  hash?: string;
  expiresAt: Date;
}

/** What one import said of a row that several files hold, or that a later file corrected. */
export interface RowVersion extends Pick<RawEvent, 'kind' | 'objectId' | 'session' | 'recording'> {
  importId: mongoose.Types.ObjectId;
}

const rawEventSchema = new Schema<RawEvent>(
  {
    _id: { type: String, required: true },
    platformId: { type: Schema.Types.ObjectId, required: true },
    courseId: { type: Schema.Types.ObjectId },
    personId: { type: Schema.Types.ObjectId },
    waitsFor: String,
    keptUntil: Date,
    source: { type: String, required: true },
    at: { type: Date, required: true },
    kind: String,
    objectId: String,
    session: { type: Schema.Types.Mixed },
    recording: { type: Schema.Types.Mixed },
    versions: { type: Schema.Types.Mixed },
    isVoided: Boolean,
    voids: String,
    hash: String,
    expiresAt: { type: Date, required: true },
  },
  { collection: 'rawevents', minimize: false },
);
rawEventSchema.index({ courseId: 1, personId: 1, at: 1 });
rawEventSchema.index({ courseId: 1, waitsFor: 1 }, { partialFilterExpression: { waitsFor: { $exists: true } } });
rawEventSchema.index(
  { 'versions.importId': 1 },
  { partialFilterExpression: { 'versions.importId': { $exists: true } } },
);
rawEventSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const RawEventModel = mongoose.model('RawEvent', rawEventSchema);
