import mongoose, { Schema } from 'mongoose';

/**
 * A number that grows whenever something that the support list of a course is made of was written, by whichever process. It
 * lets a process keep the list it built last. Who may read it: nobody needs to. Retention: with the course.
 */
interface ListStamp {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  rev: number;
}

const stampSchema = new Schema<ListStamp>(
  { courseId: { type: Schema.Types.ObjectId, required: true }, rev: { type: Number, default: 0 } },
  { collection: 'liststamps' },
);
stampSchema.index({ courseId: 1 }, { unique: true });

const ListStampModel = mongoose.model('ListStamp', stampSchema);

/** Call after the write and before answering, so that whoever wrote reads what they wrote. */
export async function stampList(courseId: unknown): Promise<void> {
  if (courseId === undefined) return;
  try {
    await ListStampModel.updateOne({ courseId }, { $inc: { rev: 1 } }, { upsert: true });
  } catch (error) {
    // Two processes made the first stamp in one moment; the number is there now, and may be counted up.
    if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== 11_000) throw error;
    await ListStampModel.updateOne({ courseId }, { $inc: { rev: 1 } });
  }
}

export async function readListStamp(courseId: string): Promise<number> {
  return (await ListStampModel.findOne({ courseId }, { rev: 1 }).lean())?.rev ?? 0;
}

/** Makes every write of single records through a model of this schema stamp the list of its course. */
export function stampsTheList<Stored>(schema: Schema<Stored>): void {
  schema.post(['updateOne', 'findOneAndUpdate'], async function () {
    await stampList((this.getFilter() as { courseId?: unknown }).courseId);
  });
  schema.post('save', async (document) => {
    await stampList((document as { courseId?: unknown }).courseId);
  });
  schema.post('insertMany', async (documents: unknown) => {
    const [first] = documents as { courseId?: unknown }[];
    await stampList(first?.courseId);
  });
}
