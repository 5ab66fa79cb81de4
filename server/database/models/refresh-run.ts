import mongoose, { Schema } from 'mongoose';

export const refreshSteps = ['roster', 'course', 'students', 'store', 'compute'] as const;
export type RefreshStep = (typeof refreshSteps)[number];

/**
 * One refresh of one course, step by step, for the person who waits for it and for the administrator. Who may read it: staff
 * of the course; the administrator. Retention: 30 days, by TTL. It names sources and counts, never people.
 */
export interface RefreshRun {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  askedBy: 'schedule' | 'launch' | 'tutor' | 'system';
  state: 'running' | 'done' | 'failed';
  startedAt: Date;
  finishedAt?: Date;
  /** The step under way and how far it is; absent once finished. */
  step?: RefreshStep | null;
  done: number;
  total: number;
  /** What could not be read, in words. */
  problems: string[];
  /** Requests to the platform. */
  requests: number;
  students: number;
  flagsChanged: number;
  expiresAt: Date;
}

const runSchema = new Schema<RefreshRun>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    askedBy: { type: String, required: true },
    state: { type: String, required: true },
    startedAt: { type: Date, required: true },
    finishedAt: Date,
    step: String,
    done: { type: Number, default: 0 },
    total: { type: Number, default: 0 },
    problems: { type: [String], default: [] },
    requests: { type: Number, default: 0 },
    students: { type: Number, default: 0 },
    flagsChanged: { type: Number, default: 0 },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'refreshruns' },
);
runSchema.index({ courseId: 1, startedAt: -1 });
runSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const RefreshRunModel = mongoose.model('RefreshRun', runSchema);

/** The latest run of a course; null before its first. */
export function findLatestRun(courseId: string): Promise<RefreshRun | null> {
  return RefreshRunModel.findOne({ courseId }).sort({ startedAt: -1 }).lean<RefreshRun>();
}
