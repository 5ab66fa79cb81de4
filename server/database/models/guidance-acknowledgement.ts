import mongoose, { Schema } from 'mongoose';

/**
 * That a member of staff has read what the measures can and can't tell. Who may read it: the person; oversight as a number.
 * Retention: three years, by TTL, so that a yearly review can look back.
 */
export interface GuidanceAcknowledgement {
  _id: mongoose.Types.ObjectId;
  platformId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  /** Which wording was read. */
  version: string;
  at: Date;
  expiresAt: Date;
}

const acknowledgementSchema = new Schema<GuidanceAcknowledgement>(
  {
    platformId: { type: Schema.Types.ObjectId, required: true },
    personId: { type: Schema.Types.ObjectId, required: true },
    version: { type: String, required: true },
    at: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'guidanceacknowledgements' },
);
acknowledgementSchema.index({ personId: 1, at: -1 });
acknowledgementSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const GuidanceAcknowledgementModel = mongoose.model('GuidanceAcknowledgement', acknowledgementSchema);

export function findLastAcknowledgement(personId: string): Promise<GuidanceAcknowledgement | null> {
  return GuidanceAcknowledgementModel.findOne({ personId }).sort({ at: -1 }).lean<GuidanceAcknowledgement>();
}
