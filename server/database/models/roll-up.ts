import mongoose, { Schema } from 'mongoose';
import type { DayCount, RollUp } from '../../domain/activity.ts';

/**
 * All that stays of one enrolment's activity in one ISO week. Who may read it: the student; staff of the course through
 * snapshots and the student's page. Retention: the policy pack's period. `rev` guards concurrent merges: a writer that
 * finds another rev reads again and merges again.
 */
export interface StoredRollUp extends Omit<RollUp, 'days' | 'objects' | 'seen' | 'voided'> {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  days: DayCount[];
  objects: string[];
  seen: string[];
  voided?: string[];
  rev: number;
}

const rollUpSchema = new Schema<StoredRollUp>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    personId: { type: Schema.Types.ObjectId, required: true },
    week: { type: String, required: true },
    days: { type: Schema.Types.Mixed, default: [] },
    objects: { type: [String], default: [] },
    seen: { type: [String], default: [] },
    voided: { type: [String], default: undefined },
    rev: { type: Number, default: 0 },
  },
  { collection: 'rollups', minimize: false },
);
rollUpSchema.index({ courseId: 1, personId: 1, week: 1 }, { unique: true });

export const RollUpModel = mongoose.model('RollUp', rollUpSchema);
