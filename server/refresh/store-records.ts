import mongoose from 'mongoose';
import { StudentRecordModel, type StudentRecord } from '../database/models/student-record.ts';
import type { PeopleMatch, RosterPerson } from '../sources/moodle/match-people.ts';
import type { StudentReading } from '../sources/moodle/reading-job.ts';
import { mergeSubmissions } from '../sources/moodle/submissions-of.ts';

export type KnownRecord = Pick<
  StudentRecord,
  'submissions' | 'completions' | 'notAsked' | 'lastAccessAt' | 'notFoundIn'
>;

/** What is stored of each student of a course as Moodle tells it, by person. */
export async function loadRecords(courseId: string): Promise<Map<string, KnownRecord>> {
  const fields = { personId: 1, submissions: 1, completions: 1, notAsked: 1, lastAccessAt: 1, notFoundIn: 1 };
  const records = await StudentRecordModel.find({ courseId }, fields).lean<StudentRecord[]>();
  return new Map(records.map(({ personId, ...record }) => [String(personId), record]));
}

/** Stores what was read of students. */
export async function storeRecords(
  courseId: string,
  students: readonly StudentReading[],
  known: {
    readonly match: PeopleMatch;
    readonly records: ReadonlyMap<string, KnownRecord>;
    readonly quizIds: ReadonlySet<string>;
  },
): Promise<void> {
  await write(
    students.flatMap(({ moodleId, submissions, completions, notAsked, lastAccessAt }) => {
      const personId = known.match.personByMoodleId.get(moodleId)!;
      const record = known.records.get(personId);
      const change: KnownRecord = {
        ...(submissions && { submissions: mergeSubmissions(record?.submissions, submissions, known.quizIds) }),
        ...(completions && { completions }),
        ...(notAsked && (notAsked.length > 0 || record?.notAsked) && { notAsked }),
        ...(lastAccessAt !== undefined && { lastAccessAt }),
      };
      if (record && !record.notFoundIn && isAsKnown(change, record)) return [];
      return [upsert(courseId, personId, { $set: change, $unset: { notFoundIn: 1 } })];
    }),
  );
}

/** Notes which students of a course are not among Moodle's people: nothing that is not read of them may count. */
export async function storeNotFound(
  courseId: string,
  people: readonly RosterPerson[],
  { moodleIdByPerson }: PeopleMatch,
  records: ReadonlyMap<string, KnownRecord>,
): Promise<void> {
  const notFound = people.filter(
    ({ personId }) => !moodleIdByPerson.has(personId) && !records.get(personId)?.notFoundIn,
  );
  await write(notFound.map(({ personId }) => upsert(courseId, personId, { $set: { notFoundIn: ['moodle'] } })));
}

async function write(writes: ReturnType<typeof upsert>[]): Promise<void> {
  if (writes.length > 0) {
    await StudentRecordModel.collection.bulkWrite(writes, { ordered: false, ignoreUndefined: true });
  }
}

function upsert(courseId: string, personId: string, update: { $set: KnownRecord; $unset?: { notFoundIn: 1 } }) {
  return {
    updateOne: {
      filter: { courseId: new mongoose.Types.ObjectId(courseId), personId: new mongoose.Types.ObjectId(personId) },
      update: { ...update, $setOnInsert: { pauses: [], corrections: [] } },
      upsert: true,
    },
  };
}

/** Nothing is written for a student of whom nothing changed, which is most of them most of the time. */
function isAsKnown(change: KnownRecord, known: KnownRecord): boolean {
  return (Object.keys(change) as (keyof KnownRecord)[]).every(
    (field) => JSON.stringify(change[field]) === JSON.stringify(known[field]),
  );
}
