import mongoose, { Schema } from 'mongoose';
import { discussionDecisions, type DiscussionDecision } from '../../domain/vocabulary.ts';
import { stampsTheList, type PersonFilter } from './list-stamp.ts';

/**
 * Colleagues thinking together before contact: what was considered and what was agreed. Who may read it: staff of the course
 * who may see individuals; the student sees that and when it took place, and what was decided. Retention: with the enrolment.
 * Free text is sealed (`discussion:<id>:considered`, `…:reply`, `…:because`).
 */
export interface Discussion {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  flagId?: mongoose.Types.ObjectId;
  startedById: mongoose.Types.ObjectId;
  startedAt: Date;
  /** Colleagues asked for their view; everybody who may see individuals may answer. */
  invitedIds: mongoose.Types.ObjectId[];
  sealedConsidered: string;
  replies: { byId: mongoose.Types.ObjectId; at: Date; sealedText: string }[];
  isOpen: boolean;
  decision?: DiscussionDecision;
  sealedBecause?: string;
  decidedById?: mongoose.Types.ObjectId;
  decidedAt?: Date;
  rev: number;
}

const id = { type: Schema.Types.ObjectId, required: true } as const;
const discussionSchema = new Schema<Discussion>(
  {
    courseId: id,
    personId: id,
    flagId: Schema.Types.ObjectId,
    startedById: id,
    startedAt: { type: Date, required: true },
    invitedIds: { type: [Schema.Types.ObjectId], default: [] },
    sealedConsidered: { type: String, required: true },
    replies: { type: [{ _id: false, byId: id, at: Date, sealedText: String }], default: [] },
    isOpen: { type: Boolean, default: true },
    decision: { type: String, enum: discussionDecisions },
    sealedBecause: String,
    decidedById: Schema.Types.ObjectId,
    decidedAt: Date,
    rev: { type: Number, default: 0 },
  },
  { collection: 'discussions' },
);
discussionSchema.index({ courseId: 1, personId: 1, startedAt: -1 });
discussionSchema.index(
  { courseId: 1, startedAt: -1 },
  { partialFilterExpression: { isOpen: true }, name: 'open-discussions' },
);

stampsTheList(discussionSchema);

export const DiscussionModel = mongoose.model('Discussion', discussionSchema);

export function findDiscussionsOf(courseId: string, personId: string): Promise<Discussion[]> {
  return DiscussionModel.find({ courseId, personId }).sort({ startedAt: -1 }).lean<Discussion[]>();
}

export function findOpenDiscussions(courseId: string, about: PersonFilter = {}): Promise<Discussion[]> {
  return DiscussionModel.find({ courseId, isOpen: true, ...about })
    .sort({ startedAt: -1 })
    .lean<Discussion[]>();
}

/** Writes a change if nobody wrote since `rev`; null where somebody did, or the record is not of this course. */
export function updateDiscussion(
  where: { courseId: string; id: string; rev: number },
  change: { $set?: object; $push?: object },
): Promise<Discussion | null> {
  return DiscussionModel.findOneAndUpdate(
    { _id: where.id, courseId: where.courseId, rev: where.rev },
    { ...change, $inc: { rev: 1 } },
    { returnDocument: 'after' },
  ).lean<Discussion>();
}
