import mongoose, { Schema } from 'mongoose';
import { requestStates, requestTopics, type RequestState, type RequestTopic } from '../../domain/vocabulary.ts';
import type { Id } from '../connect.ts';
import { stampsTheList } from './list-stamp.ts';

/**
 * A student asks for a conversation, with or without any flag. Who may read it: the student; staff of the course who may
 * see individuals. Words are sealed. Retention: with the enrolment. `rev` guards concurrent answers; `history` keeps every
 * change of state, so that the student sees what happened to it.
 */
export interface StoredSupportRequest {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  /** One member of staff of the course; null for whoever of the teaching team can. */
  withPersonId?: mongoose.Types.ObjectId | null;
  /** A channel of the policy pack, for example `meeting`. */
  channel: string;
  topic?: RequestTopic | null;
  sealedWhen?: string | null;
  sealedAbout?: string | null;
  state: RequestState;
  /** The last answer of staff in their own words. */
  sealedReply?: string | null;
  answeredById?: mongoose.Types.ObjectId | null;
  answeredAt?: Date | null;
  /** When the conversation is to be, once it was arranged. */
  meetingAt?: Date | null;
  /** The action in the log that came of it. */
  actionId?: mongoose.Types.ObjectId | null;
  askedAt: Date;
  updatedAt: Date;
  history: { state: RequestState; at: Date; byId: mongoose.Types.ObjectId }[];
  rev: number;
}

const requestSchema = new Schema<StoredSupportRequest>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    personId: { type: Schema.Types.ObjectId, required: true },
    withPersonId: { type: Schema.Types.ObjectId, default: null },
    channel: { type: String, required: true },
    topic: { type: String, enum: [...requestTopics, null], default: null },
    sealedWhen: { type: String, default: null },
    sealedAbout: { type: String, default: null },
    state: { type: String, enum: requestStates, required: true },
    sealedReply: { type: String, default: null },
    answeredById: { type: Schema.Types.ObjectId, default: null },
    answeredAt: { type: Date, default: null },
    meetingAt: { type: Date, default: null },
    actionId: { type: Schema.Types.ObjectId, default: null },
    askedAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    history: {
      type: [{ _id: false, state: String, at: Date, byId: Schema.Types.ObjectId }],
      default: [],
    },
    rev: { type: Number, default: 1 },
  },
  { collection: 'supportrequests' },
);
requestSchema.index({ courseId: 1, state: 1, askedAt: 1 });
requestSchema.index({ courseId: 1, personId: 1, askedAt: -1 });

stampsTheList(requestSchema);

export const SupportRequestModel = mongoose.model('SupportRequest', requestSchema);

/** What a request's words are bound to, so that they open in no other record. */
export function requestSeal(id: Id, field: 'when' | 'about' | 'reply'): string {
  return `support-request:${id}:${field}`;
}
