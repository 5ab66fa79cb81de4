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
  /** When its writing or taking back last went on: one that stays behind was interrupted. */
  aliveAt: Date;
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
    aliveAt: { type: Date, required: true },
    importedBy: { type: Schema.Types.ObjectId },
  },
  { collection: 'imports', minimize: false },
);
importSchema.index({ courseId: 1, importedAt: -1, _id: -1 });

export const ImportModel = mongoose.model('Import', importSchema);

const silentAfterMs = 60_000;

/** Whether writing or taking back stopped on the way: the same file may be imported again, or the import taken back. */
export function isInterrupted({ state, aliveAt }: Pick<Import, 'state' | 'aliveAt'>, now: Date): boolean {
  return ['writing', 'undoing'].includes(state) && aliveAt.getTime() < now.getTime() - silentAfterMs;
}

/** The columns that were last used for files of this kind in this course. */
export async function recallMapping(courseId: string, kind: ImportKind): Promise<ColumnMapping | undefined> {
  const last = await ImportModel.findOne({ courseId, kind, state: 'done' }, { mapping: 1 })
    .sort({ importedAt: -1, _id: -1 })
    .lean<Import>();
  return last?.mapping;
}

/** The columns of the latest files of this kind, of whatever course, the latest first. */
export async function recallMappings(kind: ImportKind): Promise<ColumnMapping[]> {
  const latest = await ImportModel.find({ kind, state: 'done' }, { mapping: 1 })
    .sort({ importedAt: -1, _id: -1 })
    .limit(50)
    .lean<Import[]>();
  return latest.map(({ mapping }) => mapping);
}
