import mongoose, { Schema } from 'mongoose';

/**
 * From where on the raw events of one process may not be in the roll-ups yet. Written before the first of them is stored, so
 * that another process can take over where this one was killed. Who may read it: the intake. Retention: gone with the process.
 */
export interface IntakeState {
  /** One running process. */
  _id: string;
  /** Raw events that expire at this time or later may be missing from the roll-ups; null: none. */
  expiresFrom: Date | null;
  /** By the machine's clock: a process that no longer says so has died. */
  aliveAt: Date;
}

const intakeStateSchema = new Schema<IntakeState>(
  { _id: { type: String, required: true }, expiresFrom: Date, aliveAt: { type: Date, required: true } },
  { collection: 'intakestates' },
);
intakeStateSchema.index({ aliveAt: 1 });

export const IntakeStateModel = mongoose.model('IntakeState', intakeStateSchema);
