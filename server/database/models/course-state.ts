import mongoose, { Schema } from 'mongoose';
import type { CohortFacts } from '../../domain/facts.ts';
import type { MiddleWeek } from '../../domain/middle-range.ts';
import type { Notice } from '../../domain/compute-course.ts';

/**
 * How far the work on one course has come: who is at it, what was last computed, from where reading goes on. Who may read
 * it: everybody in the course (notices, computedAt), the administrator (the rest). Retention: with the course.
 */
export interface CourseState {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  /** One process refreshes a course at a time; a lease that has run out may be taken over. */
  leaseOwner?: string | null;
  leaseUntil?: Date | null;
  /** Last refresh that was finished, with whatever it could read. */
  refreshedAt?: Date;
  /** Set when a course is to be read before its hour is up; unset by the refresh that begins. */
  askedAt?: Date;
  /** When Moodle was last read completely and by changes only; in milliseconds, both the start of the reading. */
  moodleReadFrom?: number;
  moodleReadWholeAt?: number;
  /** Set when a feed, an import or a correction changed something; unset by the computation that takes it in. */
  touchedAt?: Date | null;
  /** Since when something waits to be taken in: what comes without a pause must not put the computation off for ever. */
  touchedFrom?: Date | null;
  computedAt?: Date;
  week?: number;
  cohort?: CohortFacts;
  /** The middle half of the course as last computed: the same for whoever asks, and nobody is named in it. */
  middleWeeks?: MiddleWeek[];
  notices: Notice[];
}

const stateSchema = new Schema<CourseState>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    leaseOwner: String,
    leaseUntil: Date,
    refreshedAt: Date,
    askedAt: Date,
    moodleReadFrom: Number,
    moodleReadWholeAt: Number,
    touchedAt: Date,
    touchedFrom: Date,
    computedAt: Date,
    week: Number,
    cohort: { type: Schema.Types.Mixed },
    middleWeeks: { type: Schema.Types.Mixed },
    notices: { type: Schema.Types.Mixed, default: [] },
  },
  { collection: 'coursestates', minimize: false },
);
stateSchema.index({ courseId: 1 }, { unique: true });
stateSchema.index({ touchedAt: 1 }, { partialFilterExpression: { touchedAt: { $exists: true } } });

export const CourseStateModel = mongoose.model('CourseState', stateSchema);

const noLease = { leaseOwner: null, leaseUntil: null };

/** Takes the lease of a course for `ms`; false while another process holds it. */
export async function takeLease(courseId: string, owner: string, now: Date, ms: number): Promise<boolean> {
  await ensureState(courseId);
  const { matchedCount } = await CourseStateModel.updateOne(
    { courseId, $or: [{ leaseOwner: null }, { leaseOwner: owner }, { leaseUntil: { $lt: now } }] },
    { $set: { leaseOwner: owner, leaseUntil: new Date(now.getTime() + ms) } },
  );
  return matchedCount === 1;
}

/** Makes a lease last longer; false where it was lost meanwhile. */
export async function keepLease(courseId: string, owner: string, now: Date, ms: number): Promise<boolean> {
  const { matchedCount } = await CourseStateModel.updateOne(
    { courseId, leaseOwner: owner },
    { $set: { leaseUntil: new Date(now.getTime() + ms) } },
  );
  return matchedCount === 1;
}

export async function releaseLease(courseId: string, owner: string): Promise<void> {
  await CourseStateModel.updateOne({ courseId, leaseOwner: owner }, { $set: noLease });
}

/** Notes that something changed, so that the next sweep computes the course again. */
export async function touchCourse(courseId: string, now: Date): Promise<void> {
  const update = { $set: { touchedAt: now }, $min: { touchedFrom: now } };
  await CourseStateModel.updateOne({ courseId }, update, { upsert: true });
}

async function ensureState(courseId: string): Promise<void> {
  try {
    await CourseStateModel.updateOne({ courseId }, { $setOnInsert: { notices: [], ...noLease } }, { upsert: true });
  } catch (error) {
    // Another process made it in the same moment.
    if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== 11_000) throw error;
  }
}
