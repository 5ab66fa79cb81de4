import mongoose, { Schema } from 'mongoose';
import type { AttendedSession, Correction, DaySpan, StudentFacts, Submission } from '../../domain/facts.ts';
import type { PauseKind, SourceId } from '../../domain/vocabulary.ts';

/**
 * What is known of one student in one course besides daily activity: hand-ins, completion, attendance, recordings watched,
 * pauses and corrections. Never a mark. Who may read it: the student; staff of the course. Retention: with the enrolment.
 * A list that no source reads is absent, not empty.
 */
export interface StudentRecord {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  submissions?: Submission[];
  completions?: NonNullable<StudentFacts['completions']>[number][];
  notAsked?: string[];
  sessions?: AttendedSession[];
  watched?: NonNullable<StudentFacts['watched']>[number][];
  lastAccessAt?: number;
  notFoundIn?: SourceId[];
  pauses: (DaySpan & { id: string; kind: PauseKind; by: string; at: number })[];
  corrections: (Correction & { challengeId?: string })[];
}

const recordSchema = new Schema<StudentRecord>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    personId: { type: Schema.Types.ObjectId, required: true },
    submissions: { type: Schema.Types.Mixed },
    completions: { type: Schema.Types.Mixed },
    notAsked: { type: [String], default: undefined },
    sessions: { type: Schema.Types.Mixed },
    watched: { type: Schema.Types.Mixed },
    lastAccessAt: Number,
    notFoundIn: { type: [String], default: undefined },
    pauses: { type: Schema.Types.Mixed, default: [] },
    corrections: { type: Schema.Types.Mixed, default: [] },
  },
  { collection: 'studentrecords', minimize: false },
);
recordSchema.index({ courseId: 1, personId: 1 }, { unique: true });

export const StudentRecordModel = mongoose.model('StudentRecord', recordSchema);
