import mongoose, { Schema } from 'mongoose';

/**
 * A choice of filters on the list that a member of staff wants back. Who may read it: the person who saved it. Retention:
 * with the course. Holds filters, never people.
 */
export interface SavedView {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  ownerId: mongoose.Types.ObjectId;
  name: string;
  filters: Record<string, string>;
}

const savedViewSchema = new Schema<SavedView>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    ownerId: { type: Schema.Types.ObjectId, required: true },
    name: { type: String, required: true },
    filters: { type: Schema.Types.Mixed, default: {} },
  },
  { collection: 'savedviews', minimize: false },
);
savedViewSchema.index({ courseId: 1, ownerId: 1, name: 1 }, { unique: true });

export const SavedViewModel = mongoose.model('SavedView', savedViewSchema);

export function findSavedViews(courseId: string, ownerId: string): Promise<SavedView[]> {
  return SavedViewModel.find({ courseId, ownerId }).sort({ name: 1 }).lean<SavedView[]>();
}
