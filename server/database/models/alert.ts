import mongoose, { Schema } from 'mongoose';

/**
 * On a joint programme, the word from the contributing school to the home school, which owns the contact. Who may read it:
 * staff of the course who may see individuals; the student sees that, when and to whom. Retention: with the enrolment.
 * Texts are sealed (`alert:<id>:need`, `alert:<id>:answer`). Waymark keeps the word; a person sends it.
 */
export interface Alert {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  /** Set where it was chosen from the institution's list. */
  schoolId?: string;
  /** Which school, in words, and whom there. */
  school: string;
  contact: string;
  sealedNeed: string;
  sentById: mongoose.Types.ObjectId;
  sentAt: Date;
  sealedAnswer?: string;
  answerById?: mongoose.Types.ObjectId;
  answeredAt?: Date;
  rev: number;
}

const id = { type: Schema.Types.ObjectId, required: true } as const;
const alertSchema = new Schema<Alert>(
  {
    courseId: id,
    personId: id,
    schoolId: String,
    school: { type: String, required: true },
    contact: { type: String, required: true },
    sealedNeed: { type: String, required: true },
    sentById: id,
    sentAt: { type: Date, required: true },
    sealedAnswer: String,
    answerById: Schema.Types.ObjectId,
    answeredAt: Date,
    rev: { type: Number, default: 0 },
  },
  { collection: 'alerts' },
);
alertSchema.index({ courseId: 1, personId: 1, sentAt: -1 });
alertSchema.index({ courseId: 1, sentAt: -1 });

export const AlertModel = mongoose.model('Alert', alertSchema);

export function findAlertsOf(courseId: string, personId: string): Promise<Alert[]> {
  return AlertModel.find({ courseId, personId }).sort({ sentAt: -1 }).lean<Alert[]>();
}

/** The latest alerts of a course, newest first. */
export function findLatestAlerts(courseId: string, limit: number): Promise<Alert[]> {
  return AlertModel.find({ courseId }).sort({ sentAt: -1 }).limit(limit).lean<Alert[]>();
}

/** Writes the answer if nobody wrote since `rev`; null where somebody did, or the record is not of this course. */
export function updateAlert(
  where: { courseId: string; id: string; rev: number },
  change: { $set: object },
): Promise<Alert | null> {
  return AlertModel.findOneAndUpdate(
    { _id: where.id, courseId: where.courseId, rev: where.rev },
    { ...change, $inc: { rev: 1 } },
    { returnDocument: 'after' },
  ).lean<Alert>();
}
