import mongoose, { Schema } from 'mongoose';
import type { PresenceSummary } from '../../domain/compute-course.ts';
import type { Measurement } from '../../domain/measurement.ts';
import type { WorkSummary } from '../../domain/work-at.ts';

/**
 * The indicators of one enrolment as last computed. Who may read it: the student; staff of the course. Retention: replaced
 * by the next computation; goes with the enrolment.
 */
export interface Snapshot {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  computedAt: Date;
  rulesetVersion: number;
  /** Teaching week. */
  week: number;
  measurements: Measurement[];
  presence: PresenceSummary;
  /** Absent from what was computed before it was kept. */
  work?: WorkSummary;
}

const snapshotSchema = new Schema<Snapshot>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    personId: { type: Schema.Types.ObjectId, required: true },
    computedAt: { type: Date, required: true },
    rulesetVersion: { type: Number, required: true },
    week: { type: Number, required: true },
    measurements: { type: Schema.Types.Mixed, default: [] },
    presence: { type: Schema.Types.Mixed, required: true },
    work: { type: Schema.Types.Mixed },
  },
  { collection: 'snapshots', minimize: false },
);
snapshotSchema.index({ courseId: 1, personId: 1 }, { unique: true });

export const SnapshotModel = mongoose.model('Snapshot', snapshotSchema);
