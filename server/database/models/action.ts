import mongoose, { Schema } from 'mongoose';
import { actionOutcomes, initiators, type ActionOutcome, type Initiator } from '../../domain/vocabulary.ts';
import { stampsTheList, type PersonFilter } from './list-stamp.ts';
import { inOneReply } from '../replies.ts';

/**
 * What a person did about a student's engagement: one entry of the log. Who may read it: staff of the course in full; the
 * student category, channel, date, by whom, outcome and agreed steps. Retention: with the enrolment. Free text is sealed,
 * bound to this record and field (`action:<id>:summary`), and a correction keeps what was there before it.
 */
export interface StoredAction extends ActionBody {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  flagIds: mongoose.Types.ObjectId[];
  byId: mongoose.Types.ObjectId;
  recordedAt: Date;
  followUp?: FollowUp | null;
  /** Set on the entries of one message to many. */
  batchId?: string;
  corrections: (ActionBody & { replacedAt: Date; replacedById: mongoose.Types.ObjectId })[];
  rev: number;
}

/** The part that a correction may change. */
export interface ActionBody {
  category: string;
  channel: string;
  initiator: Initiator;
  outcome: ActionOutcome;
  /** When it happened, which may be before it was recorded. */
  at: Date;
  sealedSummary?: string;
  sealedSteps?: string;
}

export interface FollowUp {
  dueAt: Date;
  ownerId: mongoose.Types.ObjectId;
  /** False once it is done: what the partial index is made of. */
  isPending: boolean;
  doneAt?: Date;
  doneById?: mongoose.Types.ObjectId;
  handedOver: { fromId: mongoose.Types.ObjectId; toId: mongoose.Types.ObjectId; at: Date }[];
}

const id = { type: Schema.Types.ObjectId, required: true } as const;
const body = {
  category: { type: String, required: true },
  channel: { type: String, required: true },
  initiator: { type: String, enum: initiators, required: true },
  outcome: { type: String, enum: actionOutcomes, required: true },
  at: { type: Date, required: true },
  sealedSummary: String,
  sealedSteps: String,
} as const;

const followUpSchema = new Schema<FollowUp>(
  {
    dueAt: { type: Date, required: true },
    ownerId: id,
    isPending: { type: Boolean, required: true },
    doneAt: Date,
    doneById: Schema.Types.ObjectId,
    handedOver: { type: [{ _id: false, fromId: id, toId: id, at: Date }], default: [] },
  },
  { _id: false },
);

const actionSchema = new Schema<StoredAction>(
  {
    courseId: id,
    personId: id,
    ...body,
    flagIds: { type: [Schema.Types.ObjectId], default: [] },
    byId: id,
    recordedAt: { type: Date, required: true },
    followUp: { type: followUpSchema, default: null },
    batchId: String,
    corrections: { type: [{ _id: false, ...body, replacedAt: Date, replacedById: id }], default: [] },
    rev: { type: Number, default: 0 },
  },
  { collection: 'actions' },
);
actionSchema.index({ courseId: 1, personId: 1, at: -1 });
actionSchema.index({ courseId: 1, at: -1, _id: -1 });
actionSchema.index(
  { courseId: 1, 'followUp.dueAt': 1 },
  { partialFilterExpression: { 'followUp.isPending': true }, name: 'pending-follow-ups' },
);

stampsTheList(actionSchema);

export const ActionModel = mongoose.model('Action', actionSchema);

/** The log of one student, newest first. */
export function findActionsOf(courseId: string, personId: string): Promise<StoredAction[]> {
  return ActionModel.find({ courseId, personId }).sort({ at: -1 }).lean<StoredAction[]>();
}

/** A page of the course's log, newest first; `before` is the last entry of the page before. */
export function findLogPage(
  courseId: string,
  { before, limit }: { before?: { at: Date; id: string } | undefined; limit: number },
): Promise<StoredAction[]> {
  const older = before && {
    $or: [{ at: { $lt: before.at } }, { at: before.at, _id: { $lt: new mongoose.Types.ObjectId(before.id) } }],
  };
  return ActionModel.find({ courseId, ...older })
    .sort({ at: -1, _id: -1 })
    .limit(limit)
    .lean<StoredAction[]>();
}

/** Follow-ups that nobody has done yet, the earliest due first. */
export function findPendingFollowUps(courseId: string): Promise<StoredAction[]> {
  return ActionModel.find({ courseId, 'followUp.isPending': true })
    .sort({ 'followUp.dueAt': 1 })
    .lean<StoredAction[]>();
}

export type ActionMoment = Pick<
  StoredAction,
  'personId' | 'channel' | 'initiator' | 'outcome' | 'at' | 'byId' | 'followUp'
>;

/**
 * What the list says of contact so far: when, how, with what outcome, and what is due; never a text. `about`: conditions on
 * whom, for a part of the list.
 */
export function findActionMoments(courseId: string, about: PersonFilter = {}): Promise<ActionMoment[]> {
  return ActionModel.find(
    { courseId, ...about },
    { _id: 0, personId: 1, channel: 1, initiator: 1, outcome: 1, at: 1, byId: 1, followUp: 1 },
  )
    .sort({ personId: 1, at: -1 })
    .batchSize(inOneReply)
    .lean<ActionMoment[]>();
}

/** Writes a change if nobody wrote since `rev`; null where somebody did, or the record is not of this course. */
export function updateAction(
  where: { courseId: string; id: string; rev: number },
  change: { $set?: object; $push?: object; $unset?: object },
): Promise<StoredAction | null> {
  return ActionModel.findOneAndUpdate(
    { _id: where.id, courseId: where.courseId, rev: where.rev },
    { ...change, $inc: { rev: 1 } },
    { returnDocument: 'after' },
  ).lean<StoredAction>();
}
