import mongoose, { Schema } from 'mongoose';
import type { IsoWeek } from '../../domain/activity.ts';
import { goalKinds, goalOutcomes, type GoalKind, type GoalOutcome } from '../../domain/vocabulary.ts';
import type { Id } from '../connect.ts';

/**
 * A student's own goal for one week of one course. Who may read it: the student, nobody else. Words are sealed. Retention:
 * with the enrolment, or when the student deletes it. `rev` guards against an older tab.
 */
export interface StoredGoal {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  week: IsoWeek;
  kind: GoalKind;
  /** How many, for the kinds that are counted. */
  target?: number | null;
  /** `own-words` only. */
  sealedText?: string | null;
  sealedPlan?: string | null;
  /** How it went in the student's own eyes; success is theirs to judge. */
  outcome?: GoalOutcome | null;
  createdAt: Date;
  updatedAt: Date;
  rev: number;
}

const goalSchema = new Schema<StoredGoal>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    personId: { type: Schema.Types.ObjectId, required: true },
    week: { type: String, required: true },
    kind: { type: String, enum: goalKinds, required: true },
    target: { type: Number, default: null },
    sealedText: { type: String, default: null },
    sealedPlan: { type: String, default: null },
    outcome: { type: String, enum: [...goalOutcomes, null], default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    rev: { type: Number, default: 1 },
  },
  { collection: 'goals' },
);
goalSchema.index({ courseId: 1, personId: 1, week: 1 }, { unique: true });

export const GoalModel = mongoose.model('Goal', goalSchema);

/** What a goal's words are bound to, so that they open in no other record. */
export function goalSeal(id: Id, field: 'text' | 'plan'): string {
  return `goal:${id}:${field}`;
}
