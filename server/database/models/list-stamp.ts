import mongoose, { Schema } from 'mongoose';

/**
 * Counts every write of something that the support list of a course is made of, by whichever process, and remembers whom the
 * latest were about. It lets a process keep the list it built last and read again only whom a write was about. Who may
 * read it: nobody needs to. Retention: with the course.
 */
export interface ListStamp {
  readonly rev: number;
  /** One entry for each of the latest counts: a person's id, or null where a write was about more than a few. */
  readonly changed: readonly (string | null)[];
}

interface StoredStamp extends ListStamp {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
}

/** Which people of a course a reading is about; empty for all. */
export interface PersonFilter {
  readonly personId?: { readonly $in: string[] };
}

const remembered = 64;
/** From so many people on, reading the whole course again costs no more. */
const mostAtOnce = 32;

const stampSchema = new Schema<StoredStamp>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    rev: { type: Number, default: 0 },
    changed: { type: [String], default: [] },
  },
  { collection: 'liststamps' },
);
stampSchema.index({ courseId: 1 }, { unique: true });

const ListStampModel = mongoose.model('ListStamp', stampSchema);

/**
 * Call after the write and before answering, so that whoever wrote reads what they wrote. `personIds`: whom the write was
 * about; anybody in the course where that is not said.
 */
export async function stampList(courseId: unknown, personIds: readonly unknown[] = []): Promise<void> {
  if (courseId === undefined) return;
  const known = personIds.length > 0 && personIds.length <= mostAtOnce;
  const entries = known ? personIds.map(String) : [null];
  const change = { $inc: { rev: entries.length }, $push: { changed: { $each: entries, $slice: -remembered } } };
  try {
    await ListStampModel.updateOne({ courseId }, change, { upsert: true });
  } catch (error) {
    // Two processes made the first stamp in one moment; the number is there now, and may be counted up.
    if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== 11_000) throw error;
    await ListStampModel.updateOne({ courseId }, change);
  }
}

export async function readListStamp(courseId: string): Promise<ListStamp> {
  const stored = await ListStampModel.findOne({ courseId }, { _id: 0, rev: 1, changed: 1 }).lean<ListStamp>();
  return { rev: stored?.rev ?? 0, changed: stored?.changed ?? [] };
}

/** Whom the writes since an earlier count were about; undefined where that may be anybody. */
export function findChangedSince({ rev, changed }: ListStamp, earlier: number): string[] | undefined {
  const writes = rev - earlier;
  if (writes < 0 || writes > changed.length) return undefined;
  const since = writes === 0 ? [] : changed.slice(-writes);
  return since.includes(null) ? undefined : [...new Set(since as string[])];
}

/** Makes every write through a model of this schema stamp the list of its course; nobody has to remember to. */
export function stampsTheList<Stored>(schema: Schema<Stored>): void {
  schema.post(['updateOne', 'updateMany'], async function () {
    const { courseId, personId } = this.getFilter() as { courseId?: unknown; personId?: unknown };
    await stampList(courseId, isOnePerson(personId) ? [personId] : []);
  });
  schema.post('findOneAndUpdate', async function (written: unknown) {
    const { courseId } = this.getFilter() as { courseId?: unknown };
    const personId = (written as { personId?: unknown } | null)?.personId;
    await stampList(courseId, isOnePerson(personId) ? [personId] : []);
  });
  schema.post('save', async (document) => {
    const { courseId, personId } = document as { courseId?: unknown; personId?: unknown };
    await stampList(courseId, [personId]);
  });
  schema.post('insertMany', async (documents: unknown) => {
    const written = documents as { courseId?: unknown; personId?: unknown }[];
    await stampList(
      written[0]?.courseId,
      written.map(({ personId }) => personId),
    );
  });
}

/** A filter may hold an id or a condition on it. */
function isOnePerson(personId: unknown): boolean {
  return typeof personId === 'string' || personId instanceof mongoose.Types.ObjectId;
}
