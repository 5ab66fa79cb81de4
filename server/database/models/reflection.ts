import mongoose, { Schema } from 'mongoose';
import type { IsoWeek } from '../../domain/activity.ts';
import type { Id } from '../connect.ts';
import type { Vault } from '../vault.ts';

/**
 * An entry of a student's journal. Who may read it: the student; while `sharedAt` is set, staff of the course who may see
 * individuals. Withdrawing unsets it, and then no staff reply, export or log holds it. Text is sealed in every case.
 * Retention: with the enrolment, or when the student deletes it. `rev` guards against an older tab.
 */
export interface StoredReflection {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  week: IsoWeek;
  /** The question that was shown, which is nobody's secret; absent for a free entry. */
  prompt?: string | null;
  sealedText: string;
  sharedAt?: Date | null;
  createdAt: Date;
  updatedAt: Date;
  rev: number;
}

const reflectionSchema = new Schema<StoredReflection>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    personId: { type: Schema.Types.ObjectId, required: true },
    week: { type: String, required: true },
    prompt: { type: String, default: null },
    sealedText: { type: String, required: true },
    sharedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    rev: { type: Number, default: 1 },
  },
  { collection: 'reflections' },
);
reflectionSchema.index({ courseId: 1, personId: 1, createdAt: -1 });

export const ReflectionModel = mongoose.model('Reflection', reflectionSchema);

/** What a reflection's text is bound to, so that it opens in no other record. */
export function reflectionSeal(id: Id): string {
  return `reflection:${id}`;
}

export interface SharedReflection {
  readonly id: Id;
  readonly week: IsoWeek;
  readonly prompt?: string | undefined;
  readonly text: string;
  readonly sharedAt: Date;
}

/** What a student has chosen to share and not withdrawn, newest first: all that staff ever see of a journal. */
export async function listSharedReflections(
  { courseId, personId }: { courseId: Id; personId: Id },
  vault: Vault,
): Promise<SharedReflection[]> {
  const shared = await ReflectionModel.find({ courseId, personId, sharedAt: { $type: 'date' } })
    .sort({ createdAt: -1 })
    .lean<StoredReflection[]>();
  return shared.flatMap(({ _id, week, prompt, sealedText, sharedAt }) =>
    sharedAt
      ? [
          {
            id: _id.toHexString(),
            week,
            ...(prompt && { prompt }),
            text: vault.read(sealedText, reflectionSeal(_id.toHexString())),
            sharedAt,
          },
        ]
      : [],
  );
}
