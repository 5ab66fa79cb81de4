import type { ColumnMapping, ImportKind, ImportProblem } from '../contracts/imports.ts';
import { CourseModel, type Course } from '../database/models/course.ts';
import { recallMapping } from '../database/models/import.ts';
import { InvalidInput, NotFound } from '../errors.ts';
import { guessColumns } from '../sources/csv/columns.ts';
import { mapRows } from '../sources/csv/map-rows.ts';
import { readTable, type Table } from '../sources/csv/read-table.ts';
import { UnreadableFile } from '../sources/csv/unreadable-file.ts';
import type { SourceEvent } from '../sources/source-event.ts';

export interface FileToImport {
  readonly courseId: string;
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly bytes: Buffer;
  /** Absent: the one that was used last, else a guess. */
  readonly mapping?: ColumnMapping | undefined;
  readonly importedBy?: string | undefined;
}

/** What a file says of one course. */
export interface PreparedImport {
  readonly course: Course;
  readonly mapping: ColumnMapping;
  readonly rows: number;
  readonly events: readonly SourceEvent[];
  readonly problems: readonly ImportProblem[];
}

/** Reads a file as a table. Throws InvalidInput for what is none. */
export async function readImportTable(bytes: Buffer): Promise<Table> {
  try {
    return await readTable(bytes);
  } catch (error) {
    if (error instanceof UnreadableFile) throw new InvalidInput({ file: error.message }, error.message);
    throw error;
  }
}

/**
 * Reads a file for one course. A row that names another course is none of this one's, whoever sends it: it is left out and
 * counted. Throws InvalidInput for what is no table.
 */
export async function prepareImport(
  file: FileToImport,
  now: Date,
): Promise<PreparedImport & { readonly columns: readonly string[]; readonly rowsElsewhere: number }> {
  const course = await CourseModel.findById(file.courseId).lean<Course>();
  if (!course) throw new NotFound();
  const table = await readImportTable(file.bytes);
  const remembered = file.mapping ?? (await recallMapping(file.courseId, file.kind));
  const mapping = file.mapping ?? withCourse(chooseMapping(table, file.kind, remembered), table, file.kind, course);
  const codes = courseCodes(table, mapping);
  const own = table.rows.filter((_row, index) => !codes?.[index] || isCalled(course, codes[index]));
  return {
    ...prepareRows(course, { ...table, rows: own }, file.kind, mapping, now),
    columns: table.columns,
    rowsElsewhere: table.rows.length - own.length,
  };
}

/** The columns that were used before where the file has them all, else a guess by their names. */
export function chooseMapping(table: Table, kind: ImportKind, remembered: ColumnMapping | undefined): ColumnMapping {
  const fits = remembered && Object.values(remembered).every((name) => table.columns.includes(name));
  return fits ? remembered : guessColumns(table.columns, kind);
}

/** The columns used last may be of a file that had none for the course: one that does name this course is not overlooked. */
function withCourse(mapping: ColumnMapping, table: Table, kind: ImportKind, course: Course): ColumnMapping {
  const guessed = { ...mapping, course: guessColumns(table.columns, kind).course };
  if (mapping.course !== undefined || guessed.course === undefined) return mapping;
  return courseCodes(table, guessed)?.some((code) => isCalled(course, code)) ? guessed : mapping;
}

/** What each row calls its course, empty where it does not say; undefined where no column names one. */
export function courseCodes(table: Table, mapping: ColumnMapping): readonly string[] | undefined {
  const position = mapping.course === undefined ? -1 : table.columns.indexOf(mapping.course);
  return position < 0 ? undefined : table.rows.map(({ cells }) => String(cells[position] ?? '').trim());
}

function isCalled({ label, contextId, sourcedId, title }: Course, code: string): boolean {
  return [label, contextId, sourcedId, title].some((name) => name?.trim().toLowerCase() === code.toLowerCase());
}

/** Turns rows, all of one course, into events. */
export function prepareRows(
  course: Course,
  table: Table,
  kind: ImportKind,
  mapping: ColumnMapping,
  now: Date,
): PreparedImport {
  const { events, problems } = mapRows(table, kind, mapping, {
    course: { contextId: course.contextId },
    timeZone: course.calendar.timeZone,
    now: now.getTime(),
  });
  return { course, mapping, rows: table.rows.length, events, problems };
}
