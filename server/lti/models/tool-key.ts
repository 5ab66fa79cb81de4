import mongoose, { Schema } from 'mongoose';

/**
 * One of Waymark's own signing keys. Who may read it: `lti/` only; the public half is published at /lti/keys. Retention:
 * the private half until the key retires, the public half for the days after it in which a signature may still be checked.
 */
export interface ToolKey {
  /** The kid. */
  _id: string;
  publicPem: string;
  /** Sealed with context `tool-key:<kid>`. */
  sealedPrivatePem: string;
  /** Published from its creation, signs from here on: platforms keep a key set for hours. */
  signsFrom: Date;
  /** Set once a newer key signs; no longer published after `deletedFrom`. */
  deletedFrom?: Date | null;
  createdAt: Date;
  /** Set on the key that a process made because there was none: of several that start at once, one succeeds. */
  isFirst?: true;
}

const toolKeySchema = new Schema<ToolKey>(
  {
    _id: { type: String, required: true },
    publicPem: { type: String, required: true },
    sealedPrivatePem: { type: String, required: true },
    signsFrom: { type: Date, required: true },
    deletedFrom: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    isFirst: Boolean,
  },
  { collection: 'toolkeys', versionKey: false },
);
toolKeySchema.index({ isFirst: 1 }, { unique: true, partialFilterExpression: { isFirst: true } });
toolKeySchema.index({ deletedFrom: 1 }, { expireAfterSeconds: 0 });

export const ToolKeyModel = mongoose.model('ToolKey', toolKeySchema);
