import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, parseConfig } from './config.ts';
import { importFields, importKinds, type ColumnMapping, type ImportKind } from './contracts/imports.ts';
import { connectDatabase } from './database/connect.ts';
import { findCourseByName } from './database/find-course.ts';
import { openDatabase } from './database/open-database.ts';
import { InvalidInput } from './errors.ts';
import { countPeopleOf, prepareDrop, writeDrop, type PreparedDrop } from './ingest/import-drop.ts';
import { writeImport, type ImportOptions } from './ingest/import-file.ts';
import { prepareImport } from './ingest/prepare-import.ts';
import { loadPolicyPack } from './policy/load-pack.ts';

const usage = `npm run import -- --kind ${importKinds.join('|')} [--course COURSE] [--column FIELD=NAME]… [--check] FILE…

Takes files in, each whole or not at all; the same file twice counts once. Without --course each row says in a column which
course it is about; rows of courses that never opened Waymark are left out. COURSE is the course's code, its id on the
platform, or its id here. --column says which column holds what: ${importFields.join(', ')}; without it the columns that
were last used, else a guess by their names. --check only says what is wrong, row by row. Ends with status 1 where a file was
refused.`;

interface Wanted {
  readonly kind: ImportKind;
  readonly course: string | undefined;
  readonly mapping: ColumnMapping | undefined;
  readonly isCheck: boolean;
  readonly files: readonly string[];
}

const mostNamed = 10;

const wanted = readArguments();
if (!wanted) {
  console.error(usage);
  process.exit(2);
}
process.exitCode = await run(wanted);

/** Undefined where they ask for nothing that can be done. */
function readArguments(): Wanted | undefined {
  try {
    const { values, positionals: files } = parseArgs({
      allowPositionals: true,
      options: {
        kind: { type: 'string' },
        course: { type: 'string' },
        column: { type: 'string', multiple: true },
        check: { type: 'boolean' },
      },
    });
    const kind = importKinds.find((candidate) => candidate === values.kind);
    const columns = (values.column ?? []).map((text) => {
      const [name, ...column] = text.split('=');
      return [importFields.find((field) => field === name), column.join('=')] as const;
    });
    if (!kind || files.length === 0 || columns.some(([field, column]) => !field || !column)) return undefined;
    const mapping = columns.length > 0 ? (Object.fromEntries(columns) as ColumnMapping) : undefined;
    return { kind, course: values.course, mapping, isCheck: values.check ?? false, files };
  } catch {
    return undefined;
  }
}

async function run({ files, course, ...how }: Wanted): Promise<number> {
  try {
    const config = parseConfig(process.env);
    const { retention } = loadPolicyPack(config.policyPack);
    const server = await openDatabase({ mongodbUri: config.mongodbUri, dataDir: config.dataDir });
    const database = await connectDatabase(server.uri);
    try {
      const courseId = course === undefined ? undefined : await findCourseByName(course);
      const options = {
        now: () => new Date(),
        keptDays: retention.rawEventDays,
        unmatchedDays: retention.unmatchedDays,
      };
      let refused = 0;
      for (const name of files) if (!(await takeIn(name, courseId, how, options))) refused += 1;
      return refused > 0 ? 1 : 0;
    } finally {
      await database.close();
      await server.close();
    }
  } catch (error) {
    console.error(error instanceof ConfigError || error instanceof InvalidInput ? error.message : describe(error));
    return 1;
  }
}

async function takeIn(
  name: string,
  courseId: string | undefined,
  { kind, mapping, isCheck }: Pick<Wanted, 'kind' | 'mapping' | 'isCheck'>,
  options: ImportOptions,
): Promise<boolean> {
  const refuse = (message: string) => {
    console.error(`${name}: ${message}`);
    return false;
  };
  try {
    const file = { kind, mapping, fileName: basename(name), bytes: await readFile(name) };
    const { parts, problems, leftOut } = courseId
      ? await readForCourse({ ...file, courseId }, options.now())
      : sayLeftOut(await prepareDrop(file, options.now()));
    for (const { row, column, message } of problems) {
      const place = [...(row > 0 ? [`row ${row}`] : []), ...(column ? [column] : [])].join(', ');
      console.error(`${name}: ${place && `${place}: `}${message}`);
    }
    if (problems.length > 0) return false;
    const rows = parts.reduce((sum, part) => sum + part.events.length, 0);
    if (rows === 0) return refuse(`nothing to import${leftOut}.`);
    const { people, waiting } = await countPeopleOf(parts);
    if (!isCheck) {
      if (courseId) await writeImport(parts[0]!, file, options);
      else await writeDrop(parts, file, options);
    }
    const courses = courseId ? '' : ` in ${parts.length} ${parts.length === 1 ? 'course' : 'courses'}`;
    const notYet = waiting > 0 ? `, ${waiting} not in the course yet` : '';
    const written = isCheck ? '; nothing written' : '';
    console.log(`${name}: ${rows} rows of ${people} people${courses}${notYet}${leftOut}${written}.`);
    return true;
  } catch (error) {
    if (error instanceof InvalidInput) return refuse(error.message);
    // A file that is not there: the others may be.
    if (isMissing(error)) return refuse('this file could not be opened.');
    throw error;
  }
}

async function readForCourse(file: Parameters<typeof prepareImport>[0], now: Date) {
  const prepared = await prepareImport(file, now);
  const { rowsElsewhere } = prepared;
  const leftOut = rowsElsewhere > 0 ? `; ${rowsElsewhere} rows about other courses were left out` : '';
  return { parts: [prepared], problems: prepared.problems, leftOut };
}

function sayLeftOut({ parts, problems, unknown }: PreparedDrop) {
  const rows = [...unknown.values()].reduce((sum, count) => sum + count, 0);
  const names = [...unknown.keys()];
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  const named = `${names.slice(0, mostNamed).join(', ')}${more}`;
  const leftOut = rows > 0 ? `; ${rows} rows about courses that never opened Waymark were left out (${named})` : '';
  return { parts, problems, leftOut };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EISDIR'].includes(String(error.code));
}

function describe(error: unknown): string {
  return `The import could not run: ${error instanceof Error ? error.message : 'unknown error'}`;
}
