import mongoose, { Schema } from 'mongoose';
import type { Rule, Ruleset } from '../../domain/rules.ts';

/**
 * The rules of one course, every version kept: a flag names the version that raised it. Who may read it: everybody in the
 * course. Retention: with the course. A course without one uses its policy pack's.
 */
export interface StoredRuleset {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  version: number;
  rules: Rule[];
  setBy?: mongoose.Types.ObjectId;
  setAt: Date;
}

const rulesetSchema = new Schema<StoredRuleset>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    version: { type: Number, required: true },
    rules: { type: Schema.Types.Mixed, required: true },
    setBy: { type: Schema.Types.ObjectId },
    setAt: { type: Date, required: true },
  },
  { collection: 'rulesets' },
);
rulesetSchema.index({ courseId: 1, version: -1 }, { unique: true });

export const RulesetModel = mongoose.model('Ruleset', rulesetSchema);

/** The rules that apply now: the course's latest version, else the given default. */
export async function loadRuleset(courseId: string, fallback: Ruleset): Promise<Ruleset> {
  const stored = await RulesetModel.findOne({ courseId }, { version: 1, rules: 1, _id: 0 })
    .sort({ version: -1 })
    .lean();
  return stored ? { version: stored.version, rules: stored.rules } : fallback;
}
