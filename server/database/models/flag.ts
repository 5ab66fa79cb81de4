import mongoose, { Schema } from 'mongoose';
import type { Flag } from '../../domain/flags.ts';
import { flagKinds, flagStates } from '../../domain/vocabulary.ts';
import { stampList, stampsTheList } from './list-stamp.ts';

/**
 * An invitation to look, with its evidence and its life. Who may read it: the student it is about; staff of the course.
 * Retention: with the enrolment. `rev` guards concurrent changes: the data and two tutors may change a flag in the same
 * moment, and none may overwrite another unseen.
 */
export interface StoredFlag extends Omit<Flag, 'personId'> {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  rev: number;
}

const flagSchema = new Schema<StoredFlag>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    personId: { type: Schema.Types.ObjectId, required: true },
    kind: { type: String, enum: flagKinds, required: true },
    openedAt: { type: Number, required: true },
    state: { type: String, enum: flagStates, required: true },
    rulesetVersion: { type: Number, required: true },
    evidence: { type: Schema.Types.Mixed, required: true },
    further: { type: Schema.Types.Mixed, default: [] },
    history: { type: Schema.Types.Mixed, default: [] },
    clearedAt: Number,
    follows: Number,
    rev: { type: Number, default: 0 },
  },
  { collection: 'flags', minimize: false },
);
flagSchema.index({ courseId: 1, personId: 1, kind: 1, openedAt: 1 }, { unique: true });
// The flag list of a course: by state, the longest waiting first.
flagSchema.index({ courseId: 1, state: 1, openedAt: 1 });

stampsTheList(flagSchema);

export const FlagModel = mongoose.model('Flag', flagSchema);

/** The plain flag of a stored one. */
export function toFlag(stored: StoredFlag): Flag {
  const { _id, courseId: _courseId, personId, rev: _rev, ...rest } = stored;
  return { ...rest, personId: personId.toHexString() };
}

/** A flag as it is to be kept; `rev` is the revision it was read with, undefined for a new one. */
export interface FlagChange {
  readonly flag: Flag;
  readonly rev: number | undefined;
}

const atOnce = 20;

/**
 * The one writer of flags: stores each as it is now and stamps the list of the course once. Says of each, in their order,
 * whether it was stored; false where somebody changed it meanwhile (or it exists already).
 */
export async function storeFlags(courseId: string, changes: readonly FlagChange[]): Promise<boolean[]> {
  const stored: boolean[] = [];
  try {
    for (let from = 0; from < changes.length; from += atOnce) {
      const chunk = changes.slice(from, from + atOnce);
      stored.push(...(await Promise.all(chunk.map((change) => storeFlag(courseId, change)))));
    }
  } finally {
    // Even where one of them could not be written: others may have been.
    if (changes.length > 0)
      await stampList(
        courseId,
        changes.map(({ flag }) => flag.personId),
      );
  }
  return stored;
}

/** Past mongoose's hooks, which would stamp the list for every single flag of a computation. */
async function storeFlag(courseId: string, { flag, rev }: FlagChange): Promise<boolean> {
  const { personId, kind, openedAt, clearedAt, follows, ...rest } = flag;
  const { ObjectId } = mongoose.Types;
  const key = { courseId: new ObjectId(courseId), personId: new ObjectId(personId), kind, openedAt };
  const optional = { ...(clearedAt !== undefined && { clearedAt }), ...(follows !== undefined && { follows }) };
  if (rev === undefined) {
    try {
      await FlagModel.collection.insertOne(
        { _id: new ObjectId(), ...key, ...rest, ...optional, rev: 0 },
        {
          ignoreUndefined: true,
        },
      );
      return true;
    } catch (error) {
      if (error instanceof mongoose.mongo.MongoServerError && error.code === 11_000) return false;
      throw error;
    }
  }
  const { matchedCount } = await FlagModel.collection.updateOne(
    { ...key, rev },
    {
      $set: { ...rest, ...optional },
      ...(clearedAt === undefined && { $unset: { clearedAt: 1 } }),
      $inc: { rev: 1 },
    },
    { ignoreUndefined: true },
  );
  return matchedCount === 1;
}
