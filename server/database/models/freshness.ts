import mongoose, { Schema } from 'mongoose';
import type { SourceHealth, SourceTopic } from '../../domain/facts.ts';
import { sourceIds, type DropReason, type SourceId } from '../../domain/vocabulary.ts';

/**
 * When each source of a course was last read with success, and what went wrong since. Who may read it: everybody in the
 * course (in one line), the administrator (in full). Retention: with the course.
 */
export interface Freshness {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  source: SourceId;
  speaksOf: SourceHealth['speaksOf'];
  triedAt?: Date;
  okAt?: Date;
  /** The first time that it was read with success. */
  firstOkAt?: Date;
  failedBecause?: string | null;
  /** Where topics of one source fare differently: when each was last read, and why it failed since. */
  topics: Partial<
    Record<SourceTopic, { okAt?: number; failedBecause?: string; withheld?: NonNullable<SourceHealth['withheld']> }>
  >;
  /** The roster only: the platform gives none, and Moodle's own list of participants stands in for it. */
  isStandIn?: boolean;
  /** What was lost with single functions of the source although the rest was read. */
  notes: string[];
  gaps: SourceHealth['gaps'];
  counts: { read: number; stored: number; dropped: Partial<Record<DropReason, number>> };
}

const freshnessSchema = new Schema<Freshness>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    source: { type: String, enum: sourceIds, required: true },
    speaksOf: { type: [String], default: [] },
    triedAt: Date,
    okAt: Date,
    firstOkAt: Date,
    failedBecause: { type: String, default: null },
    topics: { type: Schema.Types.Mixed, default: {} },
    isStandIn: Boolean,
    notes: { type: [String], default: [] },
    gaps: { type: Schema.Types.Mixed, default: [] },
    counts: { type: Schema.Types.Mixed, default: { read: 0, stored: 0, dropped: {} } },
  },
  { collection: 'freshness', minimize: false },
);
freshnessSchema.index({ courseId: 1, source: 1 }, { unique: true });

export const FreshnessModel = mongoose.model('Freshness', freshnessSchema);
