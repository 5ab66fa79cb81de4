import type { ColumnMapping, ImportKind, ImportPreview, ImportProblem } from '../contracts/imports.ts';
import { CourseModel, type Course } from '../database/models/course.ts';
import { touchCourse } from '../database/models/course-state.ts';
import { FreshnessModel } from '../database/models/freshness.ts';
import { ImportModel, recallMapping } from '../database/models/import.ts';
import type { SourceTopic } from '../domain/facts.ts';
import { InvalidInput, NotFound } from '../errors.ts';
import { guessColumns } from '../sources/csv/columns.ts';
import { mapRows } from '../sources/csv/map-rows.ts';
import { readTable, UnreadableFile, type Table } from '../sources/csv/read-table.ts';
import type { SourceEvent } from '../sources/source-event.ts';
import { createPeopleIndex, personKey } from './people-index.ts';
import { receiveDeliveries } from './receive-events.ts';
import { undoImport } from './undo-import.ts';

export interface FileToImport {
  readonly courseId: string;
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly bytes: Buffer;
  /** Absent: the one that was used last, else a guess. */
  readonly mapping?: ColumnMapping | undefined;
  readonly importedBy?: string | undefined;
}

const mostProblemsListed = 200;
const eventsAtOnce = 500;

interface Prepared {
  readonly course: Course;
  readonly table: Table;
  readonly mapping: ColumnMapping;
  readonly events: readonly SourceEvent[];
  readonly problems: readonly ImportProblem[];
}

async function prepare(file: FileToImport, now: Date): Promise<Prepared> {
  const course = await CourseModel.findById(file.courseId).lean<Course>();
  if (!course) throw new NotFound();
  let table: Table;
  try {
    table = await readTable(file.bytes);
  } catch (error) {
    if (error instanceof UnreadableFile) throw new InvalidInput({ file: error.message }, error.message);
    throw error;
  }
  const remembered = file.mapping ?? (await recallMapping(file.courseId, file.kind));
  const fits = remembered && Object.values(remembered).every((name) => table.columns.includes(name));
  const guessed = guessColumns(table.columns, file.kind);
  const mapping = file.mapping ?? (fits ? remembered : guessed);
  const { events, problems } = mapRows(table, file.kind, mapping, {
    course: { contextId: course.contextId },
    timeZone: course.calendar.timeZone,
    now: now.getTime(),
  });
  return { course, table, mapping, events, problems };
}

/** Shows what an import would do, and every problem by row; writes nothing. Throws InvalidInput for what is no table. */
export async function previewImport(file: FileToImport, now: Date): Promise<ImportPreview> {
  const { course, table, mapping, events, problems } = await prepare(file, now);
  const refs = new Map(events.flatMap(({ person }) => (person ? [[personKey(person), person] as const] : [])));
  const found = await createPeopleIndex().findPeople(String(course.platformId), file.courseId, [...refs.values()]);
  return {
    columns: [...table.columns],
    mapping,
    rows: table.rows.length,
    people: refs.size,
    peopleNotFound: refs.size - found.size,
    problems: problems.slice(0, mostProblemsListed),
    hasMoreProblems: problems.length > mostProblemsListed,
    mayImport: problems.length === 0 && events.length > 0,
  };
}

/**
 * Takes a file in, whole or not at all, and returns the id of the import. A file with any problem is refused with InvalidInput;
 * where the database fails on the way, what was written is taken back.
 */
export async function importFile(
  file: FileToImport,
  { now, keptDays }: { now: () => Date; keptDays: number },
): Promise<{ importId: string; rows: number }> {
  const { course, mapping, events, problems } = await prepare(file, now());
  const [first] = problems;
  if (first || events.length === 0) {
    const message = first ? `Row ${first.row}: ${first.message} Nothing was imported.` : 'The file holds no rows.';
    throw new InvalidInput({ file: message }, message);
  }
  const started = await ImportModel.create({
    courseId: course._id,
    kind: file.kind,
    fileName: file.fileName.slice(0, 200),
    mapping,
    state: 'writing',
    rows: events.length,
    importedAt: now(),
    importedBy: file.importedBy,
  });
  const importId = started._id.toHexString();
  const which = { _id: started._id };
  try {
    const people = createPeopleIndex();
    for (let start = 0; start < events.length; start += eventsAtOnce) {
      const delivery = {
        platformId: String(course.platformId),
        source: 'file' as const,
        events: events.slice(start, start + eventsAtOnce),
        importId,
      };
      const [result] = await receiveDeliveries([delivery], { people, now: now(), keptDays });
      if (result?.status === 'rejected') throw result.reason;
      await ImportModel.updateOne(which, { $set: { done: Math.min(events.length, start + eventsAtOnce) } });
    }
    await noteFile(file.courseId, file.kind, now(), events.length);
    await ImportModel.updateOne(which, { $set: { state: 'done', done: events.length } });
    return { importId, rows: events.length };
  } catch (error) {
    await undoImport(importId, course.calendar.timeZone);
    await ImportModel.updateOne(which, { $set: { state: 'failed' } });
    throw error;
  }
}

/** Takes a whole import back. Throws NotFound where this course has no such import. */
export async function takeBackImport(courseId: string, importId: string, now: Date): Promise<void> {
  const found = await ImportModel.findOneAndUpdate(
    { _id: importId, courseId, state: { $in: ['done', 'writing', 'undoing', 'failed'] } },
    { $set: { state: 'undoing' } },
  ).lean();
  const course = await CourseModel.findById(courseId, { calendar: 1 }).lean();
  if (!found || !course) throw new NotFound();
  await undoImport(importId, course.calendar.timeZone);
  await ImportModel.updateOne({ _id: importId }, { $set: { state: 'undone' } });
  await touchCourse(courseId, now);
}

const topicOfKind: Readonly<Record<ImportKind, readonly SourceTopic[]>> = {
  attendance: ['attendance'],
  'lecture-capture': ['lecture-capture'],
  meeting: [],
  'co-curricular': [],
};

async function noteFile(courseId: string, kind: ImportKind, at: Date, rows: number): Promise<void> {
  await FreshnessModel.updateOne(
    { courseId, source: 'file' },
    {
      $set: { triedAt: at, okAt: at, failedBecause: null, counts: { read: rows, stored: rows, dropped: {} } },
      $addToSet: { speaksOf: { $each: [...topicOfKind[kind]] } },
      $setOnInsert: { notes: [], gaps: [], topics: {} },
    },
    { upsert: true },
  );
  await touchCourse(courseId, at);
}
