import mongoose, { Schema } from 'mongoose';
import type { Id } from '../connect.ts';

/**
 * How a student likes to see their own pages in one course. Who may read it: the student, nobody else. Retention: with the
 * enrolment.
 */
export interface StudentChoices {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  /** Suggestions that were put aside, the latest last. */
  dismissed: string[];
  showsMiddleRange: boolean;
}

const choicesSchema = new Schema<StudentChoices>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    personId: { type: Schema.Types.ObjectId, required: true },
    dismissed: { type: [String], default: [] },
    showsMiddleRange: { type: Boolean, default: false },
  },
  { collection: 'studentchoices' },
);
choicesSchema.index({ courseId: 1, personId: 1 }, { unique: true });

export const StudentChoicesModel = mongoose.model('StudentChoices', choicesSchema);

const dismissedKept = 100;

interface Owner {
  readonly courseId: Id;
  readonly personId: Id;
}

export async function findChoices(owner: Owner): Promise<Pick<StudentChoices, 'dismissed' | 'showsMiddleRange'>> {
  const stored = await StudentChoicesModel.findOne(own(owner)).lean<StudentChoices>();
  return stored ?? { dismissed: [], showsMiddleRange: false };
}

export async function setComparison(owner: Owner, showsMiddleRange: boolean): Promise<void> {
  await StudentChoicesModel.updateOne(own(owner), { $set: { showsMiddleRange } }, { upsert: true });
}

export async function dismissSuggestion(owner: Owner, id: string): Promise<void> {
  const { dismissed } = await findChoices(owner);
  const kept = [...dismissed.filter((each) => each !== id), id].slice(-dismissedKept);
  await StudentChoicesModel.updateOne(own(owner), { $set: { dismissed: kept } }, { upsert: true });
}

export async function restoreSuggestion(owner: Owner, id: string): Promise<void> {
  await StudentChoicesModel.updateOne(own(owner), { $pull: { dismissed: id } });
}

function own({ courseId, personId }: Owner): Owner {
  return { courseId, personId };
}
