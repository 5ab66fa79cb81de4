import type { ColumnMapping, ImportKind, ImportProblem } from '../contracts/imports.ts';
import { CourseModel, type Course } from '../database/models/course.ts';
import { recallMappings } from '../database/models/import.ts';
import type { Table } from '../sources/csv/read-table.ts';
import { countPeople, takeBackImport, writeImport, type ImportOptions } from './import-file.ts';
import { chooseMapping, courseCodes, prepareRows, readImportTable, type PreparedImport } from './prepare-import.ts';

export interface Drop {
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly bytes: Buffer;
  /** Absent: one that was used before for files of this kind, else a guess. */
  readonly mapping?: ColumnMapping | undefined;
}

export interface PreparedDrop {
  /** What the file says of each course that Waymark knows. */
  readonly parts: readonly PreparedImport[];
  /** What rows call courses that Waymark does not know, and how many rows do. */
  readonly unknown: ReadonlyMap<string, number>;
  readonly problems: readonly ImportProblem[];
}

/**
 * Reads a nightly file of many courses, each row of which names its own; writes nothing. Rows of courses that never opened
 * Waymark are left out and counted. Throws InvalidInput for what is no table.
 */
export async function prepareDrop({ kind, bytes, mapping: given }: Drop, now: Date): Promise<PreparedDrop> {
  const table = await readImportTable(bytes);
  const mapping = given ?? (await recallFitting(table, kind));
  const codes = courseCodes(table, mapping);
  if (!codes) {
    const message =
      'No column names the course of each row. Name the column, or the one course that the file is about.';
    return { parts: [], unknown: new Map(), problems: [{ row: 0, message }] };
  }
  const problems: ImportProblem[] = [];
  const complain = (row: number, message: string) => problems.push({ row, column: mapping.course, message });
  const rowsByCode = new Map<string, Table['rows'][number][]>();
  for (const [index, row] of table.rows.entries()) {
    const code = codes[index]!;
    const known = rowsByCode.get(code);
    if (!code) complain(row.number, 'No course is named.');
    else if (known) known.push(row);
    else rowsByCode.set(code, [row]);
  }
  const unknown = new Map<string, number>();
  const byCourse = new Map<string, { course: Course; rows: Table['rows'][number][] }>();
  for (const [code, rows] of rowsByCode) {
    const [course, another] = await findCourses(code);
    if (another) complain(rows[0]!.number, `Several courses are called ${code}: import them one by one.`);
    else if (!course) unknown.set(code, rows.length);
    else {
      const known = byCourse.get(course._id.toHexString());
      byCourse.set(course._id.toHexString(), { course, rows: [...(known?.rows ?? []), ...rows] });
    }
  }
  const parts = [...byCourse.values()].map(({ course, rows }) =>
    prepareRows(course, { ...table, rows: rows.sort((a, b) => a.number - b.number) }, kind, mapping, now),
  );
  // What is wrong with a column is said once, not once for each course.
  const byPlace = new Map(
    [...problems, ...parts.flatMap((part) => part.problems)].map((problem) => [JSON.stringify(problem), problem]),
  );
  return { parts, unknown, problems: [...byPlace.values()].sort((a, b) => a.row - b.row) };
}

async function recallFitting(table: Table, kind: ImportKind): Promise<ColumnMapping> {
  for (const mapping of await recallMappings(kind)) {
    if (mapping.course !== undefined && chooseMapping(table, kind, mapping) === mapping) return mapping;
  }
  return chooseMapping(table, kind, undefined);
}

async function findCourses(code: string): Promise<Course[]> {
  return CourseModel.find({ $or: [{ label: code }, { contextId: code }, { sourcedId: code }] })
    .limit(2)
    .lean<Course[]>();
}

/** Of how many people the courses' parts tell, and how many of them are not in their course. */
export async function countPeopleOf(parts: readonly PreparedImport[]): Promise<{ people: number; waiting: number }> {
  let [people, waiting] = [0, 0];
  for (const part of parts) {
    const counts = await countPeople(part);
    people += counts.people;
    waiting += counts.peopleNotFound;
  }
  return { people, waiting };
}

/**
 * Writes the parts of a drop, each as an import of its own course, so that its tutors see it and may take it back. Where one
 * fails, those before it are taken back and the error is thrown on.
 */
export async function writeDrop(
  parts: readonly PreparedImport[],
  drop: Pick<Drop, 'kind' | 'fileName'>,
  options: ImportOptions,
): Promise<void> {
  const written: { courseId: string; importId: string }[] = [];
  try {
    for (const part of parts) {
      written.push({ courseId: part.course._id.toHexString(), importId: await writeImport(part, drop, options) });
    }
  } catch (error) {
    for (const { courseId, importId } of written) await takeBackImport(courseId, importId, options.now());
    throw error;
  }
}
