import mongoose, { Schema } from 'mongoose';
import type { ColumnMapping, ImportKind } from '../../contracts/imports.ts';

/**
 * One file that was taken in for a course, so that it can be undone and its columns be remembered. Who may read it: tutors of
 * the course. Retention: with the course. The file itself is not kept.
 */
export interface Import {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  kind: ImportKind;
  fileName: string;
  mapping: ColumnMapping;
  state: 'writing' | 'done' | 'undoing' | 'undone' | 'failed';
  rows: number;
  done: number;
  importedAt: Date;
  /** Absent for a nightly drop. */
  importedBy?: mongoose.Types.ObjectId;
}

const importSchema = new Schema<Import>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    kind: { type: String, required: true },
    fileName: { type: String, required: true },
    mapping: { type: Schema.Types.Mixed, required: true },
    state: { type: String, required: true },
    rows: { type: Number, required: true },
    done: { type: Number, default: 0 },
    importedAt: { type: Date, required: true },
    importedBy: { type: Schema.Types.ObjectId },
  },
  { collection: 'imports', minimize: false },
);
importSchema.index({ courseId: 1, importedAt: -1 });

export const ImportModel = mongoose.model('Import', importSchema);

/** The columns that were last used for files of this kind in this course. */
export async function recallMapping(courseId: string, kind: ImportKind): Promise<ColumnMapping | undefined> {
  const last = await ImportModel.findOne({ courseId, kind, state: 'done' }, { mapping: 1 })
    .sort({ importedAt: -1 })
    .lean<Import>();
  return last?.mapping;
}
