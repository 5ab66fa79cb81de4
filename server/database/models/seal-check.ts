import mongoose, { Schema } from 'mongoose';

/**
 * How many stored texts no configured key opened when all of them were last gone through. Who may read it: an administrator.
 * Retention: replaced by the next check.
 */
export interface SealCheck {
  _id: 'latest';
  unopened: number;
  checkedAt: Date;
}

const sealCheckSchema = new Schema<SealCheck>(
  { _id: { type: String, required: true }, unopened: { type: Number, required: true }, checkedAt: Date },
  { collection: 'sealchecks', versionKey: false },
);

const SealCheckModel = mongoose.model('SealCheck', sealCheckSchema);

export async function noteSealCheck(unopened: number, checkedAt: Date): Promise<void> {
  await SealCheckModel.updateOne({ _id: 'latest' }, { $set: { unopened, checkedAt } }, { upsert: true });
}

/** Null where nobody has gone through them yet. */
export function readSealCheck(): Promise<SealCheck | null> {
  return SealCheckModel.findById('latest').lean<SealCheck>();
}
