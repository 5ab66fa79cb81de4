import mongoose, { Schema } from 'mongoose';
import type { Correction } from '../../domain/facts.ts';
import { challengeStates, challengeTopics, type ChallengeState, type ChallengeTopic } from '../../domain/vocabulary.ts';
import type { Id } from '../connect.ts';

/**
 * A student says that something held about them is wrong, and staff answer. Who may read it: the student; staff of the
 * course who may see individuals. Words are sealed. Retention: with the enrolment. An accepted correction is kept in the
 * student's record (`corrections`, with this challenge's id) and counts from the next computation on.
 */
export interface StoredChallenge {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  topic: ChallengeTopic;
  /** What it is about within the topic: an indicator's id, a flag's, an action's, an assessment's; null for the rest. */
  subject?: string | null;
  /** What the thing was called when it was challenged, for the reader of the answer. */
  label?: string | null;
  sealedText: string;
  /** What the student says is so, where the form could offer it; staff may accept it as it stands. */
  proposed?: Correction | null;
  /** What was taken into the student's record when it was accepted. */
  settledWith?: Correction | null;
  state: ChallengeState;
  sealedAnswer?: string | null;
  answeredById?: mongoose.Types.ObjectId | null;
  answeredAt?: Date | null;
  raisedAt: Date;
  updatedAt: Date;
  history: { state: ChallengeState; at: Date; byId: mongoose.Types.ObjectId }[];
  rev: number;
}

const challengeSchema = new Schema<StoredChallenge>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    personId: { type: Schema.Types.ObjectId, required: true },
    topic: { type: String, enum: challengeTopics, required: true },
    subject: { type: String, default: null },
    label: { type: String, default: null },
    sealedText: { type: String, required: true },
    proposed: { type: Schema.Types.Mixed, default: null },
    settledWith: { type: Schema.Types.Mixed, default: null },
    state: { type: String, enum: challengeStates, required: true },
    sealedAnswer: { type: String, default: null },
    answeredById: { type: Schema.Types.ObjectId, default: null },
    answeredAt: { type: Date, default: null },
    raisedAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    history: {
      type: [{ _id: false, state: String, at: Date, byId: Schema.Types.ObjectId }],
      default: [],
    },
    rev: { type: Number, default: 1 },
  },
  { collection: 'challenges' },
);
challengeSchema.index({ courseId: 1, state: 1, raisedAt: 1 });
challengeSchema.index({ courseId: 1, personId: 1, raisedAt: -1 });

export const ChallengeModel = mongoose.model('Challenge', challengeSchema);

/** What a challenge's words are bound to, so that they open in no other record. */
export function challengeSeal(id: Id, field: 'text' | 'answer'): string {
  return `challenge:${id}:${field}`;
}
