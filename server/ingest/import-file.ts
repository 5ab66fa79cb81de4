import type { ImportKind, ImportPreview } from '../contracts/imports.ts';
import { CourseModel } from '../database/models/course.ts';
import { touchCourse } from '../database/models/course-state.ts';
import { FreshnessModel } from '../database/models/freshness.ts';
import { ImportModel, type Import } from '../database/models/import.ts';
import type { SourceTopic } from '../domain/facts.ts';
import { Conflict, InvalidInput, NotFound } from '../errors.ts';
import { createPeopleIndex, personKey } from './people-index.ts';
import { prepareImport, type FileToImport, type PreparedImport } from './prepare-import.ts';
import { receiveRows } from './receive-rows.ts';
import { undoImport } from './undo-import.ts';

export interface ImportOptions {
  readonly now: () => Date;
  readonly keptDays: number;
  readonly unmatchedDays?: number | undefined;
}

const mostProblemsListed = 200;
const eventsAtOnce = 500;

/** Shows what an import would do, and every problem by row; writes nothing. Throws InvalidInput for what is no table. */
export async function previewImport(file: FileToImport, now: Date): Promise<ImportPreview> {
  const prepared = await prepareImport(file, now);
  const { mapping, rows, rowsElsewhere, events, problems, columns } = prepared;
  return {
    columns: [...columns],
    mapping,
    rows,
    rowsElsewhere,
    ...(await countPeople(prepared)),
    problems: problems.slice(0, mostProblemsListed),
    hasMoreProblems: problems.length > mostProblemsListed,
    mayImport: problems.length === 0 && events.length > 0,
  };
}

/** Of how many people a file tells, and how many of them are not in the course. */
export async function countPeople({
  course,
  events,
}: PreparedImport): Promise<{ people: number; peopleNotFound: number }> {
  const refs = new Map(events.flatMap(({ person }) => (person ? [[personKey(person), person] as const] : [])));
  const index = createPeopleIndex();
  const found = await index.findPeople(String(course.platformId), course._id.toHexString(), [...refs.values()]);
  return { people: refs.size, peopleNotFound: refs.size - found.size };
}

/**
 * Takes a file in, whole or not at all, and returns the id of the import. A file with any problem is refused with InvalidInput;
 * where the database fails on the way, what was written is taken back.
 */
export async function importFile(
  file: FileToImport,
  options: ImportOptions,
): Promise<{ importId: string; rows: number }> {
  const prepared = await prepareImport(file, options.now());
  const [first] = prepared.problems;
  if (first || prepared.events.length === 0) {
    const none = prepared.rowsElsewhere > 0 ? 'No row of this file is about this course.' : 'The file holds no rows.';
    const message = first ? `Row ${first.row}: ${first.message} Nothing was imported.` : none;
    throw new InvalidInput({ file: message }, message);
  }
  const importId = await writeImport(prepared, file, options);
  return { importId, rows: prepared.events.length };
}

/** Writes what was found sound; where the database fails on the way, what was written is taken back. */
export async function writeImport(
  { course, mapping, events }: PreparedImport,
  { kind, fileName, importedBy }: Pick<FileToImport, 'kind' | 'fileName' | 'importedBy'>,
  { now, keptDays, unmatchedDays }: ImportOptions,
): Promise<string> {
  const courseId = course._id.toHexString();
  const started = await ImportModel.create({
    courseId: course._id,
    kind,
    fileName: fileName.slice(0, 200),
    mapping,
    state: 'writing',
    rows: events.length,
    importedAt: now(),
    aliveAt: now(),
    importedBy,
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
      };
      await receiveRows(delivery, started._id, course.calendar.timeZone, {
        people,
        now: now(),
        keptDays,
        unmatchedDays,
      });
      await noteProgress(started._id, { done: Math.min(events.length, start + eventsAtOnce), aliveAt: now() });
    }
    await noteProgress(started._id, { state: 'done', aliveAt: now() });
    await noteFiles(courseId);
    await touchCourse(courseId, now());
    return importId;
  } catch (error) {
    await undoImport(importId, course.calendar.timeZone);
    await ImportModel.updateOne(which, { $set: { state: 'failed' } });
    throw error;
  }
}

/** Throws Conflict where somebody has taken the import back while it was being written. */
async function noteProgress(
  _id: Import['_id'],
  progress: Pick<Import, 'aliveAt'> & Partial<Pick<Import, 'done' | 'state'>>,
): Promise<void> {
  const { matchedCount } = await ImportModel.updateOne({ _id, state: 'writing' }, { $set: progress });
  if (matchedCount === 0) throw new Conflict('This import was taken back while it was being written.');
}

/** Takes a whole import back, also one whose process died. Throws NotFound where this course has no such import. */
export async function takeBackImport(courseId: string, importId: string, now: Date): Promise<void> {
  const found = await ImportModel.findOneAndUpdate(
    { _id: importId, courseId, state: { $in: ['done', 'writing', 'undoing', 'failed'] } },
    { $set: { state: 'undoing', aliveAt: now } },
  ).lean();
  const course = await CourseModel.findById(courseId, { calendar: 1 }).lean();
  if (!found || !course) throw new NotFound();
  await undoImport(importId, course.calendar.timeZone);
  await ImportModel.updateOne({ _id: importId }, { $set: { state: 'undone' } });
  await noteFiles(courseId);
  await touchCourse(courseId, now);
}

const topicOfKind: Readonly<Record<ImportKind, readonly SourceTopic[]>> = {
  attendance: ['attendance'],
  'lecture-capture': ['lecture-capture'],
  meeting: [],
  'co-curricular': [],
};

/** How fresh the files of a course are: the latest that counts, and what all that count speak of. */
async function noteFiles(courseId: string): Promise<void> {
  const which = { courseId, source: 'file' as const };
  const imports = await ImportModel.find({ courseId, state: 'done' })
    .sort({ importedAt: -1, _id: -1 })
    .lean<Import[]>();
  const [latest] = imports;
  if (!latest) {
    await FreshnessModel.deleteOne(which);
    return;
  }
  const { rows, aliveAt } = latest;
  const speaksOf = [...new Set(imports.flatMap(({ kind }) => topicOfKind[kind]))];
  await FreshnessModel.updateOne(
    which,
    {
      $set: {
        speaksOf,
        triedAt: aliveAt,
        okAt: aliveAt,
        failedBecause: null,
        counts: { read: rows, stored: rows, dropped: {} },
      },
      $setOnInsert: { notes: [], gaps: [], topics: {} },
    },
    { upsert: true },
  );
}
